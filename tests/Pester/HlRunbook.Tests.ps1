BeforeAll {
    . "$PSScriptRoot/Common.ps1"
    $script:lab = Open-Lab
    $null = Connect-Hl $lab.File
    $script:names = Get-ChildItem "$(Split-Path $lab.File)/runbooks/*.yaml" | ForEach-Object BaseName | Sort-Object -Culture ''
    $script:shipped = "$(Split-Path $lab.File)/runbooks/container-crash-recovery.yaml"
}

AfterAll {
    Close-Lab $lab
}

Describe 'Get-HlRunbook' {
    It 'finds by <by>' -ForEach @(
        @{ by = 'name'; call = { Get-HlRunbook container-crash-recovery } }
        @{ by = 'pattern'; call = { Get-HlRunbook *crash* } }
        @{ by = 'name from the pipeline'; call = { 'container-crash-recovery' | Get-HlRunbook } }
        @{ by = 'object from the pipeline'; call = { Get-HlRunbook *crash* | Get-HlRunbook } }
    ) {
        $runbook = & $call
        $runbook | Should -BeOfType ([Homelab.Runbook])
        $runbook.Name | Should -Be 'container-crash-recovery'
        $runbook.Steps.Id | Should -Be 'look', 'restart'
    }

    It 'finds all when nothing is asked for' {
        $names.Count | Should -BeGreaterThan 10
        (Get-HlRunbook).Name | Should -Be $names
    }

    It 'finds nothing by a pattern without a word' {
        Get-HlRunbook nosuch* -ErrorAction Stop | Should -BeNullOrEmpty
    }

    It 'says of an exact name that it was not found, and goes on with the next' {
        $found = 'nosuch', 'container-crash-recovery' | Get-HlRunbook -ErrorAction SilentlyContinue -ErrorVariable failed
        $found.Name | Should -Be 'container-crash-recovery'
        $failed | Should -HaveCount 1
        $failed[0].FullyQualifiedErrorId | Should -Be 'RunbookNotFound,Homelab.PowerShell.Commands.GetHlRunbookCommand'
        $failed[0].CategoryInfo.Category | Should -Be 'ObjectNotFound'
        $failed[0].TargetObject | Should -Be 'nosuch'
    }

    It 'completes names' {
        (Complete-Line 'Get-HlRunbook container-c').CompletionText | Should -Be 'container-crash-recovery'
    }
}

Describe 'Test-HlRunbook' {
    It 'says of each runbook of the lab that it is well' {
        $rows = Test-HlRunbook
        $rows | Should -BeOfType ([Homelab.LabCheck])
        $rows.Name | Sort-Object -Unique -Culture '' | Should -Be $names
        $rows.Status | Select-Object -Unique | Should -Be 'Ok'
        Test-HlRunbook -Quiet | Should -BeTrue
    }

    It 'tells each mistake of a file that is not among them, with its line and the way out' {
        $broken = Join-Path $TestDrive broken.yaml
        (Get-Content $shipped -Raw) -replace 'docker_restart_container', 'docker_restart_contaner' | Set-Content $broken
        $line = (Select-String docker_restart_contaner $broken).LineNumber
        $rows = @(Test-HlRunbook -Path $broken)
        $rows | Should -HaveCount 1
        $rows[0].Status | Should -Be 'Failed'
        $rows[0].Name | Should -BeLike "*broken.yaml:$line*"
        $rows[0].Detail | Should -BeLike '*docker_restart_contaner*'
        $rows[0].Fix | Should -BeLike '*docker_restart_container*'
        Test-HlRunbook -Path $broken -Quiet | Should -BeFalse
    }

    It 'tells of a file that cannot be read as a runbook where' {
        Set-Content "$TestDrive/nonsense.yaml" "kind: Runbook`n  nonsense: ["
        $rows = @(Test-HlRunbook -Path "$TestDrive/nonsense.yaml")
        $rows[0].Status | Should -Be 'Failed'
        $rows[0].Name | Should -BeLike '*nonsense.yaml:2*'
    }

    It 'starts a relative path at the current location' {
        Push-Location (Split-Path $shipped)
        try {
            (Test-HlRunbook -Path ./container-crash-recovery.yaml).Status | Should -Be 'Ok'
        } finally {
            Pop-Location
        }
    }

    It 'says of a path that it is not there' {
        Test-HlRunbook -Path "$TestDrive/nosuch.yaml" -Quiet | Should -BeFalse
        $rows = @(Test-HlRunbook -Path "$TestDrive/nosuch.yaml")
        $rows | Should -HaveCount 1
        "$($rows[0].Name) $($rows[0].Detail)" | Should -BeLike '*nosuch.yaml*'
    }
}

