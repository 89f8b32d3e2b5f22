BeforeAll {
    . "$PSScriptRoot/Common.ps1"
    $script:lab = Open-Lab
    $null = Connect-Hl $lab.File
}

AfterAll {
    Close-Lab $lab
}

Describe 'Get-HlVmConfig' {
    It 'tells how a guest is configured, by <by>' -ForEach @(
        @{ by = 'name'; call = { Get-HlVmConfig dev } }
        @{ by = 'VMID'; call = { Get-HlVmConfig 100 } }
        @{ by = 'an object'; call = { Get-HlVm dev | Get-HlVmConfig } }
    ) {
        $config = & $call
        $config | Should -BeOfType ([Homelab.VmConfig])
        "$config" | Should -Be 'pve/100 (dev)'
        $config.Cores | Should -Be 8
        $config.Memory | Should -Be 16GB
        $config.Tags | Should -Be 'docker', 'prod'
        $config.OnBoot | Should -BeTrue
        $config.Protection | Should -BeFalse
        $config.Digest | Should -Match '^[0-9a-f]{40}$'
        $config.Pending | Should -BeNullOrEmpty
        $config.Disks[0] | Should -BeOfType ([Homelab.VmDisk])
        "$($config.Disks[0])" | Should -Be 'scsi0'
        $config.Disks[0].Size | Should -Be 8GB
        $config.Networks[0].Bridge | Should -Be 'vmbr0'
    }

    It 'tells it of containers too' {
        $config = Get-HlVmConfig backup
        $config.Kind | Should -Be 'Lxc'
        $config.Disks[0].Disk | Should -Be 'rootfs'
        $config.Sockets | Should -BeNullOrEmpty
    }
}

