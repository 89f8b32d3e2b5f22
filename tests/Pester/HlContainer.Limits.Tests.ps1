BeforeAll {
    . "$PSScriptRoot/Common.ps1"
    $script:lab = Open-Lab
    $script:onlyOperating = Copy-LabFile $lab 'interactive: manage' 'interactive: operate'
    $null = Connect-Hl $lab.File
}

AfterAll {
    Close-Lab $lab
}

Describe 'Set-HlContainer' {
    BeforeEach {
        $null = Invoke-Control $lab Post reset
    }

    It 'limits the container <as>' -ForEach @(
        @{ as = 'by position'; size = 1GB; call = { Set-HlContainer gitea@dev -Memory 1GiB -PassThru } }
        @{ as = 'by parameter'; size = 2GB; call = { Set-HlContainer -Container gitea -Memory 2GiB -PassThru } }
        @{ as = 'by text from the pipeline'; size = 3GB; call = { 'gitea' | Set-HlContainer -Memory 3GiB -PassThru } }
        @{ as = 'by a container'; size = 4GB; call = { Get-HlContainer gitea | Set-HlContainer -Memory 4GiB -PassThru } }
        @{ as = 'by a row with a name and a host'; size = 5GB; call = { [pscustomobject]@{ Name = 'gitea'; Host = 'dev' } | Set-HlContainer -Memory 5GiB -PassThru } }
        @{ as = 'by what it returned before'; size = 6GB; call = { Set-HlContainer gitea@dev -Memory 5GiB -PassThru | Set-HlContainer -Memory 6GiB -PassThru } }
        @{ as = 'in bytes'; size = 7GB; call = { Set-HlContainer gitea@dev -Memory 7GB -PassThru } }
    ) {
        $limits = & $call
        $limits | Should -BeOfType ([Homelab.ContainerLimits])
        "$limits" | Should -Be 'gitea@dev'
        $limits.MemoryLimit | Should -Be $size
        # As the engine has it now.
        (Get-HlContainerDetail gitea@dev).MemoryLimit | Should -Be $size
    }

    It 'sets processors and the restart policy, and leaves what is not given' {
        Set-HlContainer redis@dev -Memory 1GiB | Should -BeNullOrEmpty
        $limits = Set-HlContainer redis@dev -Cpu 1.5 -RestartPolicy OnFailure -RestartLimit 3 -PassThru
        $limits.MemoryLimit | Should -Be 1GB
        $limits.CpuLimit | Should -Be 1.5
        $limits.RestartPolicy | Should -Be 'on-failure'
        $limits.RestartLimit | Should -Be 3
        Get-Change $lab | Should -Be 'update redis@dev', 'update redis@dev'
    }

    It 'changes nothing where it is so already' {
        Set-HlContainer homepage@infra -Memory 1GiB
        $null = Invoke-Control $lab Post reset
        (Set-HlContainer homepage@infra -Memory 1GiB -PassThru).MemoryLimit | Should -Be 1GB
        Get-Change $lab | Should -BeNullOrEmpty
    }

    It 'says under -WhatIf what it would set, and sets nothing' {
        $said = Invoke-Shell "Connect-Hl '$($lab.File)' | Out-Null; Set-HlContainer gitea@dev -Memory 8GiB -Cpu 2 -WhatIf"
        $said.Output | Should -BeExactly 'What if: Performing the operation "Limit container (memory 8 GiB, cpu 2)" on target "gitea@dev".'
        Get-Change $lab | Should -BeNullOrEmpty
    }

    It 'refuses <what>' -ForEach @(
        @{ what = 'to set nothing'; call = { Set-HlContainer gitea@dev }; id = 'InputInvalid'; says = '*Give memory, swap, cpu or restartPolicy.*' }
        @{ what = 'too little memory, in words that people use'; call = { Set-HlContainer gitea@dev -Memory 1KiB }; id = 'InputInvalid'; says = '*from 6MiB to 1*' }
        @{ what = 'no processor'; call = { Set-HlContainer gitea@dev -Cpu 0 }; id = 'InputInvalid'; says = '*from 0.01*' }
        @{ what = 'a number of restarts where no policy counts them'; call = { Set-HlContainer gitea@dev -RestartPolicy Always -RestartLimit 3 }; id = 'InputInvalid'; says = '*on-failure only*' }
        @{ what = 'a policy that there is not'; call = { Set-HlContainer gitea@dev -RestartPolicy Sometimes }; id = 'CannotConvertArgumentNoMessage'; says = '*UnlessStopped*' }
        @{ what = 'what is no size'; call = { Set-HlContainer gitea@dev -Memory much }; id = 'ParameterArgumentTransformationError'; says = '*much*' }
    ) {
        $caught = Get-Caught $call
        $caught.FullyQualifiedErrorId | Should -Be "$id,Homelab.PowerShell.SetHlContainerCommand"
        "$caught" | Should -BeLike $says
        Get-Change $lab | Should -BeNullOrEmpty
    }

    It 'says what is not there, and goes on' {
        $found = 'nosuch', 'gitea' | Set-HlContainer -Cpu 3 -PassThru -ErrorAction SilentlyContinue -ErrorVariable failed
        "$found" | Should -Be 'gitea@dev'
        $failed.FullyQualifiedErrorId | Should -Be 'ContainerNotFound,Homelab.PowerShell.SetHlContainerCommand'
        $failed.TargetObject | Should -Be 'nosuch'
    }
}

