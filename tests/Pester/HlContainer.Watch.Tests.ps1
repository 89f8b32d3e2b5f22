BeforeAll {
    . "$PSScriptRoot/Common.ps1"
    $script:lab = Open-Lab
    $null = Connect-Hl $lab.File
    $script:session = Open-Session
    $null = Invoke-InSession $session { param($file) Connect-Hl $file } $lab.File

    function Open-Watch([scriptblock] $Script, [int] $Streams) {
        # Begins with no connection open, and goes on when as many are as streams of events are read. Each begins with a call for the version.
        $null = Connect-Hl $lab.File
        Wait-Until { -not (Get-OpenConnection $lab) }
        $null = Invoke-Control $lab Post reset
        Start-InSession $session $Script
        Wait-Until { @(Get-OpenConnection $lab).Count -eq $Streams -and (Get-RequestCount $lab) -ge 2 * $Streams }
    }
}

AfterAll {
    Close-Session $session
    Close-Lab $lab
}

Describe 'Test-HlContainer' {
    It 'says that a container is up' {
        $check = Test-HlContainer gitea@dev
        $check | Should -BeOfType ([Homelab.ContainerCheck])
        $check.IsUp | Should -BeTrue
        $check.Reason | Should -Be 'running and healthy'
    }

    It 'takes containers <as>' -ForEach @(
        @{ as = 'by parameter'; call = { Test-HlContainer -Container redis@dev } }
        @{ as = 'as text'; call = { 'redis@dev' | Test-HlContainer } }
        @{ as = 'as objects'; call = { Get-HlContainer redis | Test-HlContainer } }
        @{ as = 'from what they use'; call = { Get-HlContainerUsage redis | Test-HlContainer } }
        @{ as = 'from rows with a name and a host'; call = { [pscustomobject]@{ Name = 'redis'; Host = 'dev' } | Test-HlContainer } }
    ) {
        "$((& $call).Container)" | Should -Be 'redis@dev'
    }

    It 'says why one is not up, and pipes it to be restarted' {
        $null = Invoke-Control $lab Post 'containers/litellm@ai/crash?code=3'
        $down = Get-HlContainer | Test-HlContainer | Where-Object IsUp -eq $false
        $down | Should -HaveCount 1
        $down.Reason | Should -BeLike 'exited with code 3*'
        $null = Invoke-Control $lab Post reset
        $down | Restart-HlContainer
        Get-Change $lab | Should -Be 'restart litellm@ai'
    }

    It 'says that there is none of that name' {
        $caught = Get-Caught { Test-HlContainer nosuch }
        $caught.FullyQualifiedErrorId | Should -Be 'ContainerNotFound,Homelab.PowerShell.TestHlContainerCommand'
        $caught.CategoryInfo.Category | Should -Be 'ObjectNotFound'
        $caught.TargetObject | Should -Be 'nosuch'
    }
}

Describe 'Watch-HlContainer' {
    AfterEach {
        Get-HlContainer -State Exited | Start-HlContainer
    }

    # Connections of short calls are kept for the next one; those of streams must be closed when nobody reads them any more.
    It 'tells what happens, and ends when the pipeline has enough, with its connections closed' {
        # By itself it never ends.
        $watching = Open-Watch { Watch-HlContainer | Select-Object -First 1 } -Streams 3
        $null = Invoke-Control $lab Post containers/redis@dev/crash
        $happened = $session.EndInvoke($watching)
        $happened | Should -BeOfType ([Homelab.ContainerEvent])
        "$happened" | Should -BeLike 'redis@dev *'
        Wait-Until { -not (Get-OpenConnection $lab) }
    }

    It 'ends when it is stopped, with its connections closed' {
        $null = Open-Watch { Watch-HlContainer } -Streams 3
        $session.Stop()
        $session.InvocationStateInfo.State | Should -Be 'Stopped'
        Wait-Until { -not (Get-OpenConnection $lab) }
    }

    It 'tells only of the container that is watched' {
        $watching = Open-Watch { Watch-HlContainer gitea@dev | Select-Object -First 1 } -Streams 1
        $null = Invoke-Control $lab Post containers/redis@dev/crash
        $null = Invoke-Control $lab Post containers/gitea@dev/crash
        $happened = $session.EndInvoke($watching)
        $happened.Container | Should -Be 'gitea'
        $happened.Action | Should -Be 'die'
        $happened.ExitCode | Should -Be 137
    }

    It 'ends by itself after the time that is given' {
        Watch-HlContainer -Host dev -For 1s -ErrorAction Stop | Should -BeNullOrEmpty
    }

    It 'refuses <what>' -ForEach @(
        @{ what = 'a time out of range'; call = { Watch-HlContainer -For 1ms }; id = 'InputInvalid' }
        @{ what = 'a host that there is not'; call = { Watch-HlContainer -Host nosuch }; id = 'DockerHostNotFound' }
    ) {
        (Get-Caught $call).FullyQualifiedErrorId | Should -Be "$id,Homelab.PowerShell.WatchHlContainerCommand"
    }
}
