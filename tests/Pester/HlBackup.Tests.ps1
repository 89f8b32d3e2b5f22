BeforeAll {
    . "$PSScriptRoot/Common.ps1"
    $script:lab = Open-Lab
    # Here policy wants no second confirmation of a restoration or removal.
    $script:lenient = Copy-LabFile $lab 'policy:' "policy:`n  approvals: { proxmox_restore_backup: ask, proxmox_delete_vm: ask }"
    $null = Connect-Hl $lab.File
    $script:nobody = Open-Session
    $null = Invoke-InSession $nobody { param($file) Connect-Hl $file } $lab.File
}

AfterAll {
    Close-Session $nobody
    Close-Lab $lab
}

Describe 'Backup-HlVm' {
    BeforeEach {
        $null = Invoke-Control $lab Post reset
    }

    It 'backs up a guest <as>, and returns the backup as its storage lists it' -ForEach @(
        # Each of another: a backup is called by the second in which it was made.
        @{ as = 'by position'; vmid = 100; node = 'pve'; call = { Backup-HlVm dev -Storage nas } }
        @{ as = 'by VMID'; vmid = 110; node = 'pve2'; call = { Backup-HlVm 110 -Storage nas -Mode Stop } }
        @{ as = 'as an object'; vmid = 9000; node = 'pve'; call = { Get-HlVm debian-13 | Backup-HlVm -Storage nas -Compress Gzip } }
    ) {
        $made = & $call
        $made | Should -BeOfType ([Homelab.VmBackup])
        $made.VolumeId | Should -BeLike "nas:backup/vzdump-qemu-$vmid-*"
        $made.VmId | Should -Be $vmid
        $made.Size | Should -BeGreaterThan 0
        $made.Task.Type | Should -Be 'vzdump'
        Get-NodeChange $lab | Should -Be "POST $node/vzdump"
    }

    It 'keeps a note, and protects it where that was asked for' {
        $made = Backup-HlVm infra -Storage nas -Note 'before 12.1' -Protected
        $made.Notes | Should -Be 'before 12.1'
        $made.Protected | Should -BeTrue
    }

    It 'backs up a container' {
        (Backup-HlVm backup -Storage nas).VolumeId | Should -BeLike 'nas:backup/vzdump-lxc-111-*'
    }

    It 'leaves the task with -NoWait' {
        $null = Invoke-Control $lab Post 'tasks/hold?type=vzdump'
        $task = Backup-HlVm ai -Storage nas -NoWait
        $task | Should -BeOfType ([Homelab.ProxmoxTask])
        $task.State | Should -Be 'Running'
        # While it is backed up nothing else may be done with it.
        (Get-Caught { Restart-HlVm ai }).FullyQualifiedErrorId | Should -BeLike 'VmLocked,*'
        $null = Invoke-Control $lab Delete tasks/hold
        ($task | Wait-HlTask).State | Should -Be 'Succeeded'
        (Get-HlBackup ai).VmId | Should -Be 103
    }

    It 'backs up nothing under -WhatIf' {
        $said = Invoke-Shell "Connect-Hl '$($lab.File)' | Out-Null; Get-HlVm -Tag docker | Backup-HlVm -Storage nas -WhatIf"
        $said.Output -split '\r?\n' | Should -Be ('dev', 'infra', 'ai').ForEach{ "What if: Performing the operation `"Back up to nas guest`" on target `"$_@pve`"." }
        Get-NodeChange $lab | Should -BeNullOrEmpty
    }

    It 'is an error where its task fails' {
        $before = @(Get-HlBackup dev).Count
        $null = Invoke-Control $lab Post 'tasks/fail?type=vzdump&exit=job+errors'
        $caught = Get-Caught { Backup-HlVm dev -Storage nas }
        $caught.FullyQualifiedErrorId | Should -Be 'ProxmoxTaskFailed,Homelab.PowerShell.BackupHlVmCommand'
        $caught.Exception.Message | Should -BeLike '*job errors*'
        @(Get-HlBackup dev).Count | Should -Be $before
    }

    It 'refuses <what>, and asks Proxmox for nothing' -ForEach @(
        @{ what = 'to choose one of several storages'; call = { Backup-HlVm dev }; id = 'StorageAmbiguous'; category = 'ResourceBusy' }
        @{ what = 'a storage that is not there'; call = { Backup-HlVm dev -Storage nosuch }; id = 'StorageNotFound'; category = 'ObjectNotFound' }
        @{ what = 'a guest that is not there'; call = { Backup-HlVm nosuch -Storage nas }; id = 'VmNotFound'; category = 'ObjectNotFound' }
    ) {
        $caught = @(Get-Caught $call)
        $caught | Should -HaveCount 1
        $caught[0].FullyQualifiedErrorId | Should -Be "$id,Homelab.PowerShell.BackupHlVmCommand"
        $caught[0].CategoryInfo.Category | Should -Be $category
        Get-NodeChange $lab | Should -BeNullOrEmpty
    }
}

Describe 'Get-HlBackup' {
    It 'lists the backups of all guests' {
        (Get-HlBackup).VmId | Sort-Object -Unique | Should -Be 100, 102, 103, 110, 111, 9000
    }

    It 'filters by <by>' -ForEach @(
        @{ by = 'name'; call = { Get-HlBackup infra }; expected = 102 }
        @{ by = 'VMID'; call = { Get-HlBackup 102 }; expected = 102 }
        @{ by = 'an object'; call = { Get-HlVm infra | Get-HlBackup }; expected = 102 }
        @{ by = 'storage'; call = { Get-HlBackup infra -Storage n* }; expected = 102 }
        @{ by = 'another storage'; call = { Get-HlBackup -Storage local }; expected = $null }
        @{ by = 'VMID of a guest that is gone'; call = { Get-HlBackup 4711 }; expected = $null }
        @{ by = 'being the newest'; call = { Get-HlBackup -Latest }; expected = 100, 102, 103, 110, 111, 9000 }
    ) {
        & $call | ForEach-Object VmId | Should -Be $expected
    }

    It 'knows a storage that is not there by an error' {
        (Get-Caught { Get-HlBackup -Storage nosuch }).FullyQualifiedErrorId | Should -Be 'StorageNotFound,Homelab.PowerShell.GetHlBackupCommand'
    }
}

Describe 'Restore-HlVm' {
    BeforeEach {
        $null = Connect-Hl $lenient
        $null = Invoke-Control $lab Post reset
    }

    It 'does nothing where nobody can be asked a second time' {
        $said = Invoke-InSession $nobody { Get-HlBackup infra | Restore-HlVm -Name never -Force }
        $said.Output | Should -BeNullOrEmpty
        $said.Errors.FullyQualifiedErrorId | Should -Be 'ConfirmationNeeded,Homelab.PowerShell.RestoreHlVmCommand'
        Get-NodeChange $lab | Should -BeNullOrEmpty
    }

    It 'makes a guest beside the first, of a backup <as>' -ForEach @(
        @{ as = 'as an object'; name = 'check-1'; call = { Get-HlBackup infra | Restore-HlVm -Name check-1 -Unique -Force } }
        @{ as = 'by its volume id'; name = 'check-2'; call = { Restore-HlVm (Get-HlBackup infra).VolumeId -Name check-2 -Unique -Force } }
        @{ as = 'from a row of a CSV file'; name = 'check-3'; call = { Get-HlBackup infra | ConvertTo-Csv | ConvertFrom-Csv | Restore-HlVm -Name check-3 -Unique -Force } }
    ) {
        $made = & $call
        $made | Should -BeOfType ([Homelab.VmDetail])
        $made.Name | Should -Be $name
        $made.State | Should -Be 'Stopped'
        (Get-HlVm infra).State | Should -Be 'Running'
        Get-NodeChange $lab | Select-Object -First 1 | Should -Match '^POST pve2?/qemu$'
    }

    It 'puts it in place of a guest only where that is off, or may be switched off' {
        $backup = Get-HlBackup infra
        $caught = Get-Caught { $backup | Restore-HlVm -Overwrite infra -Force }
        $caught.FullyQualifiedErrorId | Should -Be 'VmRunning,Homelab.PowerShell.RestoreHlVmCommand'
        Get-NodeChange $lab | Should -BeNullOrEmpty
        $seen = $backup | Restore-HlVm -Overwrite infra -ForceStop -Start -Force
        "$seen" | Should -Be 'pve/102 (infra)'
        $seen.State | Should -Be 'Running'
    }

    It 'restores nothing under -WhatIf' {
        $null = Get-HlBackup infra | Restore-HlVm -Name never -WhatIf -ErrorAction Stop
        Get-NodeChange $lab | Should -BeNullOrEmpty
    }

    It 'knows <what> by an error' -ForEach @(
        @{ what = 'a backup that is not there'; call = { Restore-HlVm nas:backup/vzdump-qemu-100-2020_01_01-00_00_00.vma.zst -Force }; id = 'BackupNotFound' }
        @{ what = 'what is no backup'; call = { Restore-HlVm ../etc -Force }; id = 'CannotConvertArgumentNoMessage' }
        @{ what = 'a backup of another kind'; call = { Get-HlBackup backup | Restore-HlVm -Overwrite sandbox -Force }; id = 'VmOfOtherKind' }
    ) {
        $caught = @(Get-Caught $call)
        $caught | Should -HaveCount 1
        $caught[0].FullyQualifiedErrorId | Should -Be "$id,Homelab.PowerShell.RestoreHlVmCommand"
        Get-NodeChange $lab | Should -BeNullOrEmpty
    }
}

Describe 'A removal with a last backup' {
    It 'removes only after the backup is there' {
        $null = Connect-Hl $lenient
        $null = New-HlVm doomed local -Node pve -Disk 1GiB
        $null = Invoke-Control $lab Post 'tasks/fail?type=vzdump&exit=job+errors'
        (Get-Caught { Remove-HlVm doomed -BackupTo nas -Force }).FullyQualifiedErrorId | Should -BeLike 'ProxmoxTaskFailed,*'
        (Get-HlVm doomed).Name | Should -Be 'doomed'
        $removed = Remove-HlVm doomed -BackupTo nas -Force -PassThru
        $removed.Backup.VolumeId | Should -BeLike 'nas:backup/vzdump-qemu-*'
        Get-HlVm doomed* | Should -BeNullOrEmpty
        (Get-HlBackup $removed.Backup.VmId).VolumeId | Should -Be $removed.Backup.VolumeId
    }
}
