BeforeAll {
    . "$PSScriptRoot/Common.ps1"
    $script:lab = Open-Lab
    $script:stricter = Copy-LabFile $lab 'policy:' "policy:`n  targets: [ { target: gitea@dev, require: deny }, { target: redis@dev, operation: docker_stop_container, require: askTwice } ]"
    $script:onlyLooking = Copy-LabFile $lab 'interactive: manage' 'interactive: monitor'
}

AfterAll {
    Close-Lab $lab
}

BeforeDiscovery {
    $script:changes = foreach ($verb in 'Restart', 'Stop', 'Start') { @{ verb = $verb; cmdlet = "$verb-HlContainer"; class = "Homelab.PowerShell.${verb}HlContainerCommand" } }
}

Describe 'Containers, where a person may only look' {
    BeforeAll {
        $null = Connect-Hl $onlyLooking
        $null = Invoke-Control $lab Post reset
    }

    It 'are listed' {
        @(Get-HlContainer).Count | Should -Be 11
    }

    It 'are not changed by <cmdlet>, which names the way out' -ForEach $changes {
        $caught = Get-Caught { & $cmdlet gitea@dev }
        $caught.FullyQualifiedErrorId | Should -Be "LevelTooLow,$class"
        $caught.CategoryInfo.Category | Should -Be 'PermissionDenied'
        $caught.TargetObject | Should -Be 'gitea@dev'
        $caught.Exception.Kind | Should -Be 'Denied'
        $caught.ErrorDetails.RecommendedAction | Should -BeLike '*access.interactive*'
        Get-Change $lab | Should -BeNullOrEmpty
    }

    It 'are refused by <cmdlet> -WhatIf and -Force too' -ForEach $changes {
        (Get-Caught { & $cmdlet gitea@dev -WhatIf }).FullyQualifiedErrorId | Should -Be "LevelTooLow,$class"
        (Get-Caught { & $cmdlet gitea@dev -Force }).FullyQualifiedErrorId | Should -Be "LevelTooLow,$class"
        Get-Change $lab | Should -BeNullOrEmpty
    }

    It 'do not tell by a refusal whether they exist' {
        $before = Get-RequestCount $lab
        (Get-Caught { Stop-HlContainer nosuch@dev }).FullyQualifiedErrorId | Should -BeLike 'LevelTooLow,*'
        Get-RequestCount $lab | Should -Be $before
    }
}

