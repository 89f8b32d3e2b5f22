BeforeAll {
    . "$PSScriptRoot/Common.ps1"
    $script:lab = Open-Lab
    $null = Connect-Hl $lab.File
    Wait-Monitor 11
}

AfterAll {
    Close-Lab $lab
}

Describe 'Get-HlMonitor' {
    BeforeEach {
        # One connection asks at most once a second, which is what Uptime Kuma bears.
        $null = Connect-Hl $lab.File
    }

    It 'lists every monitor with its state' {
        $all = @(Get-HlMonitor)
        $all | Should -BeOfType ([Homelab.MonitorReading])
        $all | Should -HaveCount 11
        $all.Status | Sort-Object -Unique | Should -Be 'Up'
    }

    It 'takes the name <as>' -ForEach @(
        @{ as = 'by position'; call = { Get-HlMonitor 'AdGuard Home DNS' } }
        @{ as = 'by parameter'; call = { Get-HlMonitor -Name 'AdGuard Home DNS' } }
        @{ as = 'from the pipeline'; call = { 'AdGuard Home DNS' | Get-HlMonitor } }
        @{ as = 'from a monitor'; call = { Get-HlMonitor 'AdGuard Home DNS' | Get-HlMonitor } }
        @{ as = 'from a row'; call = { [pscustomobject]@{ Name = 'AdGuard Home DNS' } | Get-HlMonitor } }
        @{ as = 'as a pattern'; call = { Get-HlMonitor AdG* } }
    ) {
        (& $call).Name | Should -Be 'AdGuard Home DNS'
    }

    It 'shows what is down' {
        $null = Invoke-Control $lab Post containers/homepage@infra/crash
        try {
            Wait-Until { (Get-HlMonitor Homepage).Status -ne 'Up' }
        } finally {
            Start-HlContainer homepage@infra
        }
    }

    It 'says what is not there, and goes on' {
        $found = 'nosuch', 'Gitea' | Get-HlMonitor -ErrorAction SilentlyContinue -ErrorVariable failed
        $found.Name | Should -Be 'Gitea'
        $failed | Should -HaveCount 1
        $failed[0].FullyQualifiedErrorId | Should -Be 'MonitorNotFound,Homelab.PowerShell.GetHlMonitorCommand'
        $failed[0].CategoryInfo.Category | Should -Be 'ObjectNotFound'
        $failed[0].TargetObject | Should -Be 'nosuch'
    }

    It 'finds nothing by a pattern without a word' {
        Get-HlMonitor nosuch* -ErrorAction Stop | Should -BeNullOrEmpty
    }

    It 'tells its request under -Verbose without the key' {
        $lines = Get-HlMonitor -Verbose 4>&1 | Where-Object { $_ -is [Management.Automation.VerboseRecord] } | ForEach-Object ToString
        $lines | Should -HaveCount 1
        $lines | Should -BeLike '*GET*/metrics*200*'
        $lines | Should -Not -BeLike "*$(Get-Content "$(Split-Path $lab.File)/secrets/HOMELAB_SIMULATED_KUMA_KEY")*"
    }

    It 'says that the lab has no Uptime Kuma where it has none' {
        $null = Connect-Hl (Copy-LabFile $lab '(?m)^  kuma: .*\r?\n' '')
        $caught = Get-Caught { Get-HlMonitor }
        $caught.FullyQualifiedErrorId | Should -Be 'KumaNotConfigured,Homelab.PowerShell.GetHlMonitorCommand'
        $caught.CategoryInfo.Category | Should -Be 'ObjectNotFound'
    }
}
