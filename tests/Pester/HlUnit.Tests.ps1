# Units behind a real sshd. systemctl and journalctl are stand-ins that keep their units in files: a real systemd is in the system tests, in a container of its own.
BeforeAll {
    . "$PSScriptRoot/Common.ps1"
    . "$PSScriptRoot/Sshd.ps1"
    $script:missing = Get-SshObstacle
    if (-not $missing) { $script:missing = Get-SshObstacle -Systemd }
    if ($missing) { return }
    $systemctl = @'
cd "$HOME/units" || exit 1
echo "$*" >>../systemctl.log
verb=$1
for last; do :; done
case $verb in
show) for unit in $last; do cat "$unit" 2>/dev/null || printf 'Id=%s\nActiveState=inactive\nSubState=dead\nLoadState=not-found\n' "$unit"; echo; done ;;
is-system-running) echo running ;;
restart)
    to=active sub=running
    [ "$last" != dying.service ] || to=failed sub=failed
    sed "s/^InvocationID=.*/InvocationID=$(tr -d - </proc/sys/kernel/random/uuid)/; s/^ActiveState=.*/ActiveState=$to/; s/^SubState=.*/SubState=$sub/" "$last" >../new && mv ../new "$last" ;;
esac
'@
    $journalctl = @'
echo "$*" >>"$HOME/journalctl.log"
cat "$HOME/journal"
'@
    $script:sshd = Open-Sshd -Systemd -Program @{ systemctl = $systemctl; journalctl = $journalctl }
    $null = New-Item "$($sshd.Home)/units" -ItemType Directory
    foreach ($unit in @(
            @{ name = 'nginx.service'; state = 'active'; sub = 'running'; says = 'A web server' }
            @{ name = 'safe.service'; state = 'active'; sub = 'running'; says = 'Not to be touched' }
            @{ name = 'dying.service'; state = 'active'; sub = 'running'; says = 'Dies soon' }
            @{ name = 'broken.service'; state = 'failed'; sub = 'failed'; says = 'Has failed' }
            @{ name = 'nightly.timer'; state = 'active'; sub = 'waiting'; says = 'Rings' }
        )) {
        Set-Content "$($sshd.Home)/units/$($unit.name)" @"
Id=$($unit.name)
Description=$($unit.says)
ActiveState=$($unit.state)
SubState=$($unit.sub)
LoadState=loaded
UnitFileState=enabled
StateChangeTimestamp=Fri 2026-05-01 12:00:00 UTC
Result=$(if ($unit.state -eq 'failed') { 'exit-code' } else { 'success' })
Type=simple
MainPID=42
InvocationID=0123456789abcdef0123456789abcdef
"@
    }
    Set-Content "$($sshd.Home)/journal" @'
{"__REALTIME_TIMESTAMP":"1777636800000000","PRIORITY":"6","_SYSTEMD_UNIT":"nginx.service","SYSLOG_IDENTIFIER":"nginx","_PID":"42","MESSAGE":"started"}
{"__REALTIME_TIMESTAMP":"1777636801000000","PRIORITY":"3","_SYSTEMD_UNIT":"nginx.service","SYSLOG_IDENTIFIER":"nginx","_PID":"42","MESSAGE":"failed"}
'@
    $script:file = New-HostLab $sshd -Lines @'
policy:
  commands:
    - { name: restarts, run: [ systemctl, restart, { unit: "*" } ], on: [ "host:dev" ] }
    - { name: never, run: [ systemctl, restart, { unit: safe } ], on: [ "host:dev" ], verdict: deny, reason: it must stay up }
'@
    $null = Connect-Hl $file

    function Get-Restart {
        # What systemctl was told to restart.
        @(Get-Content "$($sshd.Home)/systemctl.log" -ErrorAction Ignore) -match '^restart'
    }
}

AfterAll {
    Close-Sshd $sshd
}

