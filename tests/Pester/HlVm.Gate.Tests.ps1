BeforeAll {
    . "$PSScriptRoot/Common.ps1"
    $script:lab = Open-Lab
    $script:stricter = Copy-LabFile $lab 'policy:' "policy:`n  targets: [ { target: 'vm:ai', require: deny }, { target: 'vm:infra', operation: proxmox_shutdown_vm, require: askTwice } ]"
    $script:protecting = Copy-LabFile $lab 'protected: \[' 'protected: [ "vm:100", '
    $script:onlyLooking = Copy-LabFile $lab 'interactive: manage' 'interactive: monitor'
    $script:operating = Copy-LabFile $lab 'interactive: manage' 'interactive: operate'
}

AfterAll {
    Close-Lab $lab
}

Describe 'Guests, where a person may only look' {
    BeforeAll {
        $null = Connect-Hl $onlyLooking
        $null = Invoke-Control $lab Post reset
    }

    It 'are listed, and their tasks' {
        @(Get-HlVm).Count | Should -Be 5
        (Get-HlVmStatus dev).State | Should -Be 'Running'
        { Get-HlTask -ErrorAction Stop } | Should -Not -Throw
    }

    It 'are not changed by <call>, which names the way out' -ForEach @(
        @{ call = { Start-HlVm sandbox } }
        @{ call = { Stop-HlVm dev } }
        @{ call = { Stop-HlVm dev -TurnOff } }
        @{ call = { Restart-HlVm dev } }
        @{ call = { Reset-HlVm dev -Force } }
        @{ call = { Suspend-HlVm dev -WhatIf } }
        @{ call = { Set-HlVm dev -Core 1 } }
        @{ call = { New-HlSnapshot dev now } }
        @{ call = { Remove-HlVm sandbox -Force } }
    ) {
        $caught = @(Get-Caught $call)
        $caught | Should -HaveCount 1
        $caught[0].FullyQualifiedErrorId | Should -BeLike 'LevelTooLow,Homelab.PowerShell.*'
        $caught[0].CategoryInfo.Category | Should -Be 'PermissionDenied'
        $caught[0].Exception.Kind | Should -Be 'Denied'
        $caught[0].ErrorDetails.RecommendedAction | Should -BeLike '*access.interactive*'
        Get-NodeChange $lab | Should -BeNullOrEmpty
    }

    It 'do not tell by a refusal whether they exist' {
        $before = Get-RequestCount $lab
        (Get-Caught { Stop-HlVm nosuch }).FullyQualifiedErrorId | Should -BeLike 'LevelTooLow,*'
        Get-RequestCount $lab | Should -Be $before
    }
}

Describe 'Guests, where a person may start and stop' {
    BeforeAll {
        $null = Connect-Hl $operating
    }

    It 'are restarted, and not reconfigured, copied or removed' {
        $null = Invoke-Control $lab Post reset
        Restart-HlVm dev
        Get-NodeChange $lab | Should -Be 'POST pve/qemu/100/status/reboot'
        foreach ($call in { Set-HlVm dev -Core 1 }, { Copy-HlVm dev -Name dev2 }, { Remove-HlVm dev }, { Backup-HlVm dev }, { Get-HlVmConfig dev }) {
            (Get-Caught $call).FullyQualifiedErrorId | Should -BeLike 'LevelTooLow,*' -Because "$call"
        }
        Get-NodeChange $lab | Should -Be 'POST pve/qemu/100/status/reboot'
    }
}

