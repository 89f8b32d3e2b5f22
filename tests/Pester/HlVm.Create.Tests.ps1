BeforeAll {
    . "$PSScriptRoot/Common.ps1"
    $script:lab = Open-Lab
    # Here policy wants no second confirmation of a removal.
    $script:lenient = Copy-LabFile $lab 'policy:' "policy:`n  approvals: { proxmox_delete_vm: ask }"
    $null = Connect-Hl $lab.File
    $script:nobody = Open-Session
    $null = Invoke-InSession $nobody { param($file) Connect-Hl $file } $lab.File
}

AfterAll {
    Close-Session $nobody
    Close-Lab $lab
}

Describe 'New-HlVm' {
    BeforeEach {
        $null = Invoke-Control $lab Post reset
    }

    It 'makes a machine and returns it as it was seen afterwards' {
        $made = New-HlVm web-1 local -Node pve -Disk 4GiB -Memory 1GiB -Core 1 -Tag web, test -Description 'made here'
        $made | Should -BeOfType ([Homelab.VmDetail])
        $made.Name | Should -Be 'web-1'
        $made.Id | Should -Be 101
        $made.State | Should -Be 'Stopped'
        $made.Task.Type | Should -Be 'qmcreate'
        Get-NodeChange $lab | Should -Be 'POST pve/qemu'
        $config = Get-HlVmConfig web-1
        $config.Memory | Should -Be 1GB
        $config.Cores | Should -Be 1
        $config.Tags | Sort-Object | Should -Be 'test', 'web'
        $config.Description | Should -BeLike 'made here*'
        $config.Disks.Where{ -not $_.Cdrom }[0].Size | Should -Be 4GB
    }

    It 'starts it where that was asked for, under the VMID that was given' {
        $made = New-HlVm -Name web-2 -Storage local -Node pve2 -Id 222 -Disk 4GiB -Start
        "$made" | Should -Be 'pve2/222 (web-2)'
        $made.State | Should -Be 'Running'
    }

    It 'makes several from rows of a CSV file' {
        $made = "Name`nrow-1`nrow-2" | ConvertFrom-Csv | New-HlVm -Storage local -Node pve -Disk 1GiB
        $made.Name | Should -Be 'row-1', 'row-2'
        Get-NodeChange $lab | Should -Be 'POST pve/qemu', 'POST pve/qemu'
    }

    It 'leaves the task with -NoWait' {
        $null = Invoke-Control $lab Post 'tasks/hold?type=qmcreate'
        $task = New-HlVm web-3 local -Node pve -Disk 1GiB -NoWait
        $task | Should -BeOfType ([Homelab.ProxmoxTask])
        $task.State | Should -Be 'Running'
        $null = Invoke-Control $lab Delete tasks/hold
        ($task | Wait-HlTask).State | Should -Be 'Succeeded'
        (Get-HlVm web-3).State | Should -Be 'Stopped'
    }

    It 'makes nothing under -WhatIf' {
        $said = Invoke-Shell "Connect-Hl '$($lab.File)' | Out-Null; New-HlVm never local -Node pve -WhatIf"
        $said.Output | Should -BeExactly 'What if: Performing the operation "Make virtual machine" on target "never@pve".'
        Get-NodeChange $lab | Should -BeNullOrEmpty
    }

    It 'is an error where its task fails' {
        $null = Invoke-Control $lab Post 'tasks/fail?type=qmcreate&exit=no+space+left'
        $caught = Get-Caught { New-HlVm failing local -Node pve -Disk 1GiB }
        $caught.FullyQualifiedErrorId | Should -Be 'ProxmoxTaskFailed,Homelab.PowerShell.NewHlVmCommand'
        $caught.Exception.Message | Should -BeLike '*no space left*'
        Get-HlVm failing* | Should -BeNullOrEmpty
    }

    It 'refuses <what>, and asks Proxmox for nothing' -ForEach @(
        @{ what = 'a name that there is'; call = { New-HlVm dev local -Node pve }; id = 'VmNameTaken'; category = 'ResourceBusy' }
        @{ what = 'a VMID that there is'; call = { New-HlVm other local -Node pve -Id 100 }; id = '*'; category = 'ResourceBusy' }
        @{ what = 'a name that DNS does not know'; call = { New-HlVm 'a b' local -Node pve }; id = 'InputInvalid'; category = 'InvalidArgument' }
        @{ what = 'a VMID that Proxmox does not know'; call = { New-HlVm other local -Node pve -Id 99 }; id = 'InputInvalid'; category = 'InvalidArgument' }
        @{ what = 'a container without a template'; call = { New-HlVm other local -Node pve -Kind Lxc }; id = 'InputInvalid'; category = 'InvalidArgument' }
        @{ what = 'no node where there are several'; call = { New-HlVm other local }; id = '*'; category = 'ResourceBusy' }
        @{ what = 'a password in clear'; call = { New-HlVm other local -Node pve -User me -Password secret123 }; id = 'ParameterArgumentTransformationError'; category = 'InvalidData' }
    ) {
        $caught = @(Get-Caught $call)
        $caught | Should -HaveCount 1
        $caught[0].FullyQualifiedErrorId | Should -BeLike "$id,Homelab.PowerShell.NewHlVmCommand"
        $caught[0].CategoryInfo.Category | Should -Be $category
        "$($caught[0])" | Should -Not -Match 'secret123'
        Get-NodeChange $lab | Should -BeNullOrEmpty
    }
}

