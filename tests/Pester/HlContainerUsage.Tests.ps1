BeforeAll {
    . "$PSScriptRoot/Common.ps1"
    $script:lab = Open-Lab
    $null = Connect-Hl $lab.File
}

AfterAll {
    Close-Lab $lab
}

Describe 'Get-HlContainerUsage' {
    It 'measures everything that runs' {
        $all = @(Get-HlContainerUsage)
        $all.Count | Should -Be 11
        $all | Should -BeOfType ([Homelab.ContainerUsage])
        $all.MemoryUsed | Measure-Object -Minimum | ForEach-Object Minimum | Should -BeGreaterThan 0
    }

    It 'measures the containers of one host' {
        Get-HlContainerUsage -Host ai | ForEach-Object Host | Sort-Object -Unique | Should -Be 'ai'
    }

    It 'measures the container <as>' -ForEach @(
        @{ as = 'by position'; call = { Get-HlContainerUsage gitea@dev } }
        @{ as = 'by parameters'; call = { Get-HlContainerUsage -Container gitea -Host dev } }
        @{ as = 'by text from the pipeline'; call = { 'gitea' | Get-HlContainerUsage } }
        @{ as = 'by a container'; call = { Get-HlContainer gitea | Get-HlContainerUsage } }
        @{ as = 'by what it used before'; call = { Get-HlContainerUsage gitea | Get-HlContainerUsage } }
        @{ as = 'by a row with a name and a host'; call = { [pscustomobject]@{ Name = 'gitea'; Host = 'dev' } | Get-HlContainerUsage } }
    ) {
        & $call | ForEach-Object ToString | Should -Be 'gitea@dev'
    }

    It 'pipes what uses most to be restarted' {
        $null = Invoke-Control $lab Post reset
        Get-HlContainerUsage -Host infra | Sort-Object Name | Select-Object -First 1 | Restart-HlContainer
        Get-Change $lab | Should -Be 'restart adguardhome@infra'
    }

    It 'says of a container that does not run that it uses nothing, and goes on' {
        Stop-HlContainer redis@dev -Grace 0s
        try {
            $found = 'redis@dev', 'nosuch', 'gitea@dev' | Get-HlContainerUsage -ErrorAction SilentlyContinue -ErrorVariable failed
            "$found" | Should -Be 'gitea@dev'
            $failed.FullyQualifiedErrorId | Should -Be 'ContainerNotRunning,Homelab.PowerShell.GetHlContainerUsageCommand', 'ContainerNotFound,Homelab.PowerShell.GetHlContainerUsageCommand'
            $failed.CategoryInfo.Category | Should -Be 'ResourceBusy', 'ObjectNotFound'
            $failed.TargetObject | Should -Be 'redis@dev', 'nosuch'
        } finally {
            Start-HlContainer redis@dev
        }
    }

    It 'refuses a host that there is not' {
        (Get-Caught { Get-HlContainerUsage -Host nosuch }).FullyQualifiedErrorId | Should -Be 'DockerHostNotFound,Homelab.PowerShell.GetHlContainerUsageCommand'
    }
}
