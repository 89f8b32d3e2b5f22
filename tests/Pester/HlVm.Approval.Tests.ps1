BeforeAll {
    . "$PSScriptRoot/Common.ps1"
    $script:lab = Open-Lab
    # A session without a person that may ask for everything.
    $script:file = Copy-LabFile $lab 'schedule: operate' 'schedule: manage'
    $null = Connect-Hl $file
    $null = New-HlSnapshot dev before-upgrade
    $script:unattended = Open-Session
    $null = Invoke-InSession $unattended { param($file) Connect-Hl $file -Unattended } $file

    function Get-Asked([scriptblock] $Script) {
        # The id of the question that a session without a person puts.
        $said = Invoke-InSession $unattended $Script
        $said.Errors.FullyQualifiedErrorId | Should -BeLike 'ApprovalNeeded,*'
        [regex]::Match($said.Errors[0].Exception.Message, 'Approve-HlApproval ([0-9a-f]+)').Groups[1].Value
    }
}

AfterAll {
    Close-Session $unattended
    Close-Lab $lab
}

Describe 'A change of a guest that another person has approved' {
    BeforeAll {
        # Another user of this machine, whom only root can become, and who must be able to read the module.
        $nobody = 'setpriv', '--reuid=65534', '--regid=65534', '--clear-groups', '--'
        $script:missing = if (-not $IsLinux -or [Environment]::UserName -ne 'root') {
            'only root on Linux can act as another person'
        } elseif (-not (Get-Command setpriv -ErrorAction Ignore)) {
            'setpriv is not installed: apt-get install util-linux'
        } else {
            & $nobody[0] $nobody[1..3] test -r "$moduleFolder/Homelab.PowerShell.psd1"
            if ($LASTEXITCODE -ne 0) { 'another person cannot read the module: it lies in a folder of root alone' }
        }
        if ($missing) { return }

        $script:restart = Get-Asked { Restart-HlVm 100 }
        $script:moved = Get-Asked { Stop-HlVm ai }
        $script:twice = Get-Asked { Remove-HlSnapshot dev before-upgrade }
        $folder = Split-Path $file
        chown -R 65534:65534 $folder
        $script:answers = Invoke-Shell -Prefix $nobody -Environment @{ HOME = $folder; POWERSHELL_TELEMETRY_OPTOUT = '1' } -Script @"
Connect-Hl '$file' | Out-Null
(Approve-HlApproval $restart -PassThru).Status
(Approve-HlApproval $moved -PassThru).Status
Approve-HlApproval $twice
(Approve-HlApproval $twice -Target dev@pve -PassThru).Status
"@
        $null = Invoke-Control $lab Post reset
    }

    BeforeEach {
        if ($missing) { Set-ItResult -Skipped -Because $missing }
    }

    It 'was answered once, and twice where it cannot be taken back' {
        $answers.Errors | Should -BeNullOrEmpty
        $answers.Output -split '\r?\n' | Where-Object { $_ -eq 'Approved' } | Should -HaveCount 3
    }

    It 'is done once, however the guest is named now, and only once' {
        $said = Invoke-InSession $unattended { param($id) Restart-HlVm dev -Approval $id -PassThru } $restart
        $said.Errors | Should -BeNullOrEmpty
        $said.Output[0].State | Should -Be 'Running'
        Get-NodeChange $lab | Should -Be 'POST pve/qemu/100/status/reboot'
        $null = Invoke-Control $lab Post reset
        $again = Invoke-InSession $unattended { param($id) Restart-HlVm 100 -Approval $id } $restart
        $again.Errors.FullyQualifiedErrorId | Should -Be 'ApprovalUnusable,Homelab.PowerShell.RestartHlVmCommand'
        Get-NodeChange $lab | Should -BeNullOrEmpty
    }

    It 'is not done to another guest, nor in another way' {
        foreach ($call in { param($id) Stop-HlVm infra -Approval $id }, { param($id) Stop-HlVm ai -ForceStop -Approval $id }) {
            (Invoke-InSession $unattended $call $moved).Errors.FullyQualifiedErrorId | Should -Be 'ApprovalMismatch,Homelab.PowerShell.Commands.StopHlVmCommand'
        }
        Get-NodeChange $lab | Should -BeNullOrEmpty
    }

    It 'is not done to a guest that has another name since' {
        Set-HlVm 103 -Name ai-2
        $null = Invoke-Control $lab Post reset
        $said = Invoke-InSession $unattended { param($id) Stop-HlVm 103 -Approval $id } $moved
        Set-HlVm 103 -Name ai
        $said.Output | Should -BeNullOrEmpty
        $said.Errors.FullyQualifiedErrorId | Should -Be 'ApprovalMismatch,Homelab.PowerShell.Commands.StopHlVmCommand'
        (Get-HlVmStatus ai).State | Should -Be 'Running'
    }

    It 'removes a snapshot after two confirmations' {
        $null = Invoke-Control $lab Post reset
        $said = Invoke-InSession $unattended { param($id) Remove-HlSnapshot dev before-upgrade -Approval $id } $twice
        $said.Errors | Should -BeNullOrEmpty
        Get-NodeChange $lab | Should -Be 'DELETE pve/qemu/100/snapshot/before-upgrade'
        Get-HlSnapshot dev | Should -BeNullOrEmpty
    }

    It 'leaves an audit that holds' {
        Test-HlAudit -Quiet | Should -BeTrue
    }
}
