BeforeAll {
    . "$PSScriptRoot/Common.ps1"
    $script:lab = Open-Lab
    $null = Connect-Hl $lab.File
}

AfterAll {
    Close-Lab $lab
}

Describe 'Test-HlService' {
    It 'checks every service that has a check' {
        $all = @(Test-HlService)
        $all.Count | Should -Be 11
        $all | Should -BeOfType ([Homelab.ProbeResult])
        $all.Status | Sort-Object -Unique | Should -Be 'Up'
    }

    It 'tells what an HTTP check saw as values' {
        $http = Test-HlService gitea
        $http.HttpStatus | Should -Be 200
        $http.Latency | Should -BeGreaterThan ([timespan]::Zero)
        (Test-HlService redis).Port | Should -Be 'Open'
    }

    It 'takes the service <as>' -ForEach @(
        @{ as = 'by position'; call = { Test-HlService gitea } }
        @{ as = 'by parameter'; call = { Test-HlService -Service gitea } }
        @{ as = 'from the pipeline'; call = { 'gitea' | Test-HlService } }
        @{ as = 'from its last result'; call = { Test-HlService gitea | Test-HlService } }
        @{ as = 'from a row'; call = { [pscustomobject]@{ Name = 'gitea' } | Test-HlService } }
        @{ as = 'as a pattern'; call = { Test-HlService git* } }
    ) {
        (& $call).Name | Should -Be 'gitea'
    }

    It 'shows what is down until it is started again' {
        $null = Invoke-Control $lab Post containers/homepage@infra/crash
        $down = Test-HlService | Where-Object Status -ne Up
        $down.Name | Should -Be 'homepage'
        Get-HlContainer $down.Name | Start-HlContainer
        (Test-HlService homepage).Status | Should -Be 'Up'
    }

    It 'says what is not there with the nearest name, and goes on' {
        $found = 'gitae', 'gitea' | Test-HlService -ErrorAction SilentlyContinue -ErrorVariable failed
        $found.Name | Should -Be 'gitea'
        $failed | Should -HaveCount 1
        $failed[0].FullyQualifiedErrorId | Should -Be 'ServiceNotFound,Homelab.PowerShell.TestHlServiceCommand'
        $failed[0].CategoryInfo.Category | Should -Be 'ObjectNotFound'
        $failed[0].TargetObject | Should -Be 'gitae'
        "$($failed[0])" | Should -BeLike '*gitea*'
    }

    It 'finds nothing by a pattern without a word' {
        Test-HlService nosuch* -ErrorAction Stop | Should -BeNullOrEmpty
    }
}