Describe 'Get-HlUnit' {
    BeforeEach {
        if ($missing) { Set-ItResult -Skipped -Because $missing }
    }

    It 'lists the services, one object each' {
        $units = @(Get-HlUnit)
        $units | Should -BeOfType ([Homelab.HostUnit])
        $units.Name | Should -Be 'broken.service', 'dying.service', 'nginx.service', 'safe.service'
        $units.Host | Sort-Object -Unique | Should -Be 'dev'
    }

    It 'chooses by <by>' -ForEach @(
        @{ by = 'failure'; call = { Get-HlUnit -Failed }; names = 'broken.service' }
        @{ by = 'state'; call = { Get-HlUnit -State Active -Host dev }; names = 'dying.service', 'nginx.service', 'safe.service' }
        @{ by = 'a pattern'; call = { Get-HlUnit n* }; names = 'nginx.service' }
        @{ by = 'a pattern, of every type'; call = { Get-HlUnit n* dev -Type * }; names = 'nginx.service', 'nightly.timer' }
        @{ by = 'a type'; call = { Get-HlUnit -Type timer -HostName d* }; names = 'nightly.timer' }
        @{ by = 'a pattern that fits none'; call = { Get-HlUnit nosuch* -ErrorAction Stop }; names = $null }
    ) {
        (& $call).Name | Sort-Object | Should -Be ($names | Sort-Object)
    }

    It 'shows one in detail, with its last lines, given <as>' -ForEach @(
        @{ as = 'by position'; call = { Get-HlUnit nginx dev } }
        @{ as = 'by parameter'; call = { Get-HlUnit -Unit nginx -Host dev } }
        @{ as = 'by the names that other modules use'; call = { Get-HlUnit -Name nginx.service -HostName dev } }
        @{ as = 'from the pipeline'; call = { 'nginx' | Get-HlUnit } }
        @{ as = 'from a list'; call = { Get-HlUnit ngi* | Get-HlUnit } }
        @{ as = 'from a row'; call = { [pscustomobject]@{ Unit = 'nginx'; Host = 'dev' } | Get-HlUnit } }
    ) {
        $unit = & $call
        $unit | Should -BeOfType ([Homelab.HostUnitDetail])
        "$unit" | Should -Be 'nginx.service@dev'
        $unit.MainPid | Should -Be 42
        $unit.Log.Message | Should -Be 'started', 'failed'
    }

    It 'says of a name that there is no such unit, and goes on' {
        $found = 'nosuch', 'nginx' | Get-HlUnit -HostName dev -ErrorAction SilentlyContinue -ErrorVariable failed
        $found.Name | Should -Be 'nginx.service'
        $failed | Should -HaveCount 1
        $failed[0].FullyQualifiedErrorId | Should -Be 'UnitNotFound,Homelab.PowerShell.Commands.GetHlUnitCommand'
        $failed[0].CategoryInfo.Category | Should -Be 'ObjectNotFound'
        $failed[0].TargetObject | Should -Be 'nosuch.service@dev'
        $failed[0].ErrorDetails.RecommendedAction | Should -BeLike '*Get-HlUnit*'
    }

    It 'refuses what is no name of a unit: <name>' -ForEach @(@{ name = '-H evil' }, @{ name = 'a;b' }, @{ name = '../x' }) {
        (Get-Caught { Get-HlUnit $name dev }).CategoryInfo.Category | Should -Be 'InvalidArgument'
    }

    It 'offers units that were seen' {
        $null = Get-HlUnit
        (Complete-Line 'Restart-HlUnit ngi').CompletionText | Should -BeLike 'nginx.service*'
    }
}

Describe 'Restart-HlUnit' {
    BeforeEach {
        if ($missing) { Set-ItResult -Skipped -Because $missing; return }
        Remove-Item "$($sshd.Home)/systemctl.log" -ErrorAction Ignore
    }

    It 'says under -WhatIf what it would do, and does it not' {
        Restart-HlUnit nginx dev -WhatIf
        Get-HlUnit nginx | Restart-HlUnit -WhatIf
        Get-Restart | Should -BeNullOrEmpty
    }

    It 'restarts a unit, given <as>, and returns nothing' -ForEach @(
        @{ as = 'by position'; call = { Restart-HlUnit nginx dev -Settle 0s } }
        @{ as = 'by parameter'; call = { Restart-HlUnit -Unit nginx.service -HostName dev -Settle 0s } }
        @{ as = 'from the pipeline'; call = { 'nginx' | Restart-HlUnit -HostName dev -Settle 0s } }
        @{ as = 'as an object'; call = { Get-HlUnit nginx dev | Restart-HlUnit -Settle 0s } }
    ) {
        & $call | Should -BeNullOrEmpty
        Get-Restart | Should -Be 'restart nginx.service'
    }

    It 'returns it with -PassThru, started anew' {
        $before = Get-HlUnit nginx dev
        $after = Restart-HlUnit nginx dev -Settle 0s -PassThru
        $after | Should -BeOfType ([Homelab.HostUnitDetail])
        $after.State | Should -Be 'Active'
        $after.InvocationId | Should -Not -Be $before.InvocationId
    }

    It 'tells of one that does not stay up' {
        $caught = @(Get-Caught { Restart-HlUnit dying dev -Settle 0s })
        $caught | Should -HaveCount 1
        $caught[0].FullyQualifiedErrorId | Should -Be 'UnitNotActive,Homelab.PowerShell.RestartHlUnitCommand'
        $caught[0].CategoryInfo.Category | Should -Be 'InvalidResult'
        $caught[0].TargetObject | Should -Be 'dying.service@dev'
        $caught[0].ErrorDetails.RecommendedAction | Should -Be 'Run Get-HlJournal dev -Unit dying.service to see why.'
    }

    It 'leaves alone what the command policy denies, however it is spelled: <call>' -ForEach @(
        @{ call = { Restart-HlUnit safe dev } }
        @{ call = { Restart-HlUnit safe.service dev -Force } }
        @{ call = { Get-HlUnit safe | Restart-HlUnit -WhatIf } }
    ) {
        $caught = @(Get-Caught $call)
        $caught | Should -HaveCount 1
        $caught[0].FullyQualifiedErrorId | Should -Be 'CommandNotAllowed,Homelab.PowerShell.RestartHlUnitCommand'
        $caught[0].CategoryInfo.Category | Should -Be 'PermissionDenied'
        $caught[0].TargetObject | Should -Be 'safe.service@dev'
        "$caught" | Should -BeLike '*it must stay up*'
        Get-Restart | Should -BeNullOrEmpty
    }

    It 'needs a person where no rule speaks of it and nobody is there' {
        $without = New-HostLab $sshd
        $session = Open-Session
        try {
            $said = Invoke-InSession $session { param($file) $null = Connect-Hl $file -Unattended; Restart-HlUnit nginx dev } $without
        } finally {
            Close-Session $session
        }
        $said.Errors.FullyQualifiedErrorId | Should -Be 'ApprovalNeeded,Homelab.PowerShell.RestartHlUnitCommand'
        Get-Restart | Should -BeNullOrEmpty
    }

    It 'says what is not there, and goes on' {
        'nosuch', 'nginx' | Restart-HlUnit -HostName dev -Settle 0s -ErrorAction SilentlyContinue -ErrorVariable failed
        $failed.FullyQualifiedErrorId | Should -Be 'UnitNotFound,Homelab.PowerShell.RestartHlUnitCommand'
        Get-Restart | Should -Be 'restart nginx.service'
    }
}

