BeforeAll {
    . "$PSScriptRoot/Common.ps1"
    $script:lab = Open-Lab
    $null = Connect-Hl $lab.File
    $script:lenient = Copy-LabFile $lab 'policy:' "policy:`n  approvals: { `"proxmox_*_snapshot`": ask }"
    $script:nobody = Open-Session
    $null = Invoke-InSession $nobody { param($file) Connect-Hl $file } $lab.File
}

AfterAll {
    Close-Session $nobody
    Close-Lab $lab
}

Describe 'New-HlSnapshot' {
    BeforeEach {
        $null = Invoke-Control $lab Post reset
    }

    It 'makes one and returns it, of a guest <as>' -ForEach @(
        @{ as = 'by position'; name = 'one'; call = { New-HlSnapshot dev one } }
        @{ as = 'by parameter'; name = 'two'; call = { New-HlSnapshot -Vm dev -Name two } }
        @{ as = 'by VMID'; name = 'three'; call = { New-HlSnapshot 100 three } }
        @{ as = 'from the pipeline'; name = 'four'; call = { 'dev' | New-HlSnapshot -Name four } }
        @{ as = 'as an object'; name = 'five'; call = { Get-HlVm dev | New-HlSnapshot -Name five } }
    ) {
        $made = & $call
        $made | Should -BeOfType ([Homelab.VmSnapshot])
        $made.Name | Should -Be $name
        "$($made.Vm)" | Should -Be 'pve/100 (dev)'
        $made.IsParentOfCurrent | Should -BeTrue
        $made.Task.State | Should -Be 'Succeeded'
        Get-NodeChange $lab | Should -Be 'POST pve/qemu/100/snapshot'
        (Get-HlSnapshot dev).Name | Should -Contain $name
    }

    It 'keeps memory and description where that was asked for' {
        $made = New-HlSnapshot infra with-memory -WithMemory -Description "before 12.1`nand after"
        $made.WithMemory | Should -BeTrue
        $made.Description | Should -BeLike 'before 12.1*'
    }

    It 'makes nothing under -WhatIf, of several too' {
        $said = Invoke-Shell "Connect-Hl '$($lab.File)' | Out-Null; Get-HlVm -Tag docker | New-HlSnapshot -Name never -WhatIf"
        $said.Output -split '\r?\n' | Should -Be ('dev', 'infra', 'ai').ForEach{ "What if: Performing the operation `"Make snapshot 'never' of guest`" on target `"$_@pve`"." }
        $said.Errors | Should -BeNullOrEmpty
        Get-NodeChange $lab | Should -BeNullOrEmpty
    }

    It 'leaves the task with -NoWait' {
        $null = Invoke-Control $lab Post 'tasks/hold?type=qmsnapshot'
        $task = New-HlSnapshot ai later -NoWait
        $task | Should -BeOfType ([Homelab.ProxmoxTask])
        $task.State | Should -Be 'Running'
        $null = Invoke-Control $lab Delete tasks/hold
        ($task | Wait-HlTask).State | Should -Be 'Succeeded'
        (Get-HlSnapshot ai -Name later).Task | Should -BeNullOrEmpty
    }

    It 'is an error where its task fails, and no snapshot is left' {
        $null = Invoke-Control $lab Post 'tasks/fail?type=qmsnapshot&exit=no+space+left'
        $caught = Get-Caught { New-HlSnapshot sandbox failing }
        $caught.FullyQualifiedErrorId | Should -Be 'ProxmoxTaskFailed,Homelab.PowerShell.NewHlSnapshotCommand'
        $caught.TargetObject | Should -BeLike 'UPID:*'
        Get-HlSnapshot sandbox | Should -BeNullOrEmpty
    }

    It 'refuses <what>, and asks Proxmox for nothing' -ForEach @(
        @{ what = 'a name that there is'; call = { New-HlSnapshot dev one }; id = 'SnapshotExists'; category = 'ResourceBusy'; says = '*Remove-HlSnapshot 100 one*' }
        @{ what = 'a name that Proxmox does not take'; call = { New-HlSnapshot dev 1bad }; id = 'InputInvalid'; category = 'InvalidArgument'; says = '*a letter, then letters*' }
        @{ what = 'Proxmox''s word for the present'; call = { New-HlSnapshot dev current }; id = 'InputInvalid'; category = 'InvalidArgument'; says = '*current*' }
        @{ what = 'the memory of a container'; call = { New-HlSnapshot backup x1 -WithMemory }; id = 'VmIsContainer'; category = 'InvalidArgument'; says = '*' }
        @{ what = 'the memory of what is off'; call = { New-HlSnapshot sandbox x1 -WithMemory }; id = 'VmNotRunning'; category = 'ResourceBusy'; says = '*leave WithMemory out*' }
        @{ what = 'a guest whose disk cannot be snapshotted'; call = { New-HlSnapshot backup nightly }; id = 'SnapshotNotSupported'; category = 'ResourceBusy'; says = '*Backup-HlVm 111*' }
        @{ what = 'a template'; call = { New-HlSnapshot debian-13 x1 }; id = 'VmIsTemplate'; category = 'ResourceBusy'; says = '*' }
        @{ what = 'a guest that is not there'; call = { New-HlSnapshot nosuch x1 }; id = 'VmNotFound'; category = 'ObjectNotFound'; says = '*' }
    ) {
        $caught = @(Get-Caught $call)
        $caught | Should -HaveCount 1
        $caught[0].FullyQualifiedErrorId | Should -Be "$id,Homelab.PowerShell.NewHlSnapshotCommand"
        $caught[0].CategoryInfo.Category | Should -Be $category
        $caught[0].Exception.Message | Should -BeLike $says
        Get-NodeChange $lab | Should -BeNullOrEmpty
    }

    It 'does nothing with a guest that Proxmox keeps locked' {
        $null = Invoke-Control $lab Post 'guests/110/lock?reason=backup'
        (Get-Caught { New-HlSnapshot sandbox locked }).FullyQualifiedErrorId | Should -BeLike 'VmLocked,*'
        $null = Invoke-Control $lab Delete guests/110/lock
        Get-NodeChange $lab | Should -BeNullOrEmpty
    }
}