Describe 'Copy-HlVm' {
    BeforeEach {
        $null = Invoke-Control $lab Post reset
    }

    It 'makes a guest of <as>' -ForEach @(
        @{ as = 'a template by position'; name = 'copy-1'; call = { Copy-HlVm debian-13 -Name copy-1 } }
        @{ as = 'a template by VMID'; name = 'copy-2'; call = { Copy-HlVm 9000 -Name copy-2 -Full } }
        @{ as = 'a template from the pipeline'; name = 'copy-3'; call = { Get-HlVm debian-13 | Copy-HlVm -Name copy-3 -Id 333 } }
        @{ as = 'another guest'; name = 'copy-4'; call = { Copy-HlVm sandbox -Name copy-4 } }
    ) {
        $made = & $call
        $made | Should -BeOfType ([Homelab.VmDetail])
        $made.Name | Should -Be $name
        $made.State | Should -Be 'Stopped'
        $made.Task.Type | Should -Be 'qmclone'
        Get-NodeChange $lab | Should -Match '^POST pve2?/qemu/(9000|110)/clone$'
        (Get-HlVm $name).Template | Should -BeFalse
    }

    It 'copies nothing under -WhatIf' {
        $said = Invoke-Shell "Connect-Hl '$($lab.File)' | Out-Null; Copy-HlVm debian-13 -Name never -WhatIf"
        $said.Output | Should -BeExactly "What if: Performing the operation `"Make 'never' as a copy of guest`" on target `"debian-13@pve`"."
        Get-NodeChange $lab | Should -BeNullOrEmpty
    }

    It 'is an error where its task fails' {
        $null = Invoke-Control $lab Post 'tasks/fail?type=qmclone&exit=no+space+left'
        (Get-Caught { Copy-HlVm debian-13 -Name failing }).FullyQualifiedErrorId | Should -Be 'ProxmoxTaskFailed,Homelab.PowerShell.CopyHlVmCommand'
        Get-HlVm failing* | Should -BeNullOrEmpty
    }

    It 'refuses <what>' -ForEach @(
        @{ what = 'a name that there is'; call = { Copy-HlVm debian-13 -Name dev }; id = 'VmNameTaken' }
        @{ what = 'a snapshot that is not there'; call = { Copy-HlVm dev -Name x1 -Snapshot nosuch }; id = 'SnapshotNotFound' }
        @{ what = 'another storage for a linked copy'; call = { Copy-HlVm debian-13 -Name x1 -Storage nas }; id = 'InputInvalid' }
    ) {
        (Get-Caught $call).FullyQualifiedErrorId | Should -Be "$id,Homelab.PowerShell.CopyHlVmCommand"
        Get-NodeChange $lab | Should -BeNullOrEmpty
    }
}