Describe 'Guests that the policy speaks of' {
    BeforeAll {
        $null = Connect-Hl $stricter
        $script:nobody = Open-Session
        $null = Invoke-InSession $nobody { param($file) Connect-Hl $file } $stricter
    }

    BeforeEach {
        $null = Invoke-Control $lab Post reset
    }

    AfterAll {
        Close-Session $nobody
    }

    It 'are refused where it denies, however they are called: <call>' -ForEach @(
        @{ call = { Restart-HlVm ai } }
        @{ call = { Restart-HlVm 103 } }
        @{ call = { Restart-HlVm pve/103 -Force } }
        @{ call = { Get-HlVm ai | Stop-HlVm } }
        @{ call = { Stop-HlVm 103 -TurnOff } }
    ) {
        $caught = @(Get-Caught $call)
        $caught | Should -HaveCount 1
        $caught[0].FullyQualifiedErrorId | Should -BeLike 'PolicyDenied,Homelab.PowerShell.*'
        $caught[0].CategoryInfo.Category | Should -Be 'PermissionDenied'
        $caught[0].TargetObject | Should -Be 'ai@pve'
        Get-NodeChange $lab | Should -BeNullOrEmpty
    }

    It 'do not keep the others from being changed' {
        'ai', 'dev' | Restart-HlVm -ErrorAction SilentlyContinue -ErrorVariable failed
        $failed.FullyQualifiedErrorId | Should -BeLike 'PolicyDenied,*'
        Get-NodeChange $lab | Should -Be 'POST pve/qemu/100/status/reboot'
    }

    It 'need somebody who types their name where it asks twice' {
        $said = Invoke-InSession $nobody { Stop-HlVm infra -Force }
        $said.Errors.FullyQualifiedErrorId | Should -Be 'ConfirmationNeeded,Homelab.PowerShell.Commands.StopHlVmCommand'
        $said.Errors[0].TargetObject | Should -Be 'infra@pve'
        Get-NodeChange $lab | Should -BeNullOrEmpty
    }

    It 'are only changed with the exact name at a prompt: <typed>' -ForEach @(
        @{ typed = 'yes'; expected = $null }
        @{ typed = 'infra@pve'; expected = 'POST pve/qemu/102/status/shutdown' }
    ) {
        $said = Invoke-Shell "Connect-Hl '$stricter' | Out-Null; Stop-HlVm infra" -Answer $typed
        $said.Output | Should -Match "Type\s+'infra@pve'\s+to go on"
        $said.Errors | Should -BeNullOrEmpty
        Get-NodeChange $lab | Should -Be $expected
    }

    It 'are told by Get-HlDecision before anything is asked' {
        (Get-HlDecision proxmox_reboot_vm ai).Verdict | Should -Be 'Deny'
    }
}

Describe 'A protected guest' {
    BeforeAll {
        $null = Connect-Hl $protecting
        $script:nobody = Open-Session
        $null = Invoke-InSession $nobody { param($file) Connect-Hl $file } $protecting
    }

    BeforeEach {
        $null = Invoke-Control $lab Post reset
    }

    AfterAll {
        Close-Session $nobody
    }

    It 'is started without a word, and stopped by nobody alone: <call>' -ForEach @(
        @{ call = 'Stop-HlVm dev -Force' }
        @{ call = 'Restart-HlVm 100 -Confirm:$false' }
        @{ call = 'Get-HlVm dev | Reset-HlVm -Force' }
    ) {
        Start-HlVm dev
        $said = Invoke-InSession $nobody ([scriptblock]::Create($call))
        $said.Output | Should -BeNullOrEmpty
        $said.Errors.FullyQualifiedErrorId | Should -BeLike 'ConfirmationNeeded,*'
        Get-NodeChange $lab | Should -BeNullOrEmpty
    }

    It 'is never removed' {
        $caught = Get-Caught { Remove-HlVm dev -Force }
        $caught.CategoryInfo.Category | Should -BeIn 'PermissionDenied', 'ResourceBusy'
        Get-NodeChange $lab | Should -BeNullOrEmpty
    }
}

