# The simulated engine has few programs: echo, cat, sleep, true and false. A real one runs commands in RealDocker.Tests.ps1.
BeforeAll {
    . "$PSScriptRoot/Common.ps1"
    $script:lab = Open-Lab
    $script:allowing = Copy-LabFile $lab 'policy:' @'
policy:
  commands:
    - { name: say, run: [ echo, { like: "*", count: 0..4 } ], on: [ "container:gitea@dev", "container:traefik@infra" ], reads: true }
    - { name: see, run: [ cat, /nosuch ], on: [ "container:gitea@dev" ], reads: true }
    - { name: wait, run: [ sleep, { number: 0..60 } ], on: [ "container:gitea@dev" ] }
    - { name: touch, run: [ "true" ], on: [ "container:*" ] }
    - { name: never, run: [ "false" ], on: [ "container:*" ], verdict: deny, reason: nobody may }
'@
    # Commands are for those who manage; who is unattended has the level of the schedule.
    Set-Content $allowing ((Get-Content $allowing -Raw) -replace 'schedule: operate', 'schedule: manage')
    $null = Connect-Hl $allowing
}

AfterAll {
    Close-Lab $lab
}

Describe 'Invoke-HlContainerCommand' {
    BeforeEach {
        $null = Invoke-Control $lab Post reset
    }

    It 'runs a command in the container that is given <as>' -ForEach @(
        @{ as = 'by position'; call = { Invoke-HlContainerCommand gitea@dev echo, a, b } }
        @{ as = 'by parameter'; call = { Invoke-HlContainerCommand -Container gitea -Command echo, a, b } }
        @{ as = 'by the name that other modules use'; call = { Invoke-HlContainerCommand -Name gitea -Command echo, a, b } }
        @{ as = 'from the pipeline'; call = { 'gitea@dev' | Invoke-HlContainerCommand -Command echo, a, b } }
        @{ as = 'as an object'; call = { Get-HlContainer gitea | Invoke-HlContainerCommand -Command echo, a, b } }
    ) {
        $result = & $call
        $result | Should -BeOfType ([Homelab.ContainerCommandResult])
        "$($result.Container)" | Should -Be 'gitea@dev'
        $result.Output | Should -BeExactly "a b`n"
        $result.ExitCode | Should -Be 0
    }

    It 'gives each word as it is: no shell reads it' {
        (Invoke-HlContainerCommand gitea@dev echo, '$HOME; id', '*').Output | Should -BeExactly "`$HOME; id *`n"
    }

    It 'runs nothing that no rule allows there: <call>' -ForEach @(
        @{ call = { Invoke-HlContainerCommand gitea@dev id } }
        @{ call = { Invoke-HlContainerCommand redis@dev echo, a -Force } }
        @{ call = { Invoke-HlContainerCommand gitea@dev false } }
        @{ call = { Get-HlContainer redis | Invoke-HlContainerCommand -Command echo, a -WhatIf } }
    ) {
        $caught = @(Get-Caught $call)
        $caught | Should -HaveCount 1
        $caught[0].FullyQualifiedErrorId | Should -Be 'CommandNotAllowed,Homelab.PowerShell.InvokeHlContainerCommandCommand'
        $caught[0].CategoryInfo.Category | Should -Be 'PermissionDenied'
        $caught[0].ErrorDetails.RecommendedAction | Should -BeLike '*policy.commands*'
        Get-Change $lab | Should -BeNullOrEmpty
    }

    It 'runs nothing under -WhatIf, and says what it would' {
        $said = Invoke-Shell "Connect-Hl '$allowing' | Out-Null; Invoke-HlContainerCommand gitea@dev sleep, 1 -WhatIf"
        $said.Output | Should -BeExactly 'What if: Performing the operation "Run sleep 1 in container" on target "gitea@dev".'
        Get-Change $lab | Should -BeNullOrEmpty
    }

    It 'asks a person where a rule does not speak of it: <what>' -ForEach @(
        @{ what = 'another user'; call = { Invoke-HlContainerCommand gitea@dev echo, a -User root } }
        @{ what = 'another folder'; call = { Invoke-HlContainerCommand gitea@dev echo, a -WorkingFolder /tmp } }
    ) {
        $session = Open-Session
        try {
            $said = Invoke-InSession $session ([scriptblock]::Create("param(`$file) `$null = Connect-Hl `$file -Unattended; $call")) $allowing
        } finally {
            Close-Session $session
        }
        $said.Errors.FullyQualifiedErrorId | Should -Be 'ApprovalNeeded,Homelab.PowerShell.InvokeHlContainerCommandCommand'
        Get-Change $lab | Should -BeNullOrEmpty
    }

    It 'protects a container from what changes it, and not from what only looks' {
        (Invoke-HlContainerCommand traefik@infra echo, a).ExitCode | Should -Be 0
        $session = Open-Session
        try {
            $said = Invoke-InSession $session { param($file) $null = Connect-Hl $file; Invoke-HlContainerCommand traefik@infra true -Force } $allowing
        } finally {
            Close-Session $session
        }
        $said.Errors.FullyQualifiedErrorId | Should -Be 'ConfirmationNeeded,Homelab.PowerShell.InvokeHlContainerCommandCommand'
    }

    It 'tells a command that fails with its exit code, and returns it all the same where that is wanted' {
        $caught = @(Get-Caught { Invoke-HlContainerCommand gitea@dev cat, /nosuch })
        $caught.FullyQualifiedErrorId | Should -Be 'ContainerCommandFailed,Homelab.PowerShell.InvokeHlContainerCommandCommand'
        $caught[0].TargetObject | Should -Be 'gitea@dev'
        "$caught" | Should -BeLike '*exit code 1*/nosuch*'
        $result = Invoke-HlContainerCommand gitea@dev cat, /nosuch -AllowFailure -ErrorAction Stop
        $result.ExitCode | Should -Be 1
        $result.Error | Should -BeLike '*No such file*'
    }

    It 'waits no longer than it is told to, and says that the command goes on, with an end that nobody knows' {
        $caught = @(Get-Caught { Invoke-HlContainerCommand gitea@dev sleep, 60 -Timeout 5s })
        $caught.FullyQualifiedErrorId | Should -Be 'OutcomeUnknown,Homelab.PowerShell.InvokeHlContainerCommandCommand'
        "$caught" | Should -BeLike '*goes on there*'
    }

    It 'keeps as much of the output as is wanted' {
        $result = Invoke-HlContainerCommand gitea@dev echo, 12345678 -MaxOutput 4
        $result.Output | Should -BeExactly '1234'
        $result.Truncated | Should -BeTrue
    }

    It 'says what is not there, and goes on' {
        $found = 'gitae@dev', 'gitea@dev' | Invoke-HlContainerCommand -Command echo, a -ErrorAction SilentlyContinue -ErrorVariable failed
        $found.ExitCode | Should -Be 0
        $failed.FullyQualifiedErrorId | Should -Be 'ContainerNotFound,Homelab.PowerShell.InvokeHlContainerCommandCommand'
        $failed[0].TargetObject | Should -Be 'gitae@dev'
    }
}