Describe 'Containers that the policy speaks of' {
    BeforeAll {
        $null = Connect-Hl $stricter
        $script:nobody = Open-Session
        $null = Invoke-InSession $nobody { param($file) Connect-Hl $file } $stricter
    }

    BeforeEach {
        $null = Invoke-Control $lab Post reset
    }

    AfterAll {
        Close-Session $nobody
    }

    It 'are refused by <cmdlet> where it denies, even with -Force' -ForEach $changes {
        foreach ($caught in @(Get-Caught { & $cmdlet gitea@dev }) + @(Get-Caught { & $cmdlet gitea@dev -Force })) {
            $caught.FullyQualifiedErrorId | Should -Be "PolicyDenied,$class"
            $caught.CategoryInfo.Category | Should -Be 'PermissionDenied'
            $caught.TargetObject | Should -Be 'gitea@dev'
        }
        Get-Change $lab | Should -BeNullOrEmpty
    }

    It 'do not keep the others from being changed' {
        'gitea@dev', 'redis@dev' | Restart-HlContainer -ErrorAction SilentlyContinue -ErrorVariable failed
        $failed.FullyQualifiedErrorId | Should -BeLike 'PolicyDenied,*'
        Get-Change $lab | Should -Be 'restart redis@dev'
    }

    It 'need somebody who types their name when they are protected: <call>' -ForEach @(
        @{ call = 'Restart-HlContainer traefik@infra' }
        @{ call = 'Stop-HlContainer traefik@infra -Force' }
        @{ call = 'Get-HlContainer traefik | Restart-HlContainer -Confirm:$false' }
        @{ call = 'Stop-HlContainer redis@dev' }
    ) {
        $said = Invoke-InSession $nobody ([scriptblock]::Create($call))
        $said.Output | Should -BeNullOrEmpty
        $said.Errors | Should -HaveCount 1
        $said.Errors[0].FullyQualifiedErrorId | Should -BeLike 'ConfirmationNeeded,Homelab.PowerShell.*'
        $said.Errors[0].CategoryInfo.Category | Should -Be 'PermissionDenied'
        $said.Errors[0].TargetObject | Should -BeIn 'traefik@infra', 'redis@dev'
        Get-Change $lab | Should -BeNullOrEmpty
    }

    It 'are only done with the exact name at a prompt: <typed>' -ForEach @(
        @{ typed = 'traefik@infra'; expected = 'restart traefik@infra' }
        @{ typed = 'y'; expected = $null }
    ) {
        $said = Invoke-Shell "Connect-Hl '$stricter' | Out-Null; Restart-HlContainer traefik@infra" -Answer $typed
        $said.Output | Should -BeLike "*Type 'traefik@infra' to go on*"
        $said.Errors | Should -BeNullOrEmpty
        Get-Change $lab | Should -Be $expected
    }

    It 'are refused in a PowerShell without a prompt' {
        $said = Invoke-Shell "Connect-Hl '$stricter' | Out-Null; Restart-HlContainer traefik@infra; `$Error[0].FullyQualifiedErrorId"
        $said.Output | Should -Be 'ConfirmationNeeded,Homelab.PowerShell.RestartHlContainerCommand'
        $said.Errors | Should -BeLike '*needs a second confirmation*'
        Get-Change $lab | Should -BeNullOrEmpty
    }
}

Describe 'The pipeline that heals what is unhealthy' {
    BeforeAll {
        $null = Connect-Hl $lab.File
        $null = Invoke-Control $lab Post containers/gitea@dev/unhealthy
        $null = Invoke-Control $lab Post reset
    }

    It 'says what it would do with -WhatIf, and does nothing' {
        $said = Invoke-Shell "Connect-Hl '$($lab.File)' | Out-Null; Get-HlContainer | Where-Object Health -eq unhealthy | Restart-HlContainer -WhatIf"
        $said.Output | Should -BeExactly 'What if: Performing the operation "Restart container" on target "gitea@dev".'
        $said.Errors | Should -BeNullOrEmpty
        Get-Change $lab | Should -BeNullOrEmpty
    }

    It 'does nothing where $WhatIfPreference is set either' {
        $said = Invoke-Shell "Connect-Hl '$($lab.File)' | Out-Null; `$WhatIfPreference = `$true; Restart-HlContainer gitea; Restart-HlContainer redis -WhatIf:`$false"
        $said.Output | Should -BeExactly 'What if: Performing the operation "Restart container" on target "gitea@dev".'
        Get-Change $lab | Should -Be 'restart redis@dev'
        $null = Invoke-Control $lab Post reset
    }

    It 'heals it without -WhatIf, and touches nothing else' {
        $healed = Get-HlContainer | Where-Object Health -eq unhealthy | Restart-HlContainer -PassThru
        $healed.Health | Should -Be 'Healthy'
        Get-Change $lab | Should -Be 'restart gitea@dev'
    }

    It 'tells each request under -Verbose in a line of its own, and no secret' {
        $lines = Restart-HlContainer gitea@dev -Verbose 4>&1 | ForEach-Object ToString
        $calls = @($lines -match '^docker dev: (GET|POST) /containers/[^ ]+ -> 20\d in [\d.]+ ms$')
        $calls.Count | Should -BeGreaterOrEqual 3
        @($lines).Count - $calls.Count | Should -Be 1 -Because 'ShouldProcess says one line too'
        foreach ($secret in Get-ChildItem "$(Split-Path $lab.File)/secrets") { $lines -join "`n" | Should -Not -BeLike "*$(Get-Content $secret)*" }
    }

    It 'leaves an audit that holds' {
        Test-HlAudit -Quiet | Should -BeTrue
    }
}
