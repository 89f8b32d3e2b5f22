BeforeAll {
    . "$PSScriptRoot/Common.ps1"
    $script:lab = Open-Lab
    $login = "`$1, user: admin, password: `"file:secrets/HOMELAB_SIMULATED_KUMA_PASSWORD`" }"
    $script:file = Copy-LabFile $lab '(?m)^(  kuma: .*) \}' $login
    $script:onlyLooking = Copy-LabFile $lab '(?m)^(  kuma: .*) \}' $login
    Set-Content $onlyLooking ((Get-Content $onlyLooking -Raw) -replace 'interactive: manage', 'interactive: monitor')
    $null = Connect-Hl $file
}

AfterAll {
    Close-Lab $lab
}

Describe 'Suspend-HlMonitor and Resume-HlMonitor' {
    AfterEach {
        Resume-HlMonitor Gitea
    }

    It 'take the monitor <as>' -ForEach @(
        @{ as = 'by position'; suspend = { Suspend-HlMonitor Gitea -PassThru }; resume = { Resume-HlMonitor Gitea -PassThru } }
        @{ as = 'by parameter'; suspend = { Suspend-HlMonitor -Monitor Gitea -PassThru }; resume = { Resume-HlMonitor -Monitor Gitea -PassThru } }
        @{ as = 'by text from the pipeline'; suspend = { 'Gitea' | Suspend-HlMonitor -PassThru }; resume = { 'Gitea' | Resume-HlMonitor -PassThru } }
        @{ as = 'by a reading'; suspend = { Get-HlMonitor Gitea | Suspend-HlMonitor -PassThru }; resume = { [pscustomobject]@{ Name = 'Gitea' } | Resume-HlMonitor -PassThru } }
        @{ as = 'by what the other one returned'; suspend = { Resume-HlMonitor Gitea -PassThru | Suspend-HlMonitor -PassThru }; resume = { Suspend-HlMonitor Gitea -PassThru | Resume-HlMonitor -PassThru } }
    ) {
        # Who was resumed is listed from its next look on; one connection asks for the readings at most once a second.
        Wait-Until { $null = Connect-Hl $file; Get-HlMonitor Gitea -ErrorAction Ignore }
        $paused = & $suspend
        $paused | Should -BeOfType ([Homelab.MonitorActivity])
        $paused.Name | Should -Be 'Gitea'
        $paused.Active | Should -BeFalse
        $paused.Changed | Should -BeTrue
        $again = & $resume
        $again.Active | Should -BeTrue
        $again.Changed | Should -BeTrue
    }

    It 'take the number of a monitor' {
        $number = (Suspend-HlMonitor Gitea -PassThru).Id
        (Resume-HlMonitor "#$number" -PassThru).Name | Should -Be 'Gitea'
    }

    It 'change nothing where it is so already, and say so' {
        Suspend-HlMonitor Gitea | Should -BeNullOrEmpty
        (Suspend-HlMonitor Gitea -PassThru).Changed | Should -BeFalse
    }

    It 'are seen by Get-HlMonitor, which says that it lists none that is paused' {
        Suspend-HlMonitor Gitea
        $null = Connect-Hl $file
        "$(Get-Caught { Get-HlMonitor Gitea })" | Should -BeLike '*A paused monitor is not listed*'
    }

    It 'say under -WhatIf what they would do, and do nothing' {
        $said = Invoke-Shell "Connect-Hl '$file' | Out-Null; 'Gitea', 'Traefik' | Suspend-HlMonitor -WhatIf; Resume-HlMonitor Gitea -WhatIf"
        $said.Errors | Should -BeNullOrEmpty
        $said.Output -split '\r?\n' | Should -BeExactly @(
            'What if: Performing the operation "Pause monitor" on target "Gitea".'
            'What if: Performing the operation "Pause monitor" on target "Traefik".'
            'What if: Performing the operation "Resume monitor" on target "Gitea".'
        )
        (Resume-HlMonitor Gitea -PassThru).Changed | Should -BeFalse
    }

    It 'say what is not there, and go on' {
        $found = 'Gitae', 'Gitea' | Suspend-HlMonitor -PassThru -ErrorAction SilentlyContinue -ErrorVariable failed
        $found.Name | Should -Be 'Gitea'
        $failed.FullyQualifiedErrorId | Should -Be 'MonitorNotFound,Homelab.PowerShell.SuspendHlMonitorCommand'
        $failed.TargetObject | Should -Be 'Gitae'
        "$failed" | Should -BeLike "*Did you mean 'Gitea'*"
        (Get-Caught { Resume-HlMonitor nosuch }).FullyQualifiedErrorId | Should -Be 'MonitorNotFound,Homelab.PowerShell.ResumeHlMonitorCommand'
    }
}

Describe 'Get-HlMonitorBeat' {
    It 'reads what the monitor has seen, oldest first, <as>' -ForEach @(
        @{ as = 'by position'; call = { Get-HlMonitorBeat Gitea } }
        @{ as = 'by text from the pipeline'; call = { 'Gitea' | Get-HlMonitorBeat } }
        @{ as = 'by a reading'; call = { [pscustomobject]@{ Name = 'Gitea' } | Get-HlMonitorBeat -Since 2h } }
    ) {
        Wait-Until { @(& $call).Count -ge 2 -and (& $call).Status -contains 'Up' }
        $beats = @(& $call)
        $beats | Should -BeOfType ([Homelab.MonitorBeat])
        $beats.Monitor | Sort-Object -Unique | Should -Be 'Gitea'
        $beats[0].IsChange | Should -BeTrue
        $beats[0].At | Should -Not -BeGreaterThan $beats[1].At
        $beats.Where({ $_.Status -eq 'Up' }, 'First').ResponseTime | Should -Not -BeNullOrEmpty
    }

    It 'shows when a service went down' {
        $null = Invoke-Control $lab Post containers/homepage@infra/crash
        Wait-Until { Get-HlMonitorBeat Homepage | Where-Object { $_.Status -eq 'Down' -and $_.Message } }
        Start-HlContainer homepage@infra
    }

    It 'refuses <what>' -ForEach @(
        @{ what = 'a monitor that there is not'; call = { Get-HlMonitorBeat nosuch }; id = 'MonitorNotFound' }
        @{ what = 'a time out of range'; call = { Get-HlMonitorBeat Gitea -Since 1s }; id = 'InputInvalid' }
        @{ what = 'a time without a unit'; call = { Get-HlMonitorBeat Gitea -Since 60 }; id = 'ParameterArgumentTransformationError' }
    ) {
        (Get-Caught $call).FullyQualifiedErrorId | Should -Be "$id,Homelab.PowerShell.GetHlMonitorBeatCommand"
    }
}

Describe 'New-HlMaintenance' {
    It 'begins a maintenance <as>' -ForEach @(
        @{ as = 'by position'; call = { New-HlMaintenance Gitea 'Patch day' }; monitors = 'Gitea' }
        @{ as = 'of several monitors'; call = { New-HlMaintenance Gitea, Traefik -Title 'Patch day' }; monitors = 'Gitea', 'Traefik' }
        @{ as = 'of a monitor from the pipeline'; call = { [pscustomobject]@{ Name = 'Gitea' } | New-HlMaintenance -Title 'Patch day' }; monitors = 'Gitea' }
    ) {
        $begun = & $call
        $begun | Should -BeOfType ([Homelab.MonitorMaintenance])
        $begun.Title | Should -Be 'Patch day'
        $begun.Monitors | Should -Be $monitors
        $begun.Id | Should -Not -BeNullOrEmpty
    }

    It 'lasts as long as it is told to, to the minute' {
        $before = [datetimeoffset]::UtcNow
        $begun = New-HlMaintenance Gitea -Title 'Patch day' -For 2h -Description 'Kernel and Docker.'
        ($begun.Until - $begun.From).TotalMinutes | Should -BeIn 120, 121
        $begun.Until | Should -BeGreaterThan $before.AddMinutes(119)
    }

    It 'is seen by Get-HlMonitor' {
        $null = New-HlMaintenance Redis 'Memory'
        # One connection asks at most once a second, which is what Uptime Kuma bears.
        Wait-Until { $null = Connect-Hl $file; (Get-HlMonitor Redis).Status -eq 'Maintenance' }
    }

    It 'says under -WhatIf what it would begin' {
        $said = Invoke-Shell "Connect-Hl '$file' | Out-Null; New-HlMaintenance Gitea 'Patch day' -For 2h -WhatIf"
        $said.Output | Should -BeExactly 'What if: Performing the operation "Begin a maintenance of 2h" on target "Patch day".'
    }

    It 'refuses <what>' -ForEach @(
        @{ what = 'a monitor that there is not'; call = { New-HlMaintenance Gitea, nosuch 'x' }; id = 'MonitorNotFound' }
        @{ what = 'a time out of range'; call = { New-HlMaintenance Gitea 'x' -For 31d }; id = 'InputInvalid' }
        @{ what = 'no title'; call = { New-HlMaintenance Gitea -Title '' }; id = 'ParameterArgumentValidationError' }
    ) {
        (Get-Caught $call).FullyQualifiedErrorId | Should -BeLike "$id,Homelab.PowerShell.NewHlMaintenanceCommand"
    }
}

Describe 'Publish-HlStatusIncident' {
    It 'puts a notice on a page <as>' -ForEach @(
        @{ as = 'by position'; call = { Publish-HlStatusIncident home 'Mail is down' 'We are on it.' -Style Danger }; style = 'Danger' }
        @{ as = 'by parameters'; call = { Publish-HlStatusIncident -Page home -Title 'Mail is down' -Content 'We are on it.' }; style = 'Warning' }
        @{ as = 'with the page from the pipeline'; call = { 'home' | Publish-HlStatusIncident -Title 'Mail is down' -Content 'We are on it.' }; style = 'Warning' }
    ) {
        $notice = & $call
        $notice | Should -BeOfType ([Homelab.StatusIncident])
        $notice.Page | Should -Be 'home'
        $notice.Title | Should -Be 'Mail is down'
        $notice.Content | Should -Be 'We are on it.'
        $notice.Style | Should -Be $style
        $notice.CreatedAt | Should -BeGreaterThan ([datetimeoffset]::UtcNow.AddMinutes(-5))
    }

    It 'says under -WhatIf what it would publish, and publishes nothing' {
        $before = (Publish-HlStatusIncident home 'a' 'b').Id
        $said = Invoke-Shell "Connect-Hl '$file' | Out-Null; Publish-HlStatusIncident home 'Mail is down' 'We are on it.' -WhatIf"
        $said.Output | Should -BeExactly "What if: Performing the operation `"Publish 'Mail is down' on status page`" on target `"home`"."
        [int] (Publish-HlStatusIncident home 'a' 'b').Id - [int] $before | Should -Be 1
    }

    It 'refuses <what>' -ForEach @(
        @{ what = 'a page that there is not'; call = { Publish-HlStatusIncident nosuch 'a' 'b' }; id = 'KumaRefused' }
        @{ what = 'what is no name of a page'; call = { Publish-HlStatusIncident 'a page' 'a' 'b' }; id = 'InputInvalid' }
        @{ what = 'a style that there is not'; call = { Publish-HlStatusIncident home 'a' 'b' -Style Loud }; id = 'CannotConvertArgumentNoMessage' }
    ) {
        (Get-Caught $call).FullyQualifiedErrorId | Should -Be "$id,Homelab.PowerShell.PublishHlStatusIncidentCommand"
    }
}

