BeforeAll {
    . "$PSScriptRoot/Common.ps1"
    $script:lab = Open-Lab
    $null = Connect-Hl $lab.File
    $null = Invoke-Control $lab Post 'containers/gitea@dev/log?text=first'
    $null = Invoke-Control $lab Post 'containers/gitea@dev/log?text=second&source=error'
}

AfterAll {
    Close-Lab $lab
}

Describe 'Get-HlContainerLog' {
    It 'reads the log of the container <as>' -ForEach @(
        @{ as = 'by position'; call = { Get-HlContainerLog gitea@dev } }
        @{ as = 'by parameter'; call = { Get-HlContainerLog -Container gitea } }
        @{ as = 'by text from the pipeline'; call = { 'gitea' | Get-HlContainerLog } }
        @{ as = 'by a container'; call = { Get-HlContainer gitea | Get-HlContainerLog } }
        @{ as = 'by a check'; call = { Test-HlContainer gitea | Get-HlContainerLog } }
        @{ as = 'by a row with a name and a host'; call = { [pscustomobject]@{ Name = 'gitea'; Host = 'dev' } | Get-HlContainerLog } }
    ) {
        $lines = @(& $call)
        $lines | Should -BeOfType ([Homelab.ContainerLogLine])
        $lines.Text | Should -Be 'first', 'second'
        $lines.Source | Should -Be 'Output', 'Error'
        $lines.Container | Should -Be 'gitea', 'gitea'
        $lines[0].At | Should -BeGreaterThan ([datetimeoffset]::UtcNow.AddHours(-1))
    }

    It 'reads as many of the last lines as are asked for' {
        (Get-HlContainerLog gitea@dev -Tail 1).Text | Should -Be 'second'
        Get-HlContainerLog gitea@dev -Tail 0 | Should -BeNullOrEmpty
    }

    It 'reads lines that are young enough' {
        @(Get-HlContainerLog gitea@dev -Since 1h).Count | Should -Be 2
        Get-HlContainerLog gitea@dev -Since 0s | Should -BeNullOrEmpty
    }

    It 'follows, ends when the pipeline has enough, and closes its connection' {
        # A connection that was open before is kept for the next call; the one that was followed must not stay beside it.
        $null = Connect-Hl $lab.File
        Wait-Until { -not (Get-OpenConnection $lab) }
        # By itself it never ends.
        $first = Get-HlContainerLog gitea@dev -Follow | Select-Object -First 1
        $first | Should -BeOfType ([Homelab.ContainerLogLine])
        Wait-Until { -not (Get-OpenConnection $lab) }
    }

    It 'says what is not there, and goes on' {
        $found = 'nosuch', 'gitea' | Get-HlContainerLog -Tail 1 -ErrorAction SilentlyContinue -ErrorVariable failed
        $found.Container | Should -Be 'gitea'
        $failed | Should -HaveCount 1
        $failed[0].FullyQualifiedErrorId | Should -Be 'ContainerNotFound,Homelab.PowerShell.GetHlContainerLogCommand'
        $failed[0].CategoryInfo.Category | Should -Be 'ObjectNotFound'
        $failed[0].TargetObject | Should -Be 'nosuch'
    }

    It 'refuses <what>' -ForEach @(
        @{ what = 'fewer lines than none'; call = { Get-HlContainerLog gitea -Tail -1 }; id = 'InputInvalid' }
        @{ what = 'more lines than there may be'; call = { Get-HlContainerLog gitea -Tail 100001 }; id = 'InputInvalid' }
        @{ what = 'an age without a unit'; call = { Get-HlContainerLog gitea -Since 10 }; id = 'ParameterArgumentTransformationError' }
        @{ what = 'what is no number'; call = { Get-HlContainerLog gitea -Tail many }; id = 'CannotConvertArgumentNoMessage' }
    ) {
        $caught = Get-Caught $call
        $caught.FullyQualifiedErrorId | Should -Be "$id,Homelab.PowerShell.GetHlContainerLogCommand"
        $caught.CategoryInfo.Category | Should -BeIn 'InvalidArgument', 'InvalidData'
    }
}