Describe 'Get-HlJournal' {
    BeforeEach {
        if ($missing) { Set-ItResult -Skipped -Because $missing; return }
        Remove-Item "$($sshd.Home)/journalctl.log" -ErrorAction Ignore
    }

    It 'reads the journal of a host, given <as>' -ForEach @(
        @{ as = 'nothing'; call = { Get-HlJournal } }
        @{ as = 'by position'; call = { Get-HlJournal dev } }
        @{ as = 'by its other name'; call = { Get-HlJournal -HostName d* } }
        @{ as = 'from the pipeline'; call = { 'dev' | Get-HlJournal } }
        @{ as = 'a unit''s'; call = { Get-HlUnit nginx dev | Get-HlJournal } }
    ) {
        $entries = @(& $call)
        $entries | Should -BeOfType ([Homelab.JournalEntry])
        $entries.Message | Should -Be 'started', 'failed'
        $entries.Priority | Should -Be 'Info', 'Error'
        $entries[0].At | Should -Be ([DateTimeOffset]::new(2026, 5, 1, 12, 0, 0, [timespan]::Zero))
    }

    It 'asks for what is wanted and no more' {
        $null = Get-HlJournal dev -Unit nginx -Since 1h -Until 5m -Priority Error -Tail 7 -Grep 'a b' -Boot
        $asked = Get-Content "$($sshd.Home)/journalctl.log"
        $asked | Should -HaveCount 1
        foreach ($word in '--unit=nginx.service', '--lines=7', '--since=-3600s', '--until=-300s', '--priority=3', '--grep=a b', '--boot') { $asked | Should -BeLike "*$word*" }
    }

    It 'refuses <what>, before it asks' -ForEach @(
        @{ what = 'no lines'; call = { Get-HlJournal dev -Tail 0 }; category = 'InvalidArgument' }
        @{ what = 'a time without a unit'; call = { Get-HlJournal dev -Since 1 }; category = 'InvalidData' }
        @{ what = 'what is no unit'; call = { Get-HlJournal dev -Unit '-x y' }; category = 'InvalidArgument' }
    ) {
        $caught = @(Get-Caught $call)
        $caught | Should -HaveCount 1
        $caught[0].CategoryInfo.Category | Should -Be $category
        "$($sshd.Home)/journalctl.log" | Should -Not -Exist
    }
}

Describe 'A host without systemd' {
    It 'says so, of its units and of its journal' {
        if ($missing) { Set-ItResult -Skipped -Because $missing; return }
        if (Test-Path /run/systemd/system) { Set-ItResult -Skipped -Because 'this machine runs systemd'; return }
        $plain = Open-Sshd
        try {
            $null = Connect-Hl (New-HostLab $plain)
            foreach ($call in { Get-HlUnit }, { Get-HlUnit nginx dev }, { Get-HlJournal dev }) {
                $caught = @(Get-Caught $call)
                $caught | Should -HaveCount 1
                $caught[0].FullyQualifiedErrorId | Should -BeLike 'SystemdNotFound,*' -Because "$call"
                $caught[0].CategoryInfo.Category | Should -Be 'ObjectNotFound'
                $caught[0].ErrorDetails.RecommendedAction | Should -BeLike '*Invoke-HlCommand*'
            }
        } finally {
            Close-Sshd $plain
        }
    }
}