Describe 'Guests in a session that nobody watches' {
    BeforeAll {
        $trusting = Copy-LabFile $lab 'schedule: operate' 'schedule: manage'
        $null = Connect-Hl $trusting
        Start-HlVm infra
        $script:unattended = Open-Session
        $null = Invoke-InSession $unattended { param($file) Connect-Hl $file -Unattended } $trusting
    }

    BeforeEach {
        $null = Invoke-Control $lab Post reset
    }

    AfterAll {
        Close-Session $unattended
    }

    It 'are started' {
        (Invoke-InSession $unattended { Start-HlVm sandbox }).Errors | Should -BeNullOrEmpty
        Get-NodeChange $lab | Should -Be 'POST pve2/qemu/110/status/start'
        Stop-HlVm sandbox -TurnOff
    }

    It 'are not interrupted before a person approves: <call>' -ForEach @(
        @{ call = 'Stop-HlVm dev'; operation = 'proxmox_shutdown_vm' }
        @{ call = 'Stop-HlVm dev -TurnOff'; operation = 'proxmox_stop_vm' }
        @{ call = 'Restart-HlVm 100'; operation = 'proxmox_reboot_vm' }
        @{ call = 'Get-HlVm dev | Reset-HlVm -Force'; operation = 'proxmox_reset_vm' }
        @{ call = 'Suspend-HlVm dev'; operation = 'proxmox_suspend_vm' }
        @{ call = 'Set-HlVm dev -Core 1'; operation = 'proxmox_set_vm' }
        @{ call = 'New-HlSnapshot dev now'; operation = 'proxmox_create_snapshot' }
        @{ call = 'Remove-HlVm sandbox'; operation = 'proxmox_delete_vm' }
    ) {
        $said = Invoke-InSession $unattended ([scriptblock]::Create($call))
        $said.Output | Should -BeNullOrEmpty
        $said.Errors | Should -HaveCount 1
        $said.Errors[0].FullyQualifiedErrorId | Should -BeLike 'ApprovalNeeded,Homelab.PowerShell.*'
        $said.Errors[0].CategoryInfo.Category | Should -Be 'PermissionDenied'
        $id = [regex]::Match($said.Errors[0].Exception.Message, 'Approve-HlApproval ([0-9a-f]+)').Groups[1].Value
        (Get-HlApproval $id).Operation | Should -Be $operation
        # Asked again it is the same question, and not yet approved it is not done either.
        $again = Invoke-InSession $unattended ([scriptblock]::Create("$call -Approval $id"))
        $again.Errors.FullyQualifiedErrorId | Should -BeLike 'ApprovalNeeded,*'
        Get-NodeChange $lab | Should -BeNullOrEmpty
    }

    It 'are asked for with their VMID and name, so that no other is meant later' {
        $said = Invoke-InSession $unattended { Restart-HlVm 102 }
        $id = [regex]::Match($said.Errors[0].Exception.Message, 'Approve-HlApproval ([0-9a-f]+)').Groups[1].Value
        (Get-HlApproval $id).Target | Should -BeLike '*infra@pve*'
    }
}

Describe 'A name that two guests have' {
    BeforeAll {
        $null = Connect-Hl $lab.File
        Set-HlVm 110 -Name dev
        $null = Invoke-Control $lab Post reset
    }

    AfterAll {
        Set-HlVm 110 -Name sandbox
    }

    It 'lists both' {
        (Get-HlVm dev).Id | Should -Be 100, 110
    }

    It 'is refused where one is meant, with all candidates: <call>' -ForEach @(
        @{ call = { Get-HlVmStatus dev } }
        @{ call = { Stop-HlVm dev } }
        @{ call = { Stop-HlVm dev -Force } }
        @{ call = { 'dev' | Restart-HlVm } }
        @{ call = { Remove-HlVm dev -Force } }
    ) {
        $caught = @(Get-Caught $call)
        $caught | Should -HaveCount 1
        $caught[0].FullyQualifiedErrorId | Should -BeLike 'VmAmbiguous,Homelab.PowerShell.*'
        $caught[0].CategoryInfo.Category | Should -Be 'ResourceBusy'
        $caught[0].TargetObject | Should -Be 'dev'
        $caught[0].Exception.Message | Should -BeLike '*pve/100 (dev), pve2/110 (dev)*by its VMID*'
        Get-NodeChange $lab | Should -BeNullOrEmpty
    }

    It 'is clear with <what>' -ForEach @(
        @{ what = 'its VMID'; call = { Get-HlVmStatus 110 } }
        @{ what = 'its node'; call = { Get-HlVmStatus pve2/dev } }
        @{ what = 'the object itself'; call = { Get-HlVm -Node pve2 dev | Get-HlVmStatus } }
        @{ what = 'a row of a CSV file'; call = { Get-HlVm -Node pve2 dev | ConvertTo-Csv | ConvertFrom-Csv | Get-HlVmStatus } }
    ) {
        (& $call).Id | Should -Be 110
    }

    It 'that was another''s is noticed' {
        $caught = Get-Caught { Get-HlVmStatus 'pve2/110 (sandbox)' }
        $caught.FullyQualifiedErrorId | Should -Be 'VmRenamed,Homelab.PowerShell.GetHlVmStatusCommand'
        $caught.CategoryInfo.Category | Should -Be 'ResourceBusy'
    }
}
