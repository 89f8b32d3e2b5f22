BeforeAll {
    . "$PSScriptRoot/Common.ps1"
    . "$PSScriptRoot/Sshd.ps1"
    $script:missing = Get-SshObstacle
    if ($missing) { return }
    $script:sshd = Open-Sshd -Program @{ docker = 'echo "docker $*" >>"$HOME/docker.log"; [ "$2" != inspect ] || echo "aaaa /$5"'; mark = 'echo "$*" >>"$HOME/marks"' }
    # A host that nobody is at: nothing listens on port 1, and nothing will by chance.
    $script:file = New-HostLab $sshd -Hosts "  gone: { address: 127.0.0.1, ssh: { user: nobody, port: 1, hostKey: `"$($sshd.HostKey)`", key: `"file:$($sshd.Key)`" } }" -Lines @'
policy:
  protected: [ "container:safe@dev" ]
  commands:
    - { name: uptime, run: [ uptime ], on: [ "host:*" ], reads: true }
    - { name: say, run: [ printf, { like: "*" }, { like: "*", count: 0..3 } ], on: [ "tag:edge" ], reads: true }
    - { name: look, run: [ ls, { path: /etc } ], on: [ "host:dev" ], reads: true }
    - { name: fail, run: [ cat, /nosuch ], on: [ "host:dev" ], reads: true }
    - { name: wait, run: [ sleep, { number: 0..60 } ], on: [ "host:dev" ], reads: true, limits: { time: 30s } }
    - { name: web, run: [ docker, restart, { container: "*" } ], on: [ "host:dev" ] }
    - { name: mark, run: [ mark, { like: "*" } ], on: [ "host:dev" ], verdict: approve, reason: marks stay }
    - { name: never, run: [ mark, no ], on: [ "host:dev" ], verdict: deny, reason: nobody may }
'@
    $null = Connect-Hl $file
}

AfterAll {
    Close-Sshd $sshd
}