Describe 'Monitors that cannot be changed' {
    BeforeDiscovery {
        $script:changes = @(
            @{ cmdlet = 'Suspend-HlMonitor'; class = 'SuspendHlMonitorCommand'; target = 'Gitea'; call = { Suspend-HlMonitor Gitea } }
            @{ cmdlet = 'Resume-HlMonitor'; class = 'ResumeHlMonitorCommand'; target = 'Gitea'; call = { Resume-HlMonitor Gitea } }
            @{ cmdlet = 'New-HlMaintenance'; class = 'NewHlMaintenanceCommand'; target = 'Patch day'; call = { New-HlMaintenance Gitea 'Patch day' } }
            @{ cmdlet = 'Publish-HlStatusIncident'; class = 'PublishHlStatusIncidentCommand'; target = 'home'; call = { Publish-HlStatusIncident home 'a' 'b' } }
        )
    }

    It 'are refused to <cmdlet> where a person may only look' -ForEach $changes {
        $null = Connect-Hl $onlyLooking
        $caught = Get-Caught $call
        $caught.FullyQualifiedErrorId | Should -Be "LevelTooLow,Homelab.PowerShell.$class"
        $caught.CategoryInfo.Category | Should -Be 'PermissionDenied'
        $caught.TargetObject | Should -Be $target
    }

    It 'make <cmdlet> say that it needs a login where the lab file has only a key' -ForEach $changes {
        $null = Connect-Hl $lab.File
        $caught = Get-Caught $call
        $caught.FullyQualifiedErrorId | Should -Be "KumaLoginNotConfigured,Homelab.PowerShell.$class"
        "$caught" | Should -BeLike '*user*password*'
    }
}
