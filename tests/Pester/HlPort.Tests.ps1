BeforeAll {
    . "$PSScriptRoot/Common.ps1"
    $script:lab = Open-Lab
    $null = Connect-Hl $lab.File
    $script:open = [regex]::Match((Get-Content $lab.File -Raw), 'tcp: "([^"]+)"').Groups[1].Value
}

AfterAll {
    Close-Lab $lab
}

Describe 'Test-HlPort' {
    It 'finds a port open that is given <as>' -ForEach @(
        @{ as = 'by position'; call = { Test-HlPort $open } }
        @{ as = 'by parameter'; call = { Test-HlPort -Address $open } }
        @{ as = 'by the name that other modules use'; call = { Test-HlPort -Name $open } }
        @{ as = 'by text from the pipeline'; call = { $open | Test-HlPort } }
        @{ as = 'by a row'; call = { [pscustomobject]@{ Address = $open } | Test-HlPort } }
        @{ as = 'by a service''s result'; call = { Test-HlService redis | Test-HlPort } }
    ) {
        $result = & $call
        $result | Should -BeOfType ([Homelab.ProbeResult])
        $result.Status | Should -Be 'Up'
        $result.Kind | Should -Be 'tcp'
    }

    It 'finds a port closed, as a result and not as an error' {
        $result = Test-HlPort 127.0.0.1:1 -ErrorAction Stop
        $result.Status | Should -Be 'Down'
        $result.Detail | Should -Be 'connection refused'
    }

    It 'refuses <what>' -ForEach @(
        @{ what = 'a host without a port'; call = { Test-HlPort nas }; category = 'InvalidArgument' }
        @{ what = 'a port out of range'; call = { Test-HlPort nas:70000 }; category = 'InvalidArgument' }
        @{ what = 'no port at all'; call = { Test-HlPort nas -Port 0 }; category = 'InvalidArgument' }
        @{ what = 'a time out of range'; call = { Test-HlPort $open -Timeout 1ms }; category = 'InvalidArgument' }
        @{ what = 'a time without a unit'; call = { Test-HlPort $open -Timeout 5 }; category = 'InvalidData' }
    ) {
        $caught = @(Get-Caught $call)
        $caught | Should -HaveCount 1
        $caught[0].CategoryInfo.Category | Should -Be $category
    }

    It 'looks at several ports of several hosts at once, and tells open from refused' {
        $number = [int] ($open -split ':')[1]
        $results = @(Test-HlPort 127.0.0.1, localhost -Port $number, 1)
        $results | Should -HaveCount 4
        $results.Where{ $_.Port -eq 'Open' }.Name | Sort-Object | Should -Be "127.0.0.1:$number", "localhost:$number"
        $results.Where{ $_.Port -eq 'Refused' }.Status | Should -Be 'Down', 'Down'
    }

    It 'tells what a server says first' {
        $listener = [Net.Sockets.TcpListener]::new([Net.IPAddress]::Loopback, 0)
        $listener.Start()
        try {
            $session = [powershell]::Create()
            $null = $session.AddScript({
                    param($Listener)
                    $client = $Listener.AcceptTcpClient()
                    $client.GetStream().Write([Text.Encoding]::ASCII.GetBytes("SSH-2.0-Test_1`e[2J`r`nmore"))
                    # Until the client has had enough.
                    $null = $client.GetStream().ReadByte()
                    $client.Dispose()
                }).AddArgument($listener)
            $said = $session.BeginInvoke()
            $result = Test-HlPort "127.0.0.1:$($listener.LocalEndpoint.Port)" -Banner
            $result.Banner | Should -BeLike 'SSH-2.0-Test_1*'
            $result.Banner | Should -Not -Match '[\x00-\x1f]|more'
            $null = $session.EndInvoke($said)
        } finally {
            $session.Dispose()
            $listener.Stop()
        }
    }

    It 'goes on with the next when one is refused' {
        $found = 'nas', $open | Test-HlPort -ErrorAction SilentlyContinue -ErrorVariable failed
        $found.Status | Should -Be 'Up'
        $failed | Should -HaveCount 1
    }
}
