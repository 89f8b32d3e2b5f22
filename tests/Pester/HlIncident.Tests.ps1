BeforeAll {
    . "$PSScriptRoot/Common.ps1"
    $script:lab = Open-Lab
    $null = Connect-Hl $lab.File
    foreach ($service in 'redis', 'gitea') {
        $container = "$service@dev"
        $null = Invoke-Control $lab Post "containers/$container/crash"
        $null = Invoke-HlHeal $service -ErrorAction Stop
    }
}

AfterAll {
    Close-Lab $lab
}

Describe 'Get-HlIncident' {
    It 'lists incidents, the newest first' {
        $incidents = Get-HlIncident
        $incidents | Should -BeOfType ([Homelab.Incident])
        $incidents.Service | Should -Be 'gitea', 'redis'
        $incidents.Status | Should -Be 'Recovered', 'Recovered'
    }

    It 'finds by <by>' -ForEach @(
        @{ by = 'service'; call = { Get-HlIncident -Service redis }; expected = 'redis' }
        @{ by = 'a service that had none'; call = { Get-HlIncident -Service dns }; expected = $null }
        @{ by = 'number'; call = { Get-HlIncident -Last 1 }; expected = 'gitea' }
        @{ by = 'age'; call = { Get-HlIncident -Since 1h }; expected = 'gitea', 'redis' }
        @{ by = 'being open, when none is'; call = { Get-HlIncident -Open }; expected = $null }
        @{ by = 'id'; call = { Get-HlIncident (Get-HlIncident -Service redis).Id }; expected = 'redis' }
        @{ by = 'ids from the pipeline'; call = { Get-HlIncident | Get-HlIncident }; expected = 'gitea', 'redis' }
    ) {
        (& $call).Service | Should -Be $expected
    }

    It 'shows the one that is being worked on with -Open' {
        $file = Copy-LabFile $lab 'name: thinmint' 'name: open'
        $runbook = "$(Split-Path $file)/runbooks/container-crash-recovery.yaml"
        (Get-Content $runbook -Raw) -replace 'within: \d+s', 'within: 60s' | Set-Content $runbook
        $null = Connect-Hl $file
        $session = Open-Session
        try {
            $null = Invoke-InSession $session { param($file) Connect-Hl $file } $file
            $null = Invoke-Control $lab Post 'engines/dev/fault?kind=internalError&method=POST&path=/containers/*/restart'
            $null = Invoke-Control $lab Post containers/gitea@dev/crash
            $healing = Start-InSession $session { Invoke-HlHeal gitea -ErrorAction SilentlyContinue }
            Wait-Until { Get-HlIncident -Open }
            $open = Get-HlIncident -Open
            $open.Service | Should -Be 'gitea'
            $open.IsOpen | Should -BeTrue
            # It looks until the service is back, whoever brings it back.
            $null = Invoke-Control $lab Delete engines/dev/fault
            Wait-Until {
                Start-HlContainer gitea@dev -ErrorAction SilentlyContinue
                (Get-HlContainer gitea).State -eq 'Running'
            }
            $session.EndInvoke($healing).Report.Incident.Status | Should -Be 'Recovered'
            Get-HlIncident -Open | Should -BeNullOrEmpty
        } finally {
            $null = Invoke-Control $lab Delete engines/dev/fault
            Close-Session $session
            $null = Connect-Hl $lab.File
            Get-HlContainer -State Exited | Start-HlContainer
        }
    }

    It 'shows with -Detailed its alerts, runs, steps and evidence' {
        $report = Get-HlIncident -Service gitea -Last 1 -Detailed
        $report | Should -BeOfType ([Homelab.IncidentReport])
        $report.Incident.Service | Should -Be 'gitea'
        $report.Alerts | Should -HaveCount 1
        $report.Alerts[0].Alert.Message | Should -BeLike '*exited with code 137*'
        $report.Runs | Should -HaveCount 1
        $report.Runs[0].Run.Status | Should -Be 'Recovered'
        $report.Runs[0].Run.Evidence | Should -Not -BeNullOrEmpty
        $steps = $report.Runs[0].Steps
        $steps[-1].Step | Should -Be 'restart'
        $steps[-1].Status | Should -Be 'Succeeded'
    }

    It 'says of an id that there is none' {
        $caught = @(Get-Caught { Get-HlIncident nosuch })
        $caught | Should -HaveCount 1
        $caught[0].FullyQualifiedErrorId | Should -Be 'IncidentNotFound,Homelab.PowerShell.Commands.GetHlIncidentCommand'
        $caught[0].CategoryInfo.Category | Should -Be 'ObjectNotFound'
        $caught[0].TargetObject | Should -Be 'nosuch'
    }

    It 'changes nothing' {
        $null = Invoke-Control $lab Post reset
        $before = Get-RequestCount $lab
        Get-HlIncident -Detailed | Out-Null
        Get-RequestCount $lab | Should -Be $before
    }
}
