BeforeAll {
    . "$PSScriptRoot/Common.ps1"
    $script:lab = Open-Lab
    $null = Connect-Hl $lab.File
    $script:session = Open-Session
    $null = Invoke-InSession $session { param($file) Connect-Hl $file } $lab.File
    $script:before = @(Get-ChildProcess).Id

    function Open-Telling([scriptblock] $Script) {
        # Begins to run something in the other session: what it has told so far, and what tells that it has ended.
        $told = [Management.Automation.PSDataCollection[psobject]]::new()
        $session.Commands.Clear()
        $session.Streams.ClearStreams()
        $null = $session.AddScript($Script)
        [pscustomobject]@{ Told = $told; Running = $session.BeginInvoke[psobject, psobject]([Management.Automation.PSDataCollection[psobject]] $null, $told) }
    }
}

AfterAll {
    Close-Session $session
    Close-Lab $lab
}

Describe 'Start-HlListener' {
    AfterEach {
        $session.Stop()
        Wait-Until { -not (Get-ChildProcess | Where-Object Id -notin $before) }
    }

    It 'says first that it is ready, then how it heals what crashes, as whoever sent the alert' {
        $null = Invoke-Control $lab Post reset
        $listening = Open-Telling { Start-HlListener }
        Wait-Until { $listening.Told.Count -ge 1 }
        $listening.Told[0] | Should -BeOfType ([Homelab.HomelabEvent])
        $listening.Told[0].Event | Should -Be 'ready'
        $null = Invoke-Control $lab Post containers/gitea@dev/crash
        Wait-Until { $listening.Told.ReadAll() | Where-Object { $_.Event -eq 'recovered' -and $_.Service -eq 'gitea' } }
        Get-Change $lab | Should -Be 'restart gitea@dev'
        (Get-HlIncident -Service gitea -Last 1).Caller | Should -BeLike 'webhook:*'
    }

    It 'ends its process when it is stopped, before it returns' {
        $listening = Open-Telling { Start-HlListener }
        Wait-Until { $listening.Told.Count -ge 1 }
        $child = @(Get-ChildProcess | Where-Object Id -notin $before)
        $child | Should -HaveCount 1
        $session.Stop()
        $child[0].HasExited | Should -BeTrue
        $session.InvocationStateInfo.State | Should -Be 'Stopped'
    }

    It 'ends its process when the pipeline has enough' {
        (Start-HlListener | Select-Object -First 1).Event | Should -Be 'ready'
        Get-ChildProcess | Where-Object Id -notin $before | Should -BeNullOrEmpty
    }

    It 'says what the program said when it cannot listen' {
        $listening = Open-Telling { Start-HlListener }
        Wait-Until { $listening.Told.Count -ge 1 }
        # Its address is taken now.
        $caught = @(Get-Caught { Start-HlListener })
        $caught | Should -HaveCount 1
        $caught[0].FullyQualifiedErrorId | Should -Be 'HostFailed,Homelab.PowerShell.Commands.StartHlListenerCommand'
        $caught[0].Exception.Message.Length | Should -BeGreaterThan 60
        $listening.Running.IsCompleted | Should -BeFalse
    }
}