Describe 'Get-HlSnapshot' {
    It 'lists them as a tree, each after the one that it was made after' {
        $all = @(Get-HlSnapshot dev)
        $all.Name | Should -Be 'one', 'two', 'three', 'four', 'five'
        $all.Depth | Should -Be 0, 1, 2, 3, 4
        $all[1].Parent | Should -Be 'one'
        $all.IsParentOfCurrent | Should -Be $false, $false, $false, $false, $true
        $all[0].CreatedAt | Should -BeGreaterThan ([DateTimeOffset]::UtcNow.AddHours(-1))
    }

    It 'takes a name or a pattern' {
        (Get-HlSnapshot dev -Name t*).Name | Should -Be 'two', 'three'
        (Get-HlSnapshot dev -Name one).Name | Should -Be 'one'
        Get-HlSnapshot dev -Name nosuch* -ErrorAction Stop | Should -BeNullOrEmpty
    }

    It 'lists those of several guests' {
        Get-HlVm | Get-HlSnapshot | ForEach-Object { "$($_.Vm.Name) $($_.Name)" } | Should -Be (@('one', 'two', 'three', 'four', 'five').ForEach{ "dev $_" } + 'infra with-memory' + 'ai later')
    }

    It 'knows one that is not there by an error' {
        $caught = Get-Caught { Get-HlSnapshot dev -Name nosuch }
        $caught.FullyQualifiedErrorId | Should -Be 'SnapshotNotFound,Homelab.PowerShell.GetHlSnapshotCommand'
        $caught.CategoryInfo.Category | Should -Be 'ObjectNotFound'
        $caught.TargetObject | Should -Be 'nosuch'
        $caught.Exception.Message | Should -BeLike '*Known are*five*'
    }

    It 'offers the names that were seen to whoever completes' {
        (Complete-Line 'Restore-HlSnapshot dev f').CompletionText | Should -Be 'five', 'four'
    }
}