Describe 'Move-HlVm' {
    BeforeEach {
        $null = Invoke-Control $lab Post reset
    }

    It 'moves a running machine with its disks, and it goes on running' {
        $before = Get-HlVmStatus ai
        $seen = Move-HlVm ai pve2 -WithLocalDisk -PassThru
        "$seen" | Should -Be 'pve2/103 (ai)'
        $seen.State | Should -Be 'Running'
        $seen.Task.Type | Should -Be 'qmigrate'
        Get-NodeChange $lab | Should -Be 'POST pve/qemu/103/migrate'
        (Get-HlVm ai).Node | Should -Be 'pve2'
        $before.Node | Should -Be 'pve'
    }

    It 'moves one back that was seen on the other node, by the pipeline' {
        Get-HlVm ai | Move-HlVm -TargetNode pve -WithLocalDisk | Should -BeNullOrEmpty
        (Get-HlVm ai).Node | Should -Be 'pve'
    }

    It 'moves a container by a restart' {
        (Move-HlVm backup pve -PassThru).State | Should -Be 'Running'
        (Move-HlVm backup pve2 -PassThru).Node | Should -Be 'pve2'
        Get-NodeChange $lab | Should -Be 'POST pve2/lxc/111/migrate', 'POST pve/lxc/111/migrate'
    }

    It 'leaves one that is there already where it is' {
        (Move-HlVm dev pve -PassThru).Node | Should -Be 'pve'
        Get-NodeChange $lab | Should -BeNullOrEmpty
    }

    It 'tells what stands in the way, also under -WhatIf' {
        foreach ($call in { Move-HlVm dev pve2 }, { Move-HlVm dev pve2 -WhatIf }) {
            $caught = Get-Caught $call
            $caught.FullyQualifiedErrorId | Should -Be 'VmCannotMove,Homelab.PowerShell.MoveHlVmCommand'
            $caught.CategoryInfo.Category | Should -Be 'ResourceBusy'
            $caught.Exception.Message | Should -BeLike '*scsi0*-WithLocalDisk takes them along*'
        }
        Get-NodeChange $lab | Should -BeNullOrEmpty
    }

    It 'moves nothing under -WhatIf' {
        $said = Invoke-Shell "Connect-Hl '$($lab.File)' | Out-Null; Get-HlVm -Tag docker | Move-HlVm -TargetNode pve2 -WithLocalDisk -WhatIf"
        $said.Output -split '\r?\n' | Should -Be ('dev', 'infra', 'ai').ForEach{ "What if: Performing the operation `"Move to node pve2 guest`" on target `"$_@pve`"." }
        Get-NodeChange $lab | Should -BeNullOrEmpty
    }

    It 'is an error where its task fails, and the guest is where it was' {
        $null = Invoke-Control $lab Post 'tasks/fail?type=qmigrate&exit=migration+aborted'
        $caught = Get-Caught { Move-HlVm dev pve2 -WithLocalDisk }
        $caught.FullyQualifiedErrorId | Should -Be 'ProxmoxTaskFailed,Homelab.PowerShell.MoveHlVmCommand'
        (Get-HlVmStatus dev).Node | Should -Be 'pve'
    }

    It 'knows a node that is not there by an error' {
        (Get-Caught { Move-HlVm backup nosuch }).CategoryInfo.Category | Should -Be 'ObjectNotFound'
    }
}

Describe 'Remove-HlVm' {
    BeforeAll {
        foreach ($name in 'doomed-1', 'doomed-2', 'doomed-3', 'doomed-4') { $null = New-HlVm $name local -Node pve -Disk 1GiB }
    }

    BeforeEach {
        $null = Invoke-Control $lab Post reset
    }

    It 'does nothing where nobody can be asked a second time: <call>' -ForEach @(
        @{ call = 'Remove-HlVm doomed-1 -Force' }
        @{ call = 'Remove-HlVm doomed-1 -Confirm:$false' }
        @{ call = 'Get-HlVm doomed-1 | Remove-HlVm -Force' }
    ) {
        $said = Invoke-InSession $nobody ([scriptblock]::Create($call))
        $said.Output | Should -BeNullOrEmpty
        $said.Errors.FullyQualifiedErrorId | Should -Be 'ConfirmationNeeded,Homelab.PowerShell.RemoveHlVmCommand'
        $said.Errors[0].TargetObject | Should -Be 'doomed-1@pve'
        Get-NodeChange $lab | Should -BeNullOrEmpty
    }

    It 'says under -WhatIf what would be asked, and removes nothing' {
        $said = Invoke-Shell "Connect-Hl '$($lab.File)' | Out-Null; Get-HlVm doomed* | Remove-HlVm -WhatIf 3>`$null"
        $said.Output -split '\r?\n' | Should -Be (1..4).ForEach{ "What if: Performing the operation `"Remove with all its disks and snapshots guest`" on target `"doomed-$_@pve`"." }
        Get-NodeChange $lab | Should -BeNullOrEmpty
        @(Get-HlVm doomed*).Count | Should -Be 4
    }

    It 'removes only what is typed: <typed>' -ForEach @(
        @{ typed = 'y'; left = 1 }
        @{ typed = 'doomed-1'; left = 1 }
        @{ typed = 'doomed-1@pve'; left = 0 }
    ) {
        $said = Invoke-Shell "Connect-Hl '$($lab.File)' | Out-Null; Remove-HlVm doomed-1 -Force" -Answer $typed
        $said.Output | Should -Match "Type\s+'doomed-1@pve'\s+to go on"
        @(Get-HlVm doomed-1*).Count | Should -Be $left
        @(Get-NodeChange $lab).Count | Should -Be (1 - $left)
    }

    It 'refuses <what>, and asks Proxmox for nothing' -ForEach @(
        @{ what = 'a guest that runs'; call = { Remove-HlVm dev -Force }; id = 'VmRunning'; says = '*Stop-HlVm 100*' }
        @{ what = 'a guest that Proxmox protects'; before = { Set-HlVm doomed-2 -Protection $true }; call = { Remove-HlVm doomed-2 -Force }; after = { Set-HlVm doomed-2 -Protection $false }; id = 'VmProtected'; says = '*Set-HlVm*-Protection*' }
        @{ what = 'a guest that is locked'; before = { $null = Invoke-Control $lab Post 'guests/110/lock?reason=backup' }; call = { Remove-HlVm sandbox -Force }; after = { $null = Invoke-Control $lab Delete guests/110/lock }; id = 'VmLocked'; says = '*backup*' }
        @{ what = 'a guest that is not there'; call = { Remove-HlVm nosuch -Force }; id = 'VmNotFound'; says = '*' }
    ) {
        if ($before) { & $before }
        $null = Invoke-Control $lab Post reset
        $caught = @(Get-Caught $call)
        $changes = Get-NodeChange $lab
        if ($after) { & $after }
        $caught | Should -HaveCount 1
        $caught[0].FullyQualifiedErrorId | Should -Be "$id,Homelab.PowerShell.RemoveHlVmCommand"
        $caught[0].Exception.Message | Should -BeLike $says
        $changes | Should -BeNullOrEmpty
    }

    It 'removes where policy asks once, and returns what it removed with -PassThru' {
        $null = Connect-Hl $lenient
        Remove-HlVm doomed-2 -Force | Should -BeNullOrEmpty
        $removed = Get-HlVm doomed-3 | Remove-HlVm -Force -PassThru
        $removed | Should -BeOfType ([Homelab.VmRemoval])
        $removed.Task.State | Should -Be 'Succeeded'
        (Get-Caught { Get-HlVm doomed-3 }).FullyQualifiedErrorId | Should -BeLike 'VmNotFound,*'
        @(Get-NodeChange $lab) | Should -Match '^DELETE pve/qemu/\d+\?'
    }

    It 'is an error where its task fails, and the guest is there' {
        $null = Connect-Hl $lenient
        $null = Invoke-Control $lab Post 'tasks/fail?type=qmdestroy&exit=storage+is+busy'
        (Get-Caught { Remove-HlVm doomed-4 -Force }).FullyQualifiedErrorId | Should -Be 'ProxmoxTaskFailed,Homelab.PowerShell.RemoveHlVmCommand'
        (Get-HlVm doomed-4).Name | Should -Be 'doomed-4'
    }
}