Describe 'Set-HlVm' {
    BeforeEach {
        $null = Invoke-Control $lab Post reset
    }

    It 'changes a guest <as>' -ForEach @(
        @{ as = 'by position'; text = 'a'; call = { Set-HlVm sandbox -Description a } }
        @{ as = 'by parameter'; text = 'b'; call = { Set-HlVm -Vm sandbox -Description b } }
        @{ as = 'by VMID'; text = 'c'; call = { Set-HlVm 110 -Description c } }
        @{ as = 'from the pipeline'; text = 'd'; call = { 'sandbox' | Set-HlVm -Description d } }
        @{ as = 'as an object'; text = 'e'; call = { Get-HlVm sandbox | Set-HlVm -Description e } }
        @{ as = 'from its configuration'; text = 'f'; call = { Get-HlVmConfig sandbox | Set-HlVm -Description f } }
        @{ as = 'from a row of a CSV file'; text = 'g'; call = { Get-HlVm sandbox | ConvertTo-Csv | ConvertFrom-Csv | Set-HlVm -Description g } }
    ) {
        & $call | Should -BeNullOrEmpty
        Get-NodeChange $lab | Should -Be 'POST pve2/qemu/110/config'
        (Get-HlVmConfig sandbox).Description | Should -Be $text
    }

    It 'takes a size as it is written: <size>' -ForEach @(
        @{ size = '1GiB'; call = { Set-HlVm sandbox -Memory 1GiB -PassThru }; expected = 1GB }
        @{ size = '3072MiB'; call = { Set-HlVm sandbox -Memory 3072MiB -PassThru }; expected = 3GB }
        @{ size = '4gb'; call = { Set-HlVm sandbox -Memory 4gb -PassThru }; expected = 4GB }
        @{ size = 'a number of bytes'; call = { Set-HlVm sandbox -Memory 2147483648 -PassThru }; expected = 2GB }
    ) {
        (& $call).Memory | Should -Be $expected
    }

    It 'changes <what>' -ForEach @(
        @{ what = 'cores'; call = { Set-HlVm sandbox -Core 3 -PassThru }; is = { $_.Cores -eq 3 } }
        @{ what = 'the name'; call = { Set-HlVm sandbox -Name sandbox-2 -PassThru; Set-HlVm sandbox-2 -Name sandbox }; is = { $_.Name -eq 'sandbox-2' -and "$_" -eq 'pve2/110 (sandbox-2)' } }
        @{ what = 'tags, all'; call = { Set-HlVm sandbox -Tag test, lab -PassThru }; is = { "$($_.Tags)" -eq 'lab test' -or "$($_.Tags)" -eq 'test lab' } }
        @{ what = 'tags, some'; call = { Set-HlVm sandbox -AddTag web -RemoveTag lab -PassThru }; is = { 'web' -in $_.Tags -and 'test' -in $_.Tags -and 'lab' -notin $_.Tags } }
        @{ what = 'tags, none left'; call = { Set-HlVm sandbox -Tag @() -PassThru }; is = { $_.Tags.Count -eq 0 } }
        @{ what = 'the start with its node'; call = { Set-HlVm sandbox -OnBoot $true -PassThru }; is = { $_.OnBoot } }
        @{ what = 'the start with its node back'; call = { Set-HlVm sandbox -OnBoot $false -PassThru }; is = { -not $_.OnBoot } }
        @{ what = 'the protection'; call = { Set-HlVm sandbox -Protection:$true -PassThru; Set-HlVm sandbox -Protection:$false }; is = { $_.Protection } }
    ) {
        $seen = @(& $call)
        $seen | Should -HaveCount 1
        $seen[0] | Should -BeOfType ([Homelab.VmConfig])
        $seen[0].Where($is) | Should -HaveCount 1
    }

    It 'asks Proxmox for nothing where everything is as it should be' {
        Set-HlVm dev -Core 8 -Memory 16GiB -OnBoot $true
        Get-NodeChange $lab | Should -BeNullOrEmpty
    }

    It 'tells what waits for the next start of a guest that runs' {
        $seen = Set-HlVm dev -Core 4 -PassThru
        $seen.Cores | Should -Be 8
        "$($seen.Pending)" | Should -Be 'cores: 8 -> 4'
        Restart-HlVm dev
        $after = Get-HlVmConfig dev
        $after.Cores | Should -Be 4
        $after.Pending | Should -BeNullOrEmpty
    }

    It 'does not overwrite what somebody else has changed' {
        $seen = Get-HlVmConfig sandbox
        Set-HlVm sandbox -Description 'somebody else'
        $null = Invoke-Control $lab Post reset
        $caught = Get-Caught { Set-HlVm sandbox -Core 1 -Digest $seen.Digest }
        $caught.FullyQualifiedErrorId | Should -Be 'VmConfigChanged,Homelab.PowerShell.SetHlVmCommand'
        $caught.CategoryInfo.Category | Should -Be 'ResourceBusy'
        $caught.Exception.Message | Should -BeLike '*Get-HlVmConfig 110*'
        Get-NodeChange $lab | Should -BeNullOrEmpty
    }

    It 'changes nothing under -WhatIf, and says what it would' {
        $said = Invoke-Shell "Connect-Hl '$($lab.File)' | Out-Null; 'sandbox', 'backup' | Set-HlVm -Core 1 -WhatIf"
        $said.Output -split '\r?\n' | Should -Be ('sandbox', 'backup').ForEach{ "What if: Performing the operation `"Change guest (cores 1)`" on target `"$_@pve2`"." }
        $said.Errors | Should -BeNullOrEmpty
        Get-NodeChange $lab | Should -BeNullOrEmpty
    }

    It 'is an error where its task fails' {
        $null = Invoke-Control $lab Post 'tasks/fail?type=qmconfig&exit=no+space+left'
        $caught = Get-Caught { Set-HlVm sandbox -Description failing }
        $caught.FullyQualifiedErrorId | Should -Be 'ProxmoxTaskFailed,Homelab.PowerShell.SetHlVmCommand'
        (Get-HlVmConfig sandbox).Description | Should -Not -Be 'failing'
    }

    It 'does nothing with a guest that Proxmox keeps locked' {
        $null = Invoke-Control $lab Post 'guests/110/lock?reason=backup'
        (Get-Caught { Set-HlVm sandbox -Core 1 }).FullyQualifiedErrorId | Should -BeLike 'VmLocked,*'
        $null = Invoke-Control $lab Delete guests/110/lock
        Get-NodeChange $lab | Should -BeNullOrEmpty
    }

    It 'refuses <what>, and does nothing' -ForEach @(
        @{ what = 'nothing to change'; call = { Set-HlVm sandbox }; id = 'InputInvalid'; says = '*says nothing that should be changed*' }
        @{ what = 'a number of cores that there cannot be'; call = { Set-HlVm sandbox -Core 0 }; id = 'InputInvalid'; says = '*from 1 to*' }
        @{ what = 'what is no size'; call = { Set-HlVm sandbox -Memory much }; id = 'ParameterArgumentTransformationError'; says = '*much*' }
        @{ what = 'a name that DNS does not know'; call = { Set-HlVm sandbox -Name 'a b' }; id = 'InputInvalid'; says = '*letters, digits*' }
        @{ what = 'sockets of a container'; call = { Set-HlVm backup -Socket 2 }; id = '*'; says = '*' }
    ) {
        $caught = @(Get-Caught $call)
        $caught | Should -HaveCount 1
        $caught[0].FullyQualifiedErrorId | Should -BeLike "$id,Homelab.PowerShell.SetHlVmCommand"
        $caught[0].CategoryInfo.Category | Should -BeIn 'InvalidArgument', 'InvalidData'
        $caught[0].Exception.Message | Should -BeLike $says
        Get-NodeChange $lab | Should -BeNullOrEmpty
    }
}

Describe 'Resize-HlVmDisk' {
    BeforeEach {
        $null = Invoke-Control $lab Post reset
    }

    It 'makes a disk larger: <call>' -ForEach @(
        @{ call = { Resize-HlVmDisk sandbox scsi0 -Grow 1GiB -PassThru }; expected = 9GB }
        @{ call = { Resize-HlVmDisk 110 -Disk scsi0 -Size 12GiB -PassThru }; expected = 12GB }
        @{ call = { Get-HlVm sandbox | Resize-HlVmDisk -Disk scsi0 -Grow 512MiB -PassThru }; expected = 12.5GB }
    ) {
        $seen = & $call
        $seen | Should -BeOfType ([Homelab.VmDisk])
        $seen.Size | Should -Be $expected
        Get-NodeChange $lab | Should -Be 'PUT pve2/qemu/110/resize'
        ((Get-HlVmConfig sandbox).Disks | Where-Object Disk -eq scsi0).Size | Should -Be $expected
    }

    It 'returns nothing unless asked, and asks for nothing where it is as large as it should be' {
        Resize-HlVmDisk sandbox scsi0 -Size 12.5GiB | Should -BeNullOrEmpty
        Get-NodeChange $lab | Should -BeNullOrEmpty
    }

    It 'does nothing under -WhatIf' {
        $said = Invoke-Shell "Connect-Hl '$($lab.File)' | Out-Null; Resize-HlVmDisk sandbox scsi0 -Size 20GiB -WhatIf"
        $said.Output | Should -BeExactly 'What if: Performing the operation "Resize disk scsi0 to 20 GiB of guest" on target "sandbox@pve2".'
        Get-NodeChange $lab | Should -BeNullOrEmpty
    }

    It 'refuses <what>, and does nothing' -ForEach @(
        @{ what = 'to make one smaller'; call = { Resize-HlVmDisk sandbox scsi0 -Size 1GiB }; id = 'VmDiskShrinks'; category = 'InvalidArgument' }
        @{ what = 'a disk that is not there'; call = { Resize-HlVmDisk sandbox scsi9 -Grow 1GiB }; id = 'VmDiskNotFound'; category = 'ObjectNotFound' }
        @{ what = 'neither size nor amount'; call = { Resize-HlVmDisk sandbox scsi0 }; id = 'InputInvalid'; category = 'InvalidArgument' }
        @{ what = 'both'; call = { Resize-HlVmDisk sandbox scsi0 -Size 20GiB -Grow 1GiB }; id = 'InputInvalid'; category = 'InvalidArgument' }
        @{ what = 'the disk of a template'; call = { Resize-HlVmDisk debian-13 scsi0 -Grow 1GiB }; id = 'VmIsTemplate'; category = 'ResourceBusy' }
    ) {
        $caught = @(Get-Caught $call)
        $caught | Should -HaveCount 1
        $caught[0].FullyQualifiedErrorId | Should -Be "$id,Homelab.PowerShell.ResizeHlVmDiskCommand"
        $caught[0].CategoryInfo.Category | Should -Be $category
        Get-NodeChange $lab | Should -BeNullOrEmpty
    }

    It 'is an error where its task fails' {
        $null = Invoke-Control $lab Post 'tasks/fail?type=resize&exit=no+space+left'
        (Get-Caught { Resize-HlVmDisk sandbox scsi0 -Grow 1GiB }).FullyQualifiedErrorId | Should -Be 'ProxmoxTaskFailed,Homelab.PowerShell.ResizeHlVmDiskCommand'
    }
}

Describe 'Get-HlVmMetric' {
    It 'tells what a guest has used, in order, with nothing where nothing is known' {
        $points = @(Get-HlVmMetric dev)
        $points.Count | Should -BeGreaterThan 10
        $points | Should -BeOfType ([Homelab.VmMetric])
        $points[0].Time | Should -BeLessThan $points[-1].Time
    }
}
