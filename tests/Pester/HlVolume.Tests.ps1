BeforeAll {
    . "$PSScriptRoot/Common.ps1"
    $script:lab = Open-Lab
    $null = Connect-Hl $lab.File
}

AfterAll {
    Close-Lab $lab
}

Describe 'Get-HlNetwork' {
    It 'lists the networks of every engine, with who is in them' {
        $all = @(Get-HlNetwork)
        $all | Should -BeOfType ([Homelab.DockerNetwork])
        @($all.Where{ $_.Name -eq 'bridge' }).Count | Should -Be 3
        $all.Where{ $_.Name -eq 'bridge' -and $_.Host -eq 'dev' }.Containers | Should -Contain 'gitea'
    }

    It 'takes the host <as>' -ForEach @(
        @{ as = 'by position'; call = { Get-HlNetwork dev } }
        @{ as = 'by text from the pipeline'; call = { 'dev' | Get-HlNetwork } }
        @{ as = 'by a container'; call = { Get-HlContainer gitea | Get-HlNetwork } }
    ) {
        @(& $call).Host | Sort-Object -Unique | Should -Be 'dev'
    }

    It 'finds what nobody uses' {
        (Get-HlNetwork dev -Unused).Name | Should -Not -Contain 'bridge'
    }

    It 'says which network is not there' {
        $caught = Get-Caught { Get-HlNetwork dev -Name nowhere }
        $caught.FullyQualifiedErrorId | Should -Be 'DockerNetworkNotFound,Homelab.PowerShell.GetHlNetworkCommand'
        $caught.CategoryInfo.Category | Should -Be 'ObjectNotFound'
    }
}

Describe 'Get-HlVolume' {
    It 'finds nothing where there is nothing' {
        Get-HlVolume -Name nowhere* | Should -BeNullOrEmpty
    }

    It 'says which host has no engine' {
        $caught = Get-Caught { Get-HlVolume nosuch }
        $caught.FullyQualifiedErrorId | Should -Be 'DockerHostNotFound,Homelab.PowerShell.GetHlVolumeCommand'
        $caught.TargetObject | Should -Be 'nosuch'
    }

    It 'is a row with who uses it' {
        $rendering = $PSStyle.OutputRendering
        $PSStyle.OutputRendering = 'PlainText'
        try {
            $volume = [Homelab.DockerVolume]@{ Name = 'data'; Host = 'dev'; Driver = 'local'; Stack = 'shop'; Size = 3GB; UsedBy = [string[]]('web', 'db') }
            ($volume | Out-String) | Should -Match 'Name +Host +Stack +Size +Used by[\s\S]*data +dev +shop +3 GiB +web, db'
        } finally {
            $PSStyle.OutputRendering = $rendering
        }
    }
}