Describe 'Invoke-HlCommand' {
    BeforeEach {
        if ($missing) { Set-ItResult -Skipped -Because $missing }
    }

    It 'runs a command on a host, given <as>' -ForEach @(
        @{ as = 'by position'; call = { Invoke-HlCommand 'printf %s-%s a b' dev } }
        @{ as = 'by parameter'; call = { Invoke-HlCommand -Command 'printf %s-%s a b' -Host dev } }
        @{ as = 'with the host''s other name'; call = { Invoke-HlCommand 'printf %s-%s a b' -HostName dev } }
        @{ as = 'from the pipeline'; call = { 'printf %s-%s a b' | Invoke-HlCommand -HostName dev } }
        @{ as = 'with the host of a row'; call = { [pscustomobject]@{ Command = 'printf %s-%s a b'; Host = 'dev' } | Invoke-HlCommand } }
        @{ as = 'with words of their own'; call = { Invoke-HlCommand printf dev -Argument '%s-%s', a, b } }
        @{ as = 'with a host in capitals'; call = { Invoke-HlCommand 'printf %s-%s a b' DEV } }
    ) {
        $result = & $call
        $result | Should -BeOfType ([Homelab.HostCommandResult])
        $result.Output | Should -BeExactly 'a-b'
        $result.ExitCode | Should -Be 0
        $result.Host | Should -Be 'dev'
        $result.Words | Should -Be 'printf', '%s-%s', 'a', 'b'
        $result.Rule | Should -Be 'say'
    }

    It 'gives each word as it is, whatever a shell would make of it' {
        $words = '$HOME', '; id #', "it's `"so`" \ *"
        (Invoke-HlCommand printf dev -Argument (@('%s|') + $words)).Output | Should -BeExactly (($words -join '|') + '|')
    }

    It 'refuses what is no plain command, and says which character it is: <line>' -ForEach @(
        @{ line = 'uptime; mark a'; says = "*';' at character 7*" }
        @{ line = 'uptime | mark a'; says = "*'|' at character 8*" }
        @{ line = 'printf $(mark a)'; says = "*'`$(' at character 8*" }
        @{ line = "uptime`nmark a"; says = '*at character 7*' }
    ) {
        $caught = @(Get-Caught { Invoke-HlCommand $line dev })
        $caught | Should -HaveCount 1
        $caught[0].FullyQualifiedErrorId | Should -Be 'CommandNotAllowed,Homelab.PowerShell.InvokeHlCommandCommand'
        $caught[0].CategoryInfo.Category | Should -Be 'PermissionDenied'
        $caught[0].Exception.Message | Should -BeLike $says
        "$($sshd.Home)/marks" | Should -Not -Exist
    }

    It 'refuses what no rule allows, and names the rule that would: <line>' -ForEach @(
        @{ line = 'id'; target = 'dev'; way = '*policy.commands*run: `["id"`]*host:dev*' }
        @{ line = 'ls /etc/../root'; target = 'dev'; way = '*policy.commands*' }
        @{ line = 'mark no'; target = 'dev'; way = '*policy.commands*' }
    ) {
        $caught = @(Get-Caught { Invoke-HlCommand $line dev -Force })
        $caught | Should -HaveCount 1
        $caught[0].FullyQualifiedErrorId | Should -Be 'CommandNotAllowed,Homelab.PowerShell.InvokeHlCommandCommand'
        $caught[0].CategoryInfo.Category | Should -Be 'PermissionDenied'
        $caught[0].TargetObject | Should -Be $target
        $caught[0].ErrorDetails.RecommendedAction | Should -BeLike $way
        $caught[0].Exception.Kind | Should -Be ([Homelab.ErrorKind]::Denied)
        "$($sshd.Home)/marks" | Should -Not -Exist
    }

    It 'says what it would run under -WhatIf, and runs nothing' {
        $said = Invoke-Shell "Connect-Hl '$file' | Out-Null; Invoke-HlCommand 'mark a' dev -WhatIf"
        $said.Output | Should -BeLike '*What if: Performing the operation "Run mark a on" on target "dev".'
        $said.Errors | Should -BeNullOrEmpty
        "$($sshd.Home)/marks" | Should -Not -Exist
        (Get-Caught { Invoke-HlCommand 'mark no' dev -WhatIf }).FullyQualifiedErrorId | Should -BeLike 'CommandNotAllowed,*'
    }

    It 'asks a person where the rule wants one, and runs nothing where there is none' {
        $said = Invoke-Shell "Connect-Hl '$file' -Unattended | Out-Null; Invoke-HlCommand 'mark a' dev"
        $said.Errors | Should -BeLike '*needs a person''s approval*marks stay*Approve-HlApproval*'
        "$($sshd.Home)/marks" | Should -Not -Exist
    }

    It 'counts as a change of the container that it names' {
        $session = Open-Session
        try {
            $said = Invoke-InSession $session { param($file) $null = Connect-Hl $file; Invoke-HlCommand 'docker restart safe' dev -Force } $file
        } finally {
            Close-Session $session
        }
        $said.Errors.FullyQualifiedErrorId | Should -Be 'ConfirmationNeeded,Homelab.PowerShell.InvokeHlCommandCommand'
        $said.Errors[0].TargetObject | Should -Be 'safe@dev'
        # The stand-in was asked whom it means by that name, and for no more.
        Get-Content "$($sshd.Home)/docker.log" | Should -Not -Contain 'docker restart safe'
    }

    It 'tells a command that fails with its exit code, and returns it all the same where that is wanted' {
        $caught = @(Get-Caught { Invoke-HlCommand 'cat /nosuch' dev })
        $caught | Should -HaveCount 1
        $caught[0].FullyQualifiedErrorId | Should -Be 'CommandFailed,Homelab.PowerShell.InvokeHlCommandCommand'
        $caught[0].CategoryInfo.Category | Should -Be 'InvalidResult'
        $caught[0].Exception.Message | Should -BeLike '*exit code 1*/nosuch*'
        $result = Invoke-HlCommand 'cat /nosuch' dev -AllowFailure -ErrorAction Stop
        $result.ExitCode | Should -Be 1
        $result.Error | Should -BeLike '*/nosuch*'
    }

    It 'ends what takes too long' {
        $caught = @(Get-Caught { Invoke-HlCommand 'sleep 60' dev -Timeout 1s })
        $caught.FullyQualifiedErrorId | Should -Be 'CommandTimeout,Homelab.PowerShell.InvokeHlCommandCommand'
        $caught[0].CategoryInfo.Category | Should -Be 'OperationTimeout'
    }

    It 'keeps as much of the output as is wanted, and says so' {
        $result = Invoke-HlCommand 'printf 12345678' dev -MaxOutput 4
        $result.Output | Should -BeExactly '1234'
        $result.Truncated | Should -BeTrue
    }

    It 'says of a host that it is <what>, and goes on' -ForEach @(
        @{ what = 'not in the lab, with the nearest name'; name = 'dve'; id = 'HostNotFound'; category = 'ObjectNotFound'; says = '*dev*' }
        @{ what = 'not there'; name = 'gone'; id = 'SshUnreachable'; category = 'ResourceUnavailable'; says = '*nobody listens*hosts.gone.address*' }
    ) {
        $found = $name, 'dev' | ForEach-Object { [pscustomobject]@{ Command = 'uptime'; Host = $_ } } | Invoke-HlCommand -ErrorAction SilentlyContinue -ErrorVariable failed
        $found.Host | Should -Be 'dev'
        $failed | Should -HaveCount 1
        $failed[0].FullyQualifiedErrorId | Should -Be "$id,Homelab.PowerShell.InvokeHlCommandCommand"
        $failed[0].CategoryInfo.Category | Should -Be $category
        $failed[0].TargetObject | Should -Be $name
        "$($failed[0])" | Should -BeLike $says
    }

    It 'refuses <what>' -ForEach @(
        @{ what = 'a time without a unit'; call = { Invoke-HlCommand uptime dev -Timeout 5 }; id = 'ParameterArgumentTransformationError' }
        @{ what = 'a time out of range'; call = { Invoke-HlCommand uptime dev -Timeout 2h }; id = 'InputInvalid' }
        @{ what = 'no command'; call = { Invoke-HlCommand '' dev }; id = 'ParameterArgumentValidationError*' }
    ) {
        (Get-Caught $call).FullyQualifiedErrorId | Should -BeLike "$id,Homelab.PowerShell.InvokeHlCommandCommand"
    }

    It 'is written down with its words and its rule' {
        $null = Invoke-HlCommand 'printf written-down' dev
        $entries = Get-HlAudit -Operation ssh_run | Where-Object Target -Like '*printf written-down@dev'
        $entries.Kind | Should -Contain 'Outcome'
        "$($entries.Decision)" | Should -BeLike '*rule say says allow*'
    }
}

Describe 'Test-HlCommand' {
    BeforeEach {
        if ($missing) { Set-ItResult -Skipped -Because $missing }
    }

    It 'explains a command that is given <as>, and runs nothing' -ForEach @(
        @{ as = 'by position'; call = { Test-HlCommand 'mark a' -HostName dev } }
        @{ as = 'by parameter'; call = { Test-HlCommand -Command 'mark a' -HostName dev } }
        @{ as = 'from the pipeline'; call = { 'mark a' | Test-HlCommand -HostName dev } }
        @{ as = 'from a row'; call = { [pscustomobject]@{ Command = 'mark a'; Host = 'dev' } | Test-HlCommand } }
    ) {
        $reading = & $call
        $reading | Should -BeOfType ([Homelab.CommandReading])
        $reading.Verdict | Should -Be 'Approve'
        $reading.Rule | Should -Be 'mark'
        $reading.Words | Should -Be 'mark', 'a'
        $reading.Place | Should -Be 'host:dev'
        $reading.Reason | Should -BeLike '*marks stay'
        "$($sshd.Home)/marks" | Should -Not -Exist
    }

    It 'names the rule that was beaten by a narrower one' {
        $reading = Test-HlCommand 'mark no' -HostName dev
        $reading.Verdict | Should -Be 'Deny'
        $reading.Rule | Should -Be 'never'
        $reading.Others | Should -Be 'mark'
        $reading.WayOut | Should -BeLike '*policy.commands*'
    }

    It 'tells what it would be about: <line>' -ForEach @(
        @{ line = 'docker restart web'; target = 'container:web@dev' }
        @{ line = 'mark a'; target = 'host:dev' }
    ) {
        (Test-HlCommand $line -HostName dev).Target | Should -Be $target
    }

    It 'answers for another face' {
        (Test-HlCommand uptime -HostName dev -Face Mcp).Face | Should -Be 'Mcp'
        (Test-HlCommand uptime -HostName dev).Face | Should -Be 'Interactive'
    }

    It 'answers for <where>' -ForEach @(
        @{ where = 'a container'; call = { Test-HlCommand id -Container web@dev }; place = 'container:web@dev' }
        @{ where = 'a guest'; call = { Test-HlCommand id -Vm web@pve }; place = 'vm:web@pve' }
    ) {
        $reading = & $call
        $reading.Place | Should -Be $place
        $reading.Verdict | Should -Be 'Deny'
    }

    It 'wants one place: <what>' -ForEach @(
        @{ what = 'none is given'; call = { Test-HlCommand uptime } }
        @{ what = 'two are given'; call = { Test-HlCommand uptime -HostName dev -Container web@dev } }
    ) {
        $caught = @(Get-Caught $call)
        $caught | Should -HaveCount 1
        $caught[0].CategoryInfo.Category | Should -Be 'InvalidArgument'
    }

    It 'says true or false alone with -Quiet: <line> is <well>' -ForEach @(
        @{ line = 'uptime'; well = $true }
        @{ line = 'mark a'; well = $false }
        @{ line = 'uptime; id'; well = $false }
        @{ line = 'id'; well = $false }
    ) {
        Test-HlCommand $line -HostName dev -Quiet | Should -BeExactly $well
    }
}
