BeforeAll {
    . "$PSScriptRoot/Common.ps1"
    $script:lab = Open-Lab
    $script:onlyLooking = Copy-LabFile $lab 'interactive: manage' 'interactive: monitor'
    $script:onlyOperating = Copy-LabFile $lab 'interactive: manage' 'interactive: operate'
    $null = Connect-Hl $lab.File
}

AfterAll {
    Close-Lab $lab
}

Describe 'The switch of healing' {
    BeforeEach {
        $null = Connect-Hl $lab.File
        Resume-HlHealing
    }

    It 'is on until somebody suspends it' {
        $state = Get-HlHealing
        $state | Should -BeOfType ([Homelab.HealingState])
        $state.IsSuspended | Should -BeFalse
        $state.By | Should -BeNullOrEmpty
        $state.OpenIncidents | Should -Be 0
    }

    It 'is suspended with a reason <as>' -ForEach @(
        @{ as = 'by position'; call = { Suspend-HlHealing 'Moving the rack' -PassThru } }
        @{ as = 'by parameter'; call = { Suspend-HlHealing -Reason 'Moving the rack' -PassThru } }
        @{ as = 'from the pipeline'; call = { 'Moving the rack' | Suspend-HlHealing -PassThru } }
    ) {
        $said = & $call
        $said | Should -BeOfType ([Homelab.HealingState])
        foreach ($state in $said, (Get-HlHealing)) {
            $state.IsSuspended | Should -BeTrue
            $state.Reason | Should -Be 'Moving the rack'
            $state.By | Should -BeLike 'interactive:*'
            $state.Until | Should -BeNullOrEmpty
        }
    }

    It 'is suspended for a time that ends by itself' {
        Suspend-HlHealing 'Firmware update' -For 2h | Should -BeNullOrEmpty
        $state = Get-HlHealing
        ($state.Until - $state.Since).TotalHours | Should -Be 2
    }

    It 'is the same for every process of the lab' {
        Suspend-HlHealing 'Moving the rack'
        $said = Invoke-Shell "Connect-Hl '$($lab.File)' | Out-Null; (Get-HlHealing).Reason; (Resume-HlHealing -PassThru).IsSuspended"
        $said.Output -split '\r?\n' | Should -Be 'Moving the rack', 'False'
        (Get-HlHealing).IsSuspended | Should -BeFalse
    }

    It 'is not touched under -WhatIf' {
        $said = Invoke-Shell "Connect-Hl '$($lab.File)' | Out-Null; Suspend-HlHealing -WhatIf; Resume-HlHealing -WhatIf"
        $said.Output -split '\r?\n' | Should -BeExactly @(
            'What if: Performing the operation "Suspend" on target "healing".'
            'What if: Performing the operation "Resume" on target "healing".'
        )
        (Get-HlHealing).IsSuspended | Should -BeFalse
    }

    It 'is a row that tells who, and until when' {
        $rendering = $PSStyle.OutputRendering
        $PSStyle.OutputRendering = 'PlainText'
        try {
            $state = [Homelab.HealingState]@{ Lab = 'home'; IsSuspended = $true; By = 'interactive:anna'; Reason = 'Moving the rack'; Since = [datetimeoffset]::UtcNow }
            ($state | Out-String -Width 120) | Should -Match 'Suspended +By +Since +Until +Reason[\s\S]*True +interactive:anna +\S+ \S+ +Moving the rack'
            ($state | Format-List | Out-String) | Should -Match 'OpenIncidents *: 0'
        } finally {
            $PSStyle.OutputRendering = $rendering
        }
    }

    It 'keeps runbooks of the clock from acting, and people not' {
        Suspend-HlHealing 'Moving the rack'
        (Get-HlDecision Restart-HlContainer gitea@dev -Face Schedule -Identity nightly).Verdict | Should -Be 'Deny'
        (Get-HlDecision Restart-HlContainer gitea@dev).Verdict | Should -Be 'Auto'
    }

    It 'refuses <what>' -ForEach @(
        @{ what = 'no time'; call = { Suspend-HlHealing x -For 0s }; id = 'InputInvalid' }
        @{ what = 'a time without a unit'; call = { Suspend-HlHealing x -For 2 }; id = 'ParameterArgumentTransformationError' }
    ) {
        (Get-Caught $call).FullyQualifiedErrorId | Should -Be "$id,Homelab.PowerShell.SuspendHlHealingCommand"
        (Get-HlHealing).IsSuspended | Should -BeFalse
    }

    It 'may be seen by whoever may look, pulled by whoever may operate, and released by whoever may manage' {
        $null = Connect-Hl $onlyLooking
        (Get-HlHealing).IsSuspended | Should -BeFalse
        $caught = Get-Caught { Suspend-HlHealing x }
        $caught.FullyQualifiedErrorId | Should -Be 'LevelTooLow,Homelab.PowerShell.SuspendHlHealingCommand'
        $caught.CategoryInfo.Category | Should -Be 'PermissionDenied'
        $null = Connect-Hl $onlyOperating
        Suspend-HlHealing x
        $caught = Get-Caught { Resume-HlHealing -Force }
        $caught.FullyQualifiedErrorId | Should -Be 'LevelTooLow,Homelab.PowerShell.ResumeHlHealingCommand'
        $caught.TargetObject | Should -Be 'healing'
        (Get-HlHealing).IsSuspended | Should -BeTrue
    }
}

