BeforeAll {
    . "$PSScriptRoot/Common.ps1"
    $script:lab = Open-Lab
    $script:onlyLooking = Copy-LabFile $lab 'interactive: manage' 'interactive: monitor'
    $null = Connect-Hl $lab.File
}

AfterAll {
    Close-Lab $lab
}

Describe 'Get-HlDockerSpace' {
    It 'counts on every engine, each of them for itself' {
        $all = @(Get-HlDockerSpace)
        $all | Should -BeOfType ([Homelab.DockerSpace])
        $all.Count | Should -Be 12
        # What one engine keeps stays together, whichever answers first.
        for ($first = 0; $first -lt 12; $first += 4) {
            $one = $all[$first..($first + 3)]
            @($one.Host | Sort-Object -Unique).Count | Should -Be 1
            $one.Kind | Should -Be 'Images', 'Containers', 'Volumes', 'BuildCache'
        }
        ($all | Where-Object Kind -EQ Containers | Measure-Object Count -Sum).Sum | Should -Be 11
    }

    It 'takes the host <as>' -ForEach @(
        @{ as = 'by position'; call = { Get-HlDockerSpace dev } }
        @{ as = 'by parameter'; call = { Get-HlDockerSpace -Host dev } }
        @{ as = 'by text from the pipeline'; call = { 'dev' | Get-HlDockerSpace } }
        @{ as = 'by a container'; call = { Get-HlContainer gitea | Get-HlDockerSpace } }
        @{ as = 'by what it returned before'; call = { Get-HlDockerSpace dev | Select-Object -First 1 | Get-HlDockerSpace } }
    ) {
        @(& $call).ForEach{ "$($_.Host) $($_.Kind)" } | Should -Be 'dev Images', 'dev Containers', 'dev Volumes', 'dev BuildCache'
    }

    It 'says which host has no engine, and goes on' {
        $found = 'nosuch', 'dev' | Get-HlDockerSpace -ErrorAction SilentlyContinue -ErrorVariable failed
        @($found).Count | Should -Be 4
        $failed.FullyQualifiedErrorId | Should -Be 'DockerHostNotFound,Homelab.PowerShell.GetHlDockerSpaceCommand'
        $failed.CategoryInfo.Category | Should -Be 'ObjectNotFound'
        $failed.TargetObject | Should -Be 'nosuch'
    }

    It 'is a row with sizes that people read' {
        $rendering = $PSStyle.OutputRendering
        $PSStyle.OutputRendering = 'PlainText'
        try {
            $space = [Homelab.DockerSpace]@{ Host = 'dev'; Kind = 'Images'; Count = 12; InUse = 3; Size = 3GB; Reclaimable = 1.5GB }
            ($space | Out-String) | Should -Match 'Host +Kind +Count +Size +Reclaimable[\s\S]*dev +Images +12 +3 GiB +1\.5 GiB'
            ($space | Format-List | Out-String) | Should -Match 'InUse +: 3'
        } finally {
            $PSStyle.OutputRendering = $rendering
        }
    }
}

Describe 'Clear-HlImage' {
    BeforeEach {
        $null = Invoke-Control $lab Post reset
    }

    It 'clears the host <as>' -ForEach @(
        @{ as = 'by position'; call = { Clear-HlImage dev -PassThru } }
        @{ as = 'by text from the pipeline'; call = { 'dev' | Clear-HlImage -PassThru } }
        @{ as = 'by what was counted'; call = { Get-HlDockerSpace dev | Where-Object Kind -EQ Images | Clear-HlImage -PassThru } }
    ) {
        $cleared = & $call
        $cleared | Should -BeOfType ([Homelab.ImageCleanup])
        $cleared.Host | Should -Be 'dev'
        $cleared.Freed | Should -Be 0
        (Invoke-Control $lab Get changes).path | Should -BeLike '*/images/prune*'
    }

    It 'says nothing without -PassThru' {
        Clear-HlImage dev | Should -BeNullOrEmpty
    }

    It 'says under -WhatIf what it would delete, and deletes nothing' {
        $said = Invoke-Shell "Connect-Hl '$($lab.File)' | Out-Null; Clear-HlImage dev -WhatIf; Clear-HlImage dev -All -OlderThan 7d -BuildCache -WhatIf"
        $said.Output -split '\r?\n' | Should -BeExactly @(
            'What if: Performing the operation "Delete images without a name" on target "dev".'
            'What if: Performing the operation "Delete images that no container uses, older than 7d, and caches of builds" on target "dev".'
        )
        (Invoke-Control $lab Get changes).Where{ $_.method } | Should -BeNullOrEmpty
    }

    It 'refuses <what>' -ForEach @(
        @{ what = 'a host that has no engine'; call = { Clear-HlImage nosuch }; id = 'DockerHostNotFound'; category = 'ObjectNotFound' }
        @{ what = 'an age without a unit'; call = { Clear-HlImage dev -OlderThan 7 }; id = 'ParameterArgumentTransformationError'; category = 'InvalidData' }
        @{ what = 'a time out of range'; call = { Clear-HlImage dev -Timeout 1s }; id = 'InputInvalid'; category = 'InvalidArgument' }
    ) {
        $caught = Get-Caught $call
        $caught.FullyQualifiedErrorId | Should -Be "$id,Homelab.PowerShell.ClearHlImageCommand"
        $caught.CategoryInfo.Category | Should -Be $category
    }
}

Describe 'Where a person may only look' {
    BeforeAll {
        $null = Connect-Hl $onlyLooking
        $null = Invoke-Control $lab Post reset
    }

    It 'is counted' {
        @(Get-HlDockerSpace dev).Count | Should -Be 4
    }

    It 'is not deleted by <cmdlet>, even with -Force' -ForEach @(
        @{ cmdlet = 'Clear-HlImage'; target = 'dev'; class = 'ClearHlImageCommand' }
        @{ cmdlet = 'Clear-HlContainerLog'; target = 'gitea@dev'; class = 'ClearHlContainerLogCommand' }
    ) {
        $caught = Get-Caught { & $cmdlet $target -Force }
        $caught.FullyQualifiedErrorId | Should -Be "LevelTooLow,Homelab.PowerShell.$class"
        $caught.CategoryInfo.Category | Should -Be 'PermissionDenied'
        $caught.TargetObject | Should -Be $target
        (Invoke-Control $lab Get changes).Where{ $_.method } | Should -BeNullOrEmpty
    }
}

Describe 'Clear-HlContainerLog' {
    BeforeAll {
        $null = Connect-Hl $lab.File
    }

    It 'cuts the log to nothing on its host, and says how much is free by that' {
        $null = Invoke-Control $lab Post 'containers/gitea@dev/fill?bytes=3MiB'
        $cut = Clear-HlContainerLog gitea@dev -PassThru -Confirm:$false
        $cut | Should -BeOfType ([Homelab.ContainerLogCut])
        $cut.SizeAfter | Should -Be 0
        $cut.Freed | Should -Be $cut.SizeBefore
        $cut.SizeBefore | Should -BeGreaterOrEqual 3MB
    }

    It 'says of each container that is not there that it is not, and goes on' {
        $caught = @('nosuch', 'nosuch' | Clear-HlContainerLog -Confirm:$false 2>&1)
        $caught | Should -HaveCount 2
        $caught[0].FullyQualifiedErrorId | Should -Be 'ContainerNotFound,Homelab.PowerShell.ClearHlContainerLogCommand'
        $caught[0].CategoryInfo.Category | Should -Be 'ObjectNotFound'
        $caught[0].TargetObject | Should -Be 'nosuch'
    }
}
