BeforeAll {
    . "$PSScriptRoot/Common.ps1"
    $script:lab = Open-Lab
    $null = Connect-Hl $lab.File
    $script:unattended = Open-Session
    $null = Invoke-InSession $unattended { param($file) Connect-Hl $file -Unattended } $lab.File
    $asked = Invoke-InSession $unattended { Stop-HlContainer gitea@dev }
    $script:id = [regex]::Match($asked.Errors[0].Exception.Message, 'Approve-HlApproval ([0-9a-f]+)').Groups[1].Value
}

AfterAll {
    Close-Session $unattended
    Close-Lab $lab
}

Describe 'Wait-HlApproval' {
    It 'tells after its time how a question stands that nobody has answered' {
        $began = [Diagnostics.Stopwatch]::StartNew()
        $state = Wait-HlApproval $id -Timeout 1s
        $began.Elapsed | Should -BeGreaterOrEqual ([timespan]::FromSeconds(0.9))
        $state | Should -BeOfType ([Homelab.ApprovalState])
        $state.Id | Should -Be $id
        $state.Status | Should -Be 'Pending'
        $state.Operation | Should -Be 'docker_stop_container'
        $state.Next | Should -Not -BeNullOrEmpty
    }

    It 'takes ids and questions from the pipeline' {
        ($id | Wait-HlApproval -Timeout 0s).Id | Should -Be $id
        (Get-HlApproval $id | Wait-HlApproval -Timeout 0s).Id | Should -Be $id
    }

    It 'shows where the question stands and what follows' {
        $shown = Wait-HlApproval $id -Timeout 0s | Out-String -Width 200
        $shown | Should -BeLike '*Pending 0/1*gitea*'
    }

    It 'answers nothing' {
        (Get-HlApproval $id).Status | Should -Be 'Pending'
        Get-Change $lab | Should -BeNullOrEmpty
    }

    It 'says that there is no such question, and goes on with the next' {
        $states = 'nosuch', $id | Wait-HlApproval -Timeout 0s -ErrorAction SilentlyContinue -ErrorVariable failed
        $states.Id | Should -Be $id
        $failed.FullyQualifiedErrorId | Should -Be 'ApprovalNotFound,Homelab.PowerShell.WaitHlApprovalCommand'
        $failed[0].CategoryInfo.Category | Should -Be 'ObjectNotFound'
    }

    It 'waits no longer than 45 seconds at once, and says so' {
        $caught = @(Get-Caught { Wait-HlApproval $id -Timeout 2m })
        $caught[0].CategoryInfo.Category | Should -Be 'InvalidArgument'
        "$caught" | Should -BeLike '*45s*'
    }

    It 'ends when it is stopped' {
        # Again and again for half an hour, were it not stopped: each of them ends by itself after 45 seconds.
        $began = [Management.Automation.PSDataCollection[psobject]]::new()
        $unattended.Commands.Clear()
        $null = $unattended.AddScript({ param($id) 1..40 | ForEach-Object { $_; Wait-HlApproval $id } }).AddArgument($id)
        $running = $unattended.BeginInvoke[psobject, psobject]([Management.Automation.PSDataCollection[psobject]] $null, $began)
        Wait-Until { $began.Count -ge 1 }
        $unattended.Stop()
        $running.IsCompleted | Should -BeTrue
        $unattended.InvocationStateInfo.State | Should -Be 'Stopped'
    }
}
