BeforeAll {
    . "$PSScriptRoot/Common.ps1"
    $script:lab = Open-Lab
    $null = Connect-Hl $lab.File
    $script:unattended = Open-Session
    $null = Invoke-InSession $unattended { param($file) Connect-Hl $file -Unattended } $lab.File

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

Describe 'A change that nobody watches and that needs a person' {
    BeforeAll {
        $null = Invoke-Control $lab Post reset
    }

    It 'is asked for and not done' {
        $said = Invoke-InSession $unattended { Stop-HlContainer gitea@dev }
        $said.Output | Should -BeNullOrEmpty
        $said.Errors | Should -HaveCount 1
        $said.Errors[0].FullyQualifiedErrorId | Should -Be 'ApprovalNeeded,Homelab.PowerShell.StopHlContainerCommand'
        $said.Errors[0].CategoryInfo.Category | Should -Be 'PermissionDenied'
        $said.Errors[0].TargetObject | Should -Be 'gitea@dev'
        Get-Change $lab | Should -BeNullOrEmpty
    }

    It 'is not asked for by -WhatIf' {
        $before = @(Get-HlApproval).Count
        $said = Invoke-InSession $unattended { Stop-HlContainer ragflow@ai -WhatIf }
        $said.Errors | Should -BeNullOrEmpty
        @(Get-HlApproval).Count | Should -Be $before
        Get-Change $lab | Should -BeNullOrEmpty
    }

    It 'is one question however often it is asked for' {
        Get-Asked { Stop-HlContainer gitea@dev } | Should -Be (Get-Asked { Stop-HlContainer gitea@dev })
    }

    It 'waits where one looks for it' {
        $id = Get-Asked { Stop-HlContainer gitea@dev }
        $approval = Get-HlApproval $id
        $approval | Should -BeOfType ([Homelab.Approval])
        $approval.Status | Should -Be 'Pending'
        $approval.Operation | Should -Be 'docker_stop_container'
        (Get-HlApproval).Id | Should -Contain $id
        ($id | Get-HlApproval).Id | Should -Be $id
        (Get-HlApproval | Where-Object Id -eq $id | Get-HlApproval).Id | Should -Be $id
        Get-HlApproval -Status Denied | Should -BeNullOrEmpty
    }

    It 'is not done before it is approved' {
        $id = Get-Asked { Stop-HlContainer gitea@dev }
        $said = Invoke-InSession $unattended { param($id) Stop-HlContainer gitea@dev -Approval $id } $id
        $said.Errors.FullyQualifiedErrorId | Should -Be 'ApprovalNeeded,Homelab.PowerShell.StopHlContainerCommand'
        Get-Change $lab | Should -BeNullOrEmpty
    }

    It 'is done at once where policy lets it run by itself' {
        (Invoke-InSession $unattended { Restart-HlContainer litellm@ai }).Errors | Should -BeNullOrEmpty
        Get-Change $lab | Should -Be 'restart litellm@ai'
        $null = Invoke-Control $lab Post reset
    }
}

Describe '<verb>-HlApproval' -ForEach @(@{ verb = 'Approve' }, @{ verb = 'Deny' }) {
    BeforeAll {
        $script:cmdlet = "$verb-HlApproval"
        $script:class = "Homelab.PowerShell.Commands.${verb}HlApprovalCommand"
        $script:id = Get-Asked { Stop-HlContainer gitea@dev }
    }

    AfterEach {
        (Get-HlApproval $id).Status | Should -Be 'Pending'
    }

    It 'takes no answer of whoever asked' {
        $caught = Get-Caught { & $cmdlet $id }
        $caught.FullyQualifiedErrorId | Should -Be "ApproverNotAllowed,$class"
        $caught.CategoryInfo.Category | Should -Be 'PermissionDenied'
        $caught.TargetObject | Should -Be $id
    }

    It 'takes no answer of a session that nobody watches' {
        $said = Invoke-InSession $unattended { param($cmdlet, $id) & $cmdlet $id } $cmdlet, $id
        $said.Errors.FullyQualifiedErrorId | Should -Be "ApproverNotAllowed,$class"
    }

    It 'answers nothing under -WhatIf' {
        & $cmdlet $id -WhatIf -ErrorAction Stop | Should -BeNullOrEmpty
    }

    It 'says that there is no such question, and goes on with the next' {
        'nosuch', $id | & $cmdlet -ErrorAction SilentlyContinue -ErrorVariable failed
        $failed.FullyQualifiedErrorId | Should -Be "ApprovalNotFound,$class", "ApproverNotAllowed,$class"
        $failed[0].CategoryInfo.Category | Should -Be 'ObjectNotFound'
        $failed[0].TargetObject | Should -Be 'nosuch'
    }
}

Describe 'An answer of another person' {
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

        $script:stop = Get-Asked { Stop-HlContainer gitea@dev }
        $script:denied = Get-Asked { Stop-HlContainer redis@dev }
        $script:twice = Get-Asked { Restart-HlContainer traefik@infra }
        $script:changed = Get-Asked { Stop-HlContainer ragflow@ai -Grace 5s }
        $folder = Split-Path $lab.File
        chown -R 65534:65534 $folder
        $script:answers = Invoke-Shell -Prefix $nobody -Environment @{ HOME = $folder; POWERSHELL_TELEMETRY_OPTOUT = '1' } -Script @"
Connect-Hl '$($lab.File)' | Out-Null
(Approve-HlApproval $stop -PassThru).Status
(Get-HlApproval $denied | Deny-HlApproval -PassThru).Status
'$changed' | Approve-HlApproval
Approve-HlApproval $twice
try { Approve-HlApproval $twice -ErrorAction Stop } catch { `$_.FullyQualifiedErrorId }
try { Approve-HlApproval $twice -Target gitea@dev -ErrorAction Stop } catch { `$_.FullyQualifiedErrorId }
(Approve-HlApproval $twice -Target traefik@infra -PassThru).Status
try { Deny-HlApproval $twice -ErrorAction Stop } catch { `$_.FullyQualifiedErrorId }
"@
        $null = Invoke-Control $lab Post reset
    }

    BeforeEach {
        if ($missing) { Set-ItResult -Skipped -Because $missing }
    }

    It 'is taken, once of each kind' {
        $answers.Errors | Should -BeNullOrEmpty
        $answers.Output -split '\r?\n' | Where-Object { $_ -match '^(Approved|Denied|\w+,Homelab[.\w]+)$' } | Should -Be @(
            'Approved'
            'Denied'
            'ConfirmationNotDifferent,Homelab.PowerShell.Commands.ApproveHlApprovalCommand'
            'TargetMistyped,Homelab.PowerShell.Commands.ApproveHlApprovalCommand'
            'Approved'
            'ApprovalClosed,Homelab.PowerShell.Commands.DenyHlApprovalCommand'
        )
        $answers.Output | Should -BeLike '*1 of 2 confirmations are given. The next one must be different*'
    }

    It 'lets exactly what was asked for run once, and only once' {
        $said = Invoke-InSession $unattended { param($id) Stop-HlContainer gitea@dev -Approval $id -PassThru } $stop
        $said.Errors | Should -BeNullOrEmpty
        $said.Output[0].State | Should -Be 'Exited'
        Get-Change $lab | Should -Be 'stop gitea@dev'
        (Get-HlApproval $stop).Status | Should -Be 'Used'

        Start-HlContainer gitea@dev
        $null = Invoke-Control $lab Post reset
        $again = Invoke-InSession $unattended { param($id) Stop-HlContainer gitea@dev -Approval $id } $stop
        $again.Errors.FullyQualifiedErrorId | Should -Be 'ApprovalUnusable,Homelab.PowerShell.StopHlContainerCommand'
        Get-Change $lab | Should -BeNullOrEmpty
    }

    It 'does not let something else run' {
        foreach ($call in { param($id) Stop-HlContainer litellm@ai -Approval $id }, { param($id) Stop-HlContainer ragflow@ai -Grace 6s -Approval $id }) {
            $said = Invoke-InSession $unattended $call $changed
            $said.Errors.FullyQualifiedErrorId | Should -Be 'ApprovalMismatch,Homelab.PowerShell.StopHlContainerCommand'
        }
        Get-Change $lab | Should -BeNullOrEmpty
    }

    It 'that is no lets nothing run' {
        $said = Invoke-InSession $unattended { param($id) Stop-HlContainer redis@dev -Approval $id } $denied
        $said.Errors.FullyQualifiedErrorId | Should -Be 'ApprovalUnusable,Homelab.PowerShell.StopHlContainerCommand'
        (Get-HlApproval -Status Denied).Id | Should -Be $denied
        Get-Change $lab | Should -BeNullOrEmpty
    }

    It 'given twice lets a protected container be restarted' {
        $said = Invoke-InSession $unattended { param($id) Restart-HlContainer traefik@infra -Approval $id } $twice
        $said.Errors | Should -BeNullOrEmpty
        Get-Change $lab | Should -Be 'restart traefik@infra'
        $null = Invoke-Control $lab Post reset
    }

    It 'leaves an audit that holds' {
        Test-HlAudit -Quiet | Should -BeTrue
    }
}
