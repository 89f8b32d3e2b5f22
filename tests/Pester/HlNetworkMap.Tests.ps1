BeforeAll {
    . "$PSScriptRoot/Common.ps1"
    $script:lab = Open-Lab
    $null = Connect-Hl $lab.File
}

AfterAll {
    Close-Lab $lab
}

Describe 'Get-HlNetworkMap' {
    It 'draws hosts under those they run on, and services under their hosts' {
        $map = @(Get-HlNetworkMap -NoProbe)
        $map | Should -BeOfType ([Homelab.NetworkMapEntry])
        $map.Where{ $_.Kind -eq 'Host' -and $_.Depth -eq 0 }.Name | Should -Contain 'proxmox'
        $map.Where{ $_.Name -eq 'dev' }.Parent | Should -Be 'proxmox'
        $map.Where{ $_.Name -eq 'gitea' }.Parent | Should -Be 'dev'
        $map.Where{ $_.Name -eq 'gitea' }.Depth | Should -Be 2
        # Whoever is above comes before.
        foreach ($entry in $map.Where{ $_.Parent }) { $map.Name.IndexOf($entry.Parent) | Should -BeLessThan $map.Name.IndexOf($entry.Name) -Because $entry.Name }
    }

    It 'asks nobody with -NoProbe' {
        $before = Get-RequestCount $lab
        (Get-HlNetworkMap -NoProbe).Where{ $null -ne $_.Status -or $null -ne $_.Latency } | Should -BeNullOrEmpty
        Get-RequestCount $lab | Should -Be $before
    }

    It 'tells what is up, and what is not' {
        $null = Invoke-Control $lab Post containers/homepage@infra/crash
        try {
            $map = Get-HlNetworkMap
            $map.Where{ $_.Name -eq 'homepage' }.Status | Should -Be 'Down'
            $map.Where{ $_.Name -eq 'gitea' }.Status | Should -Be 'Up'
            $map.Where{ $_.Name -eq 'gitea' }.Latency | Should -BeGreaterThan ([timespan]::Zero)
            $map.Where{ $_.Name -eq 'dev' }.Status | Should -Be 'Up'
        } finally {
            Start-HlContainer homepage@infra
        }
    }

    It 'refuses a time without a unit' {
        (Get-Caught { Get-HlNetworkMap -Timeout 2 }).FullyQualifiedErrorId | Should -Be 'ParameterArgumentTransformationError,Homelab.PowerShell.GetHlNetworkMapCommand'
    }

    It 'can be piped on: hosts to Test-HlHost, services to Test-HlService' {
        $map = Get-HlNetworkMap -NoProbe
        ($map.Where{ $_.Name -eq 'dev' } | Test-HlHost).Status | Should -Be 'Up'
        ($map.Where{ $_.Name -eq 'gitea' } | Test-HlService).Name | Should -Be 'gitea'
    }
}