Describe 'Reset-HlContainer' {
    BeforeEach {
        $null = Invoke-Control $lab Post reset
    }

    It 'makes the container anew <as>' -ForEach @(
        @{ as = 'by position'; call = { Reset-HlContainer gitea@dev -Settle 0s -PassThru } }
        @{ as = 'by a container'; call = { Get-HlContainer gitea | Reset-HlContainer -Settle 0s -PassThru } }
    ) {
        $before = (Get-HlContainer gitea).Id
        $made = & $call
        $made | Should -BeOfType ([Homelab.ContainerDetail])
        $made.Name | Should -Be 'gitea'
        $made.Health | Should -Be 'Healthy'
        $made.Id | Should -Not -Be $before
        (Get-HlContainer gitea*).Id | Should -Be $made.Id -Because 'the old one is gone'
    }

    It 'says nothing without -PassThru' {
        Reset-HlContainer redis@dev -Settle 0s | Should -BeNullOrEmpty
    }

    It 'says what it would do under -WhatIf, and does nothing' {
        $said = Invoke-Shell "Connect-Hl '$($lab.File)' | Out-Null; Reset-HlContainer gitea@dev -WhatIf"
        $said.Output | Should -BeExactly 'What if: Performing the operation "Make container anew" on target "gitea@dev".'
        Get-Change $lab | Should -BeNullOrEmpty
    }

    It 'refuses <what>' -ForEach @(
        @{ what = 'a container that there is not'; call = { Reset-HlContainer nosuch }; id = 'ContainerNotFound'; category = 'ObjectNotFound' }
        @{ what = 'a time without a unit'; call = { Reset-HlContainer gitea -Settle 5 }; id = 'ParameterArgumentTransformationError'; category = 'InvalidData' }
        @{ what = 'a time out of range'; call = { Reset-HlContainer gitea -Timeout 1h }; id = 'InputInvalid'; category = 'InvalidArgument' }
    ) {
        $caught = Get-Caught $call
        $caught.FullyQualifiedErrorId | Should -Be "$id,Homelab.PowerShell.ResetHlContainerCommand"
        $caught.CategoryInfo.Category | Should -Be $category
        Get-Change $lab | Should -BeNullOrEmpty
    }
}

Describe 'Containers, where a person may operate and no more' {
    BeforeAll {
        $null = Connect-Hl $onlyOperating
        $null = Invoke-Control $lab Post reset
    }

    It 'are not <done>' -ForEach @(
        @{ done = 'limited'; call = { Set-HlContainer gitea@dev -Memory 1GiB }; class = 'SetHlContainerCommand' }
        @{ done = 'made anew'; call = { Reset-HlContainer gitea@dev -Force }; class = 'ResetHlContainerCommand' }
    ) {
        $caught = Get-Caught $call
        $caught.FullyQualifiedErrorId | Should -Be "LevelTooLow,Homelab.PowerShell.$class"
        $caught.CategoryInfo.Category | Should -Be 'PermissionDenied'
        $caught.TargetObject | Should -Be 'gitea@dev'
        Get-Change $lab | Should -BeNullOrEmpty
    }
}
