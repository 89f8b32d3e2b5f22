BeforeAll {
    . "$PSScriptRoot/Common.ps1"
    $script:lab = Open-Lab
    $null = Connect-Hl $lab.File
    Wait-Monitor 11

    function Copy-HastyLab([string] $Pattern, [string] $Replacement) {
        # Another lab file for the same homelab, whose runbook gives up after one try and a second.
        $file = Copy-LabFile $lab $Pattern $Replacement
        $runbook = "$(Split-Path $file)/runbooks/container-crash-recovery.yaml"
        (Get-Content $runbook -Raw) -replace 'attempts: 3', 'attempts: 1' -replace 'within: \d+s', 'within: 1s' | Set-Content $runbook
        $file
    }
}

AfterAll {
    Close-Lab $lab
}

Describe 'Invoke-HlHeal' {
    BeforeEach {
        $null = Invoke-Control $lab Post reset
    }

    AfterEach {
        $null = Invoke-Control $lab Delete engines/dev/fault
        $null = Connect-Hl $lab.File
        Get-HlContainer -State Exited | Start-HlContainer
    }

    It 'does nothing to a service that is well, and says how it knows' {
        $report = Invoke-HlHeal gitea -ErrorAction Stop
        $report | Should -BeOfType ([Homelab.HealReport])
        $report.WasWell | Should -BeTrue
        $report.Summary | Should -BeLike '*container ok*probe ok*monitor ok*'
        $report.Report | Should -BeNullOrEmpty
        Get-Change $lab | Should -BeNullOrEmpty
    }

    It 'restarts a crashed container once, and proves that the service is back' {
        $null = Invoke-Control $lab Post containers/gitea@dev/crash
        $report = Invoke-HlHeal gitea -ErrorAction Stop
        $report.WasWell | Should -BeFalse
        $report.Report.Incident.Status | Should -Be 'Recovered'
        $report.Report.Incident.Caller | Should -Be "interactive:$([Environment]::UserName)"
        Get-Change $lab | Should -Be 'restart gitea@dev'
        (Get-HlContainer gitea).State | Should -Be 'Running'
    }

    It 'runs the runbook for a service that is well with -EvenIfWell' {
        $report = Invoke-HlHeal redis -EvenIfWell -ErrorAction Stop
        $report.Report.Incident.Status | Should -Be 'Recovered'
        Get-Change $lab | Should -Be 'restart redis@dev'
    }

    It 'says under -WhatIf what it would do and why, and does nothing' {
        $null = Invoke-Control $lab Post containers/gitea@dev/crash
        $said = Invoke-Shell "Connect-Hl '$($lab.File)' | Out-Null; `$plan = Invoke-HlHeal gitea -WhatIf; `$plan.GetType().FullName; `$plan.Runbook; `$plan.Plan.Steps.Operation"
        $said.Errors | Should -BeNullOrEmpty
        $said.Output -split '\r?\n' | Should -Be @(
            'What if: Performing the operation "Heal with container-crash-recovery" on target "gitea".'
            'Homelab.HealPlan'
            'container-crash-recovery'
            'docker_check_container'
            'docker_restart_container'
        )
        Get-Change $lab | Should -BeNullOrEmpty
        (Get-HlContainer gitea).State | Should -Be 'Exited'
    }

    It 'heals what a check found to be down, and that alone' {
        $null = Invoke-Control $lab Post containers/redis@dev/crash
        $reports = Test-HlService | Where-Object Status -ne Up | Invoke-HlHeal -ErrorAction Stop
        $reports | Should -HaveCount 1
        $reports.Service | Should -Be 'redis'
        $reports.Report.Incident.Status | Should -Be 'Recovered'
        Get-Change $lab | Should -Be 'restart redis@dev'
    }

    It 'says of a service that there is none, and goes on with the next' {
        $reports = 'nosuch', 'gitea' | Invoke-HlHeal -ErrorAction SilentlyContinue -ErrorVariable failed
        $reports.Service | Should -Be 'gitea'
        $failed | Should -HaveCount 1
        $failed[0].FullyQualifiedErrorId | Should -Be 'ServiceNotFound,Homelab.PowerShell.Commands.InvokeHlHealCommand'
        $failed[0].CategoryInfo.Category | Should -Be 'ObjectNotFound'
        $failed[0].TargetObject | Should -Be 'nosuch'
    }

    It 'does nothing for somebody whose level does not suffice, and says so' {
        $null = Connect-Hl (Copy-HastyLab 'interactive: manage' 'interactive: monitor')
        $null = Invoke-Control $lab Post containers/gitea@dev/crash
        $report = Invoke-HlHeal gitea -ErrorAction SilentlyContinue -ErrorVariable failed
        $failed | Should -HaveCount 1
        $failed[0].FullyQualifiedErrorId | Should -Be 'ServiceNotHealed,Homelab.PowerShell.Commands.InvokeHlHealCommand'
        "$($report.Report.Runs[0].Steps.Error)" | Should -BeLike '*monitor*operate*'
        Get-Change $lab | Should -BeNullOrEmpty
    }

    It 'fails loudly when the service does not come back, and returns what was seen and done' {
        $null = Connect-Hl (Copy-HastyLab 'name: thinmint' 'name: stubborn')
        $null = Invoke-Control $lab Post containers/gitea@dev/crash
        $null = Invoke-Control $lab Post 'engines/dev/fault?kind=internalError&method=POST'
        $report = Invoke-HlHeal gitea -ErrorAction SilentlyContinue -ErrorVariable failed
        $report.Report.Incident.Status | Should -Be 'Escalated'
        $report.Report.Runs.Steps.Status | Should -Contain 'Failed'
        $failed | Should -HaveCount 1
        $failed[0].FullyQualifiedErrorId | Should -Be 'ServiceNotHealed,Homelab.PowerShell.Commands.InvokeHlHealCommand'
        $failed[0].TargetObject | Should -Be 'gitea'
        (Get-HlContainer gitea).State | Should -Be 'Exited'
    }
}