Describe 'Test-HlHealing' {
    BeforeAll {
        $null = Connect-Hl $lab.File
        $script:folder = New-Folder
        $lab.Folders.Add($folder)

        function Add-Alert {
            # One line of a tape.
            param([string] $Path, [string] $At, [string] $Status, [string] $Subject)
            $alert = @{ source = 'kuma'; status = $Status; subject = $Subject; message = 'connect ECONNREFUSED'; at = $At; fingerprint = $Subject }
            Add-Content $Path (@{ at = $At; hook = 'uptime-alert'; source = 'kuma'; alert = $alert } | ConvertTo-Json -Depth 4 -Compress)
        }

        Add-Alert "$folder/good.jsonl" 2026-05-01T12:00:00Z down Gitea
        Add-Alert "$folder/good.jsonl" 2026-05-01T12:05:00Z up Gitea
        Copy-Item "$folder/good.jsonl" "$folder/odd.jsonl"
        Add-Content "$folder/odd.jsonl" 'broken'
        Add-Alert "$folder/odd.jsonl" 2026-05-01T13:00:00Z down nosuch
    }

    BeforeEach {
        $null = Invoke-Control $lab Post reset
    }

    It 'says of each incident on a tape what would have been done, and touches nothing: <as>' -ForEach @(
        @{ as = 'by position'; call = { Test-HlHealing "$folder/good.jsonl" } }
        @{ as = 'by parameter'; call = { Test-HlHealing -Tape "$folder/good.jsonl" } }
        @{ as = 'by text from the pipeline'; call = { "$folder/good.jsonl" | Test-HlHealing } }
        @{ as = 'by a file from the pipeline'; call = { Get-ChildItem $folder -Filter good.jsonl | Test-HlHealing } }
        @{ as = 'by a path of a drive of PowerShell'; call = { Push-Location $folder; try { Test-HlHealing ./good.jsonl } finally { Pop-Location } } }
    ) {
        $forecast = & $call
        $forecast | Should -BeOfType ([Homelab.HealingForecast])
        $forecast.Service | Should -Be 'gitea'
        $forecast.Runbook | Should -Be 'container-crash-recovery'
        $forecast.Steps[0].Operation | Should -Be 'docker_check_container'
        $forecast.Steps.Operation | Should -Contain 'docker_restart_container'
        $forecast.Outcome | Should -Not -BeNullOrEmpty
        Get-RequestCount $lab | Should -Be 0
    }

    It 'names the lines that cannot be read and the alerts that are about nothing, and plays the rest' {
        $forecast = Test-HlHealing "$folder/odd.jsonl" -ErrorAction SilentlyContinue -ErrorVariable failed -WarningAction SilentlyContinue -WarningVariable warned
        $forecast.Service | Should -Be 'gitea'
        $failed | Should -HaveCount 1
        $failed[0].FullyQualifiedErrorId | Should -Be 'TapeLineUnreadable,Homelab.PowerShell.Commands.TestHlHealingCommand'
        "$failed" | Should -BeLike '*line 3*'
        "$warned" | Should -BeLike "1 of 3 alerts*'nosuch'*"
    }

    It 'says that there is no such tape' {
        $caught = Get-Caught { Test-HlHealing "$folder/nosuch.jsonl" }
        $caught.FullyQualifiedErrorId | Should -Be 'TapeNotFound,Homelab.PowerShell.Commands.TestHlHealingCommand'
        $caught.CategoryInfo.Category | Should -Be 'ObjectNotFound'
        $caught.TargetObject | Should -Be "$folder/nosuch.jsonl"
    }

    It 'is a row that begins with the service' {
        ((Test-HlHealing "$folder/good.jsonl" | Format-Table | Out-String -Width 160) -replace '\x1b\[[0-9;]*m') | Should -Match 'Service +OpenedAt +Outcome +Runbook +Why[\s\S]*gitea +\S+ \S+ +\S+ +container-crash-recovery'
    }
}
