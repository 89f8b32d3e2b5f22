BeforeAll {
    . "$PSScriptRoot/Common.ps1"
    $script:lab = Open-Lab
    $null = Connect-Hl $lab.File
}

AfterAll {
    Close-Lab $lab
}

Describe 'Get-HlContainerDetail' {
    It 'shows the container <as>' -ForEach @(
        @{ as = 'by position'; call = { Get-HlContainerDetail gitea@dev } }
        @{ as = 'by parameter'; call = { Get-HlContainerDetail -Container gitea } }
        @{ as = 'by text from the pipeline'; call = { 'gitea' | Get-HlContainerDetail } }
        @{ as = 'by a container'; call = { Get-HlContainer gitea | Get-HlContainerDetail } }
        @{ as = 'by a check'; call = { Test-HlContainer gitea | Get-HlContainerDetail } }
        @{ as = 'by what it uses'; call = { Get-HlContainerUsage gitea | Get-HlContainerDetail } }
        @{ as = 'by a reference'; call = { Get-HlContainerDetail ([Homelab.ContainerRef] 'gitea@dev') } }
        @{ as = 'by a row with a name and a host'; call = { [pscustomobject]@{ Name = 'gitea'; Host = 'dev' } | Get-HlContainerDetail } }
    ) {
        $detail = & $call
        $detail | Should -BeOfType ([Homelab.ContainerDetail])
        "$detail" | Should -Be 'gitea@dev'
        $detail.RestartPolicy | Should -Be 'unless-stopped'
    }

    It 'shows why a container ended' {
        $null = Invoke-Control $lab Post 'containers/ragflow@ai/crash?code=9'
        (Get-HlContainer -State Exited | Get-HlContainerDetail).ExitCode | Should -Be 9
    }

    It 'says what is not there, and goes on' {
        $found = 'nosuch@dev', 'gitea@nosuch', 'gitea@dev' | Get-HlContainerDetail -ErrorAction SilentlyContinue -ErrorVariable failed
        "$found" | Should -Be 'gitea@dev'
        $failed.FullyQualifiedErrorId | Should -Be 'ContainerNotFound,Homelab.PowerShell.GetHlContainerDetailCommand', 'DockerHostNotFound,Homelab.PowerShell.GetHlContainerDetailCommand'
        $failed.CategoryInfo.Category | Sort-Object -Unique | Should -Be 'ObjectNotFound'
        $failed.TargetObject | Should -Be 'nosuch@dev', 'nosuch'
    }

    It 'needs a name' {
        (Get-Caught { Get-HlContainerDetail '' }).Exception.Message | Should -BeLike '*Container*'
    }

    It 'is refused where a person may not look that deeply' {
        $null = Connect-Hl (Copy-LabFile $lab 'interactive: manage' 'interactive: monitor')
        try {
            $caught = Get-Caught { Get-HlContainerDetail gitea@dev }
            $caught.FullyQualifiedErrorId | Should -Be 'LevelTooLow,Homelab.PowerShell.GetHlContainerDetailCommand'
            $caught.CategoryInfo.Category | Should -Be 'PermissionDenied'
        } finally {
            $null = Connect-Hl $lab.File
        }
    }
}