Describe '<verb>-HlSnapshot, which cannot be taken back,' -ForEach @(
    @{ verb = 'Restore'; says = "Lose everything since snapshot 'one' and return to it, guest"; request = 'POST pve/qemu/100/snapshot/one/rollback' }
    @{ verb = 'Remove'; says = "Remove snapshot 'one' of guest"; request = 'DELETE pve/qemu/100/snapshot/one' }
) {
    BeforeAll {
        $script:class = "Homelab.PowerShell.${verb}HlSnapshotCommand"
        $script:cmdlet = "$verb-HlSnapshot"
    }

    BeforeEach {
        $null = Invoke-Control $lab Post reset
    }

    It 'does nothing where nobody can be asked: <call>' -ForEach @(
        @{ call = '{0} dev one -Force' }
        @{ call = '{0} dev one -Confirm:$false' }
        @{ call = 'Get-HlSnapshot dev -Name one | {0} -Force' }
    ) {
        $said = Invoke-InSession $nobody ([scriptblock]::Create($call -f $cmdlet))
        $said.Output | Should -BeNullOrEmpty
        $said.Errors | Should -HaveCount 1
        $said.Errors[0].FullyQualifiedErrorId | Should -Be "ConfirmationNeeded,$class"
        $said.Errors[0].CategoryInfo.Category | Should -Be 'PermissionDenied'
        $said.Errors[0].TargetObject | Should -Be 'dev@pve'
        Get-NodeChange $lab | Should -BeNullOrEmpty
    }

    It 'says under -WhatIf what would be asked, and does nothing' {
        $said = Invoke-Shell "Connect-Hl '$($lab.File)' | Out-Null; $cmdlet dev one -WhatIf"
        $said.Output | Should -BeLike '*would ask for a second confirmation*'
        $said.Output | Should -BeLike "*What if: Performing the operation `"$says`" on target `"dev@pve`"."
        Get-NodeChange $lab | Should -BeNullOrEmpty
    }

    It 'does nothing where another name is typed' {
        $said = Invoke-Shell "Connect-Hl '$($lab.File)' | Out-Null; $cmdlet dev one -Force" -Answer 'yes'
        $said.Output | Should -Match "Type\s+'dev@pve' to go on"
        Get-NodeChange $lab | Should -BeNullOrEmpty
    }

    It 'is done where the guest''s name is typed' {
        $said = Invoke-Shell "Connect-Hl '$($lab.File)' | Out-Null; $cmdlet dev one -Force | Out-Null" -Answer 'dev@pve'
        $said.Errors | Should -BeNullOrEmpty
        Get-NodeChange $lab | Should -Be $request
        $one = Get-HlSnapshot dev | Where-Object Name -eq 'one'
        if ($verb -eq 'Remove') { $one | Should -BeNullOrEmpty } else { $one.IsParentOfCurrent | Should -BeTrue }
    }

    It 'does nothing for a snapshot that is not there' {
        $caught = Get-Caught { & $cmdlet dev nosuch -Force }
        $caught.FullyQualifiedErrorId | Should -Be "SnapshotNotFound,$class"
        $caught.TargetObject | Should -Be 'nosuch'
        Get-NodeChange $lab | Should -BeNullOrEmpty
    }
}

Describe 'A snapshot that was returned to' {
    It 'is where the guest is, and what was removed is gone' {
        # Here policy wants no second confirmation.
        $null = Connect-Hl $lenient
        $null = New-HlSnapshot sandbox first
        $null = New-HlSnapshot sandbox second
        (Get-HlSnapshot sandbox | Where-Object IsParentOfCurrent).Name | Should -Be 'second'
        $seen = Restore-HlSnapshot sandbox first -Start -Force
        $seen | Should -BeOfType ([Homelab.VmDetail])
        $seen.State | Should -Be 'Running'
        (Get-HlSnapshot sandbox | Where-Object IsParentOfCurrent).Name | Should -Be 'first'
        Get-HlSnapshot sandbox | Remove-HlSnapshot -Force
        Get-HlSnapshot sandbox | Should -BeNullOrEmpty
    }
}