Describe 'Invoke-HlRunbook' {
    BeforeEach {
        $null = Invoke-Control $lab Post reset
    }

    It 'returns its plan with the gate''s decisions under -WhatIf, and does nothing' {
        $plan = Invoke-HlRunbook container-crash-recovery gitea -WhatIf
        $plan | Should -BeOfType ([Homelab.RunbookPlanStep])
        $plan.Operation | Should -Be 'docker_check_container', 'docker_restart_container'
        $plan.Intent | Should -Be 'Check container gitea@dev', 'Restart container gitea@dev'
        $plan.Decision | ForEach-Object { "$_" } | Should -BeLike 'Auto *'
        $plan.Forecast | Should -Be 'Runs', 'Runs'
        Get-Change $lab | Should -BeNullOrEmpty
    }

    It 'names under -WhatIf the step that the gate would refuse' {
        $null = Connect-Hl (Copy-LabFile $lab 'interactive: manage' 'interactive: monitor')
        try {
            $plan = Invoke-HlRunbook container-crash-recovery gitea -WhatIf
            "$($plan[1].Decision)" | Should -BeLike 'Deny*'
            $plan[1].Forecast | Should -Be 'Fails'
        } finally {
            $null = Connect-Hl $lab.File
        }
    }

    It 'runs it, as the one who asked, and proves that the service is well' {
        $report = Invoke-HlRunbook container-crash-recovery gitea -ErrorAction Stop
        $report | Should -BeOfType ([Homelab.RunReport])
        $report.Run.Status | Should -Be 'Recovered'
        $report.Run.Caller | Should -Be "interactive:$([Environment]::UserName)"
        $report.Run.Incident | Should -BeNullOrEmpty
        Get-Change $lab | Should -Be 'restart gitea@dev'
    }

    It 'takes it from the pipeline' {
        $report = Get-HlRunbook container-crash-recovery | Invoke-HlRunbook -Service redis -ErrorAction Stop
        $report.Run.Service | Should -Be 'redis'
        Get-Change $lab | Should -Be 'restart redis@dev'
    }

    It 'does not do a step that is refused, ends as failed and keeps why' {
        $null = Connect-Hl (Copy-LabFile $lab 'interactive: manage' 'interactive: monitor')
        try {
            $report = Invoke-HlRunbook container-crash-recovery gitea -ErrorAction SilentlyContinue -ErrorVariable failed
            $failed[0].FullyQualifiedErrorId | Should -Be 'RunbookNotDone,Homelab.PowerShell.Commands.InvokeHlRunbookCommand'
            $report.Run.Status | Should -Be 'Failed'
            $report.Steps[-1].Step | Should -Be 'restart'
            $report.Steps[-1].Status | Should -Be 'Failed'
            $report.Steps[-1].Error | Should -BeLike '*monitor*operate*'
            Get-Change $lab | Should -BeNullOrEmpty
        } finally {
            $null = Connect-Hl $lab.File
        }
    }

    It 'refuses <what>, and does nothing' -ForEach @(
        @{ what = 'a runbook that there is not'; call = { Invoke-HlRunbook nosuch gitea }; id = 'RunbookNotFound' }
        @{ what = 'a service that there is not'; call = { Invoke-HlRunbook container-crash-recovery nosuch }; id = 'ServiceNotFound' }
    ) {
        $caught = @(Get-Caught $call)
        $caught | Should -HaveCount 1
        $caught[0].FullyQualifiedErrorId | Should -Be "$id,Homelab.PowerShell.Commands.InvokeHlRunbookCommand"
        $caught[0].TargetObject | Should -Be 'nosuch'
        Get-Change $lab | Should -BeNullOrEmpty
    }
}