Describe 'Test-HlHost' {
    BeforeAll {
        $listener = [Net.Sockets.TcpListener]::new([Net.IPAddress]::Loopback, 0)
        $listener.Start()
        $script:port = $listener.LocalEndpoint.Port
        $script:open = $listener
    }

    AfterAll {
        $open.Stop()
    }

    It 'looks at every host of the lab' {
        $readings = @(Test-HlHost)
        $readings | Should -BeOfType ([Homelab.HostReading])
        $readings.Host | Sort-Object | Should -Be 'ai', 'dev', 'infra', 'proxmox', 'windows'
        $readings.Status | Sort-Object -Unique | Should -Be 'Up'
    }

    It 'takes the host <as>' -ForEach @(
        @{ as = 'by position'; call = { Test-HlHost dev } }
        @{ as = 'by its other name'; call = { Test-HlHost -HostName dev } }
        @{ as = 'from the pipeline'; call = { 'dev' | Test-HlHost } }
        @{ as = 'from its last result'; call = { Test-HlHost dev | Test-HlHost } }
        @{ as = 'from a row'; call = { [pscustomobject]@{ Host = 'dev' } | Test-HlHost } }
        @{ as = 'as a pattern'; call = { Test-HlHost d* } }
    ) {
        $reading = & $call
        $reading.Host | Should -Be 'dev'
        $reading.Status | Should -Be 'Up'
        $reading.Latency | Should -BeGreaterThan ([timespan]::Zero)
    }

    It 'takes any address, and says by which way it answered' {
        $reading = Test-HlHost 127.0.0.1 -Port $port -Count 3
        $reading.Via | Should -Be "tcp:$port"
        $reading.Sent | Should -Be 3
        $reading.Received | Should -Be 3
        $reading.Loss | Should -Be 0
        $reading.Max | Should -Not -BeLessThan $reading.Min
    }

    It 'takes a port that refuses for a sign of life, and a name that nobody knows for none' {
        (Test-HlHost 127.0.0.1 -Port 1).Status | Should -Be 'Up'
        $reading = Test-HlHost nosuch.invalid -Timeout 3s -ErrorAction Stop
        $reading.Status | Should -Be 'Unknown'
        $reading.Detail | Should -Not -BeNullOrEmpty
    }

    It 'refuses <what>' -ForEach @(
        @{ what = 'a port by echo'; call = { Test-HlHost dev -Method Icmp -Port 22 }; id = 'PortNeedsTcp' }
        @{ what = 'no count'; call = { Test-HlHost dev -Count 0 }; id = 'InputInvalid' }
        @{ what = 'a time without a unit'; call = { Test-HlHost dev -Timeout 2 }; id = 'ParameterArgumentTransformationError' }
    ) {
        (Get-Caught $call).FullyQualifiedErrorId | Should -Be "$id,Homelab.PowerShell.TestHlHostCommand"
    }
}

Describe '-Quiet' {
    BeforeAll {
        $null = Invoke-Control $lab Post containers/homepage@infra/crash
    }

    AfterAll {
        Start-HlContainer homepage@infra
    }

    It 'is one true or false, and nothing else: <call> is <well>' -ForEach @(
        @{ call = { Test-HlHost -Quiet }; well = $true }
        @{ call = { 'dev', 'nosuch.invalid' | Test-HlHost -Timeout 3s -Quiet }; well = $false }
        @{ call = { Test-HlHost nosuch* -Quiet }; well = $false }
        @{ call = { Test-HlPort 127.0.0.1:1 -Quiet }; well = $false }
        @{ call = { Test-HlDns -Quiet }; well = $true }
        @{ call = { Test-HlDns nosuch.invalid -Quiet }; well = $false }
        @{ call = { Test-HlService -Quiet }; well = $false }
        @{ call = { Test-HlService gitea -Quiet }; well = $true }
        @{ call = { 'gitea', 'homepage' | Test-HlService -Quiet }; well = $false }
        @{ call = { Test-HlCertificate 127.0.0.1:1 -Quiet }; well = $false }
        @{ call = { Test-HlContainer gitea -Quiet }; well = $true }
        @{ call = { Test-HlContainer homepage -Quiet }; well = $false }
        @{ call = { Test-HlGuestAgent dev -Quiet }; well = $true }
        @{ call = { Test-HlGuestAgent sandbox -Quiet }; well = $false }
    ) {
        $said = @(& $call)
        $said | Should -HaveCount 1
        $said[0] | Should -BeExactly $well
    }

    It 'keeps no mistake of the caller to itself' {
        $said = Test-HlService gitae -Quiet -ErrorAction SilentlyContinue -ErrorVariable failed
        $said | Should -Not -BeTrue
        $failed.FullyQualifiedErrorId | Should -Be 'ServiceNotFound,Homelab.PowerShell.TestHlServiceCommand'
    }

    It 'is known to every cmdlet that tests' {
        # What would have been done about a tape is told, and judges nothing.
        foreach ($cmdlet in Get-Command -Module Homelab.PowerShell -Verb Test | Where-Object Name -NE 'Test-HlHealing') {
            $cmdlet.Parameters['Quiet'].SwitchParameter | Should -BeTrue -Because $cmdlet.Name
            $cmdlet.OutputType.Type | Should -Contain ([bool]) -Because $cmdlet.Name
        }
    }
}
