BeforeAll {
    . "$PSScriptRoot/Common.ps1"
    . "$PSScriptRoot/Sshd.ps1"
    $script:missing = Get-SshObstacle
    if ($missing) { return }
    $script:sshd = Open-Sshd -Program @{ reboot = 'echo "$*" >>"$HOME/reboots"'; systemctl = 'echo "$*" >>"$HOME/reboots"' }
    $script:file = New-HostLab $sshd -Hosts "  gone: { address: 127.0.0.1, ssh: { user: nobody, port: 1, hostKey: `"$($sshd.HostKey)`", key: `"file:$($sshd.Key)`" } }"
    $null = Connect-Hl $file
}

AfterAll {
    Close-Sshd $sshd
}

Describe '<cmdlet>' -ForEach @(
    @{ cmdlet = 'Get-HlHost'; type = 'HostSystem' }
    @{ cmdlet = 'Get-HlHostDisk'; type = 'HostDisk' }
    @{ cmdlet = 'Get-HlHostMemory'; type = 'HostMemory' }
    @{ cmdlet = 'Get-HlHostMount'; type = 'HostMount' }
) {
    BeforeAll {
        $script:class = "Homelab.PowerShell.$($cmdlet -replace '-')Command"
    }

    BeforeEach {
        if ($missing) { Set-ItResult -Skipped -Because $missing }
    }

    It 'asks the host, given <as>' -ForEach @(
        @{ as = 'by position'; call = { & $cmdlet dev } }
        @{ as = 'by its other name, as a pattern'; call = { & $cmdlet -HostName d* } }
        @{ as = 'by what another told of it'; call = { Get-HlHostMemory dev | & $cmdlet } }
    ) {
        $told = @(& $call)
        $told | Should -Not -BeNullOrEmpty
        $told | Should -BeOfType ([type] "Homelab.$type")
        $told.Host | Sort-Object -Unique | Should -Be 'dev'
    }

    It 'tells of those that answer, and then of the one that does not' {
        $told = & $cmdlet -ErrorAction SilentlyContinue -ErrorVariable failed
        $told.Host | Sort-Object -Unique | Should -Be 'dev'
        $failed | Should -HaveCount 1
        $failed[0].FullyQualifiedErrorId | Should -Be "SshUnreachable,$class"
        $failed[0].CategoryInfo.Category | Should -Be 'ResourceUnavailable'
    }

    It 'says of a name that the lab has no such host, and goes on; of a pattern it says nothing' {
        $told = 'dve', 'dev' | & $cmdlet -ErrorAction SilentlyContinue -ErrorVariable failed
        $told.Host | Sort-Object -Unique | Should -Be 'dev'
        $failed.FullyQualifiedErrorId | Should -Be "HostNotFound,$class"
        "$failed" | Should -BeLike "*dev*"
        & $cmdlet nosuch* -ErrorAction Stop | Should -BeNullOrEmpty
    }
}

Describe 'What a host tells' {
    BeforeEach {
        if ($missing) { Set-ItResult -Skipped -Because $missing }
    }

    It 'is what its kernel tells' {
        $system = Get-HlHost dev
        $system.Kernel | Should -Be (Get-Content /proc/sys/kernel/osrelease)
        $system.BootId | Should -Be (Get-Content /proc/sys/kernel/random/boot_id)
        $system.Cpus | Should -BeGreaterThan 0
        $system.Uptime | Should -BeGreaterThan ([timespan]::Zero)
        (Get-HlHostMemory dev).Total | Should -Be $system.MemoryTotal
        ((Get-HlHostDisk dev) | Where-Object Mount -eq /).Size | Should -Be ([IO.DriveInfo] '/').TotalSize
        (Get-HlHostMount dev -All | Where-Object Mount -eq /proc).Type | Should -Be 'proc'
    }

    It 'is chosen from' {
        # A look at processes takes a second: these are the only ones.
        $processes = @(Get-HlHostMemory dev | Get-HlHostProcess -By Memory -First 3)
        $processes | Should -BeOfType ([Homelab.RunningProcess])
        $processes | Should -HaveCount 3
        $largest = $processes.Memory
        $largest | Should -Be ($largest | Sort-Object -Descending)
        $named = Get-HlHostProcess -HostName d* -Process sshd* -First 100000
        $named.Name | Sort-Object -Unique | Should -BeLike 'sshd*'
        $named.Pid | Should -Contain $sshd.Process.Id
        (Get-Caught { Get-HlHostProcess dev -First 0 }).CategoryInfo.Category | Should -Be 'InvalidArgument'
        (Get-Caught { Get-HlHostDisk dev -Patience 3 }).FullyQualifiedErrorId | Should -BeLike 'ParameterArgumentTransformationError,*'
    }

    It 'is its updates, where it has a tool that knows them' {
        $told = @(Get-HlHostUpdate dev -MaxAge 3650d -ErrorAction SilentlyContinue -ErrorVariable failed)
        if ($failed) {
            $failed | Should -HaveCount 1
            $failed[0].ErrorDetails.RecommendedAction | Should -Not -BeNullOrEmpty
        }
        if ($told) {
            $told | Should -BeOfType ([Homelab.HostUpdate])
            $told.Host | Sort-Object -Unique | Should -Be 'dev'
        }
    }
}

Describe 'Restart-HlHost' {
    BeforeEach {
        if ($missing) { Set-ItResult -Skipped -Because $missing }
    }

    AfterEach {
        "$($sshd.Home)/reboots" | Should -Not -Exist
    }

    It 'says under -WhatIf what it would do, to each, and that it is the machine that it runs on' {
        $said = Invoke-Shell "Connect-Hl '$file' | Out-Null; Get-HlHost dev | Restart-HlHost -WhatIf"
        $said.Output | Should -BeLike '*What if: Performing the operation "Restart host" on target "dev".*'
        $said.Output | Should -BeLike '*second confirmation*the machine that this program runs on*'
    }

    It 'does not restart that without somebody who says so twice, whatever -Force says' {
        $session = Open-Session
        try {
            $said = Invoke-InSession $session { param($file) $null = Connect-Hl $file; Restart-HlHost dev -Force } $file
            $said.Errors | Should -HaveCount 1
            $said.Errors[0].FullyQualifiedErrorId | Should -Be 'ConfirmationNeeded,Homelab.PowerShell.RestartHlHostCommand'
            $said.Errors[0].TargetObject | Should -Be 'dev'
        } finally {
            Close-Session $session
        }
    }

    It 'leaves one alone that is not reached, or not in the lab' {
        $null = 'gone', 'nosuch' | Restart-HlHost -Force -ErrorAction SilentlyContinue -ErrorVariable failed
        $failed.FullyQualifiedErrorId | Should -Be 'SshUnreachable,Homelab.PowerShell.RestartHlHostCommand', 'HostNotFound,Homelab.PowerShell.RestartHlHostCommand'
    }
}

Describe 'Names of hosts' {
    BeforeEach {
        if ($missing) { Set-ItResult -Skipped -Because $missing }
    }

    It 'are offered for <line>' -ForEach @(
        foreach ($line in 'Get-HlHost ', 'Get-HlHostDisk -Host ', 'Invoke-HlCommand uptime ', 'Test-HlCommand uptime -HostName ', 'Get-HlUnit nginx ', 'Restart-HlUnit nginx -Host ', 'Get-HlJournal ', 'Restart-HlHost ', 'Register-HlHostKey ', 'Install-HlSshKey ', 'Test-HlHost ') { @{ line = $line } }
    ) {
        (Complete-Line $line).CompletionText | Should -Be 'dev', 'gone'
    }
}
