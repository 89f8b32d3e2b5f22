BeforeAll {
    . "$PSScriptRoot/Common.ps1"
    $script:lab = Open-Lab
    $null = Connect-Hl $lab.File
    $script:session = Open-Session
    $null = Invoke-InSession $session { param($file) Connect-Hl $file } $lab.File
}

AfterAll {
    Close-Session $session
    Close-Lab $lab
}

Describe 'Watch-HlEvent' {
    It 'tells what another session does, and ends when the pipeline has enough' {
        # -Last 1 is the proof that it watches.
        Test-HlContainer redis@dev | Out-Null
        $told = [Management.Automation.PSDataCollection[psobject]]::new()
        $session.Commands.Clear()
        $null = $session.AddScript({ Watch-HlEvent -Last 1 | Where-Object { $_.Kind -ne 'Read' -or $_.Target -like '*redis@dev' } | Select-Object -First 3 })
        $watching = $session.BeginInvoke[psobject, psobject]([Management.Automation.PSDataCollection[psobject]] $null, $told)
        Wait-Until { $told.Count -eq 1 }
        Restart-HlContainer gitea@dev
        Wait-Until { $watching.IsCompleted }
        $null = $session.EndInvoke($watching)
        $told[0] | Should -BeOfType ([Homelab.AuditEntry])
        $told[0].Target | Should -Be 'container:redis@dev'
        $told[1, 2].Kind | Should -Be 'Intent', 'Outcome'
        $told[1, 2].Operation | Should -Be 'docker_restart_container', 'docker_restart_container'
        $told[2].Target | Should -Be 'container:gitea@dev'
        $told[2].Result | Should -Be 'succeeded'
    }

    It 'begins with the lines that -Last asks for, in their order' {
        Restart-HlContainer gitea@dev
        $expected = Get-HlAudit -Last 5
        (Watch-HlEvent -Last 5 | Select-Object -First 5).Sequence | Should -Be $expected.Sequence
    }

    It 'tells nothing that was before without -Last' {
        $watching = Start-InSession $session { Watch-HlEvent | Select-Object -First 1 }
        $before = (Get-HlAudit -Last 1).Sequence
        # Nobody can see from outside that it watches: things are done until it tells of one.
        Wait-Until { Test-HlContainer redis@dev | Out-Null; $watching.IsCompleted }
        $session.EndInvoke($watching).Sequence | Should -BeGreaterThan $before
    }

    It 'ends when it is stopped' {
        $told = [Management.Automation.PSDataCollection[psobject]]::new()
        $session.Commands.Clear()
        $null = $session.AddScript({ Watch-HlEvent -Last 1 })
        $null = $session.BeginInvoke[psobject, psobject]([Management.Automation.PSDataCollection[psobject]] $null, $told)
        Wait-Until { $told.Count -ge 1 }
        $session.Stop()
        $session.InvocationStateInfo.State | Should -Be 'Stopped'
    }
}
