BeforeAll {
    . "$PSScriptRoot/Common.ps1"
    $script:lab = Open-Lab
    $null = Connect-Hl $lab.File

    # A TLS server with a certificate that nobody vouches for.
    $script:listener = [Net.Sockets.TcpListener]::new([Net.IPAddress]::Loopback, 0)
    $listener.Start()
    $script:address = "127.0.0.1:$($listener.LocalEndpoint.Port)"
    $key = [Security.Cryptography.ECDsa]::Create([Security.Cryptography.ECCurve+NamedCurves]::nistP256)
    $request = [Security.Cryptography.X509Certificates.CertificateRequest]::new('CN=gitea.thinmint.test', $key, 'SHA256')
    $names = [Security.Cryptography.X509Certificates.SubjectAlternativeNameBuilder]::new()
    $names.AddDnsName('gitea.thinmint.test')
    $request.CertificateExtensions.Add($names.Build())
    $script:certificate = $request.CreateSelfSigned([datetimeoffset]::UtcNow.AddDays(-1), [datetimeoffset]::UtcNow.AddDays(30))
    $script:serving = [powershell]::Create()
    $null = $serving.AddScript({
            param($Listener, $Certificate)
            while ($true) {
                try {
                    $client = $Listener.AcceptTcpClient()
                } catch [Net.Sockets.SocketException] {
                    # The listener was stopped: the tests are over.
                    return
                }
                $tls = [Net.Security.SslStream]::new($client.GetStream())
                try {
                    $tls.AuthenticateAsServer($Certificate)
                    # Until the client has had enough.
                    $null = $tls.ReadByte()
                } catch [Security.Authentication.AuthenticationException], [IO.IOException] {
                    # It did not trust us, or left: both are its right.
                    $null = $_
                } finally {
                    $tls.Dispose()
                }
            }
        }).AddArgument($listener).AddArgument($certificate)
    $script:served = $serving.BeginInvoke()
}

AfterAll {
    $listener.Stop()
    $null = $serving.EndInvoke($served)
    $serving.Dispose()
    Close-Lab $lab
}

Describe 'Test-HlCertificate' {
    It 'reads the certificate of the server <as>' -ForEach @(
        @{ as = 'by position'; call = { Test-HlCertificate $address } }
        @{ as = 'by parameter'; call = { Test-HlCertificate -Address $address } }
        @{ as = 'by the name that other modules use'; call = { Test-HlCertificate -Name $address } }
        @{ as = 'by text from the pipeline'; call = { $address | Test-HlCertificate } }
        @{ as = 'by a row'; call = { [pscustomobject]@{ Address = $address } | Test-HlCertificate } }
        @{ as = 'by a port that was found open'; call = { Test-HlPort $address | Test-HlCertificate } }
        @{ as = 'and asks for a name'; call = { Test-HlCertificate $address -ServerName gitea.thinmint.test } }
    ) {
        $reading = & $call
        $reading | Should -BeOfType ([Homelab.CertificateReading])
        $reading.Subject | Should -BeLike '*gitea.thinmint.test*'
        $reading.Sha256 -replace ':' | Should -Be ([Convert]::ToHexString([Security.Cryptography.SHA256]::HashData($certificate.RawData)))
        $reading.DaysLeft | Should -BeIn 29, 30
        $reading.Trusted | Should -BeFalse
    }

    It 'tells its key, its protocol and what it is worth' {
        $reading = Test-HlCertificate $address -ServerName gitea.thinmint.test
        $reading.Names | Should -Be 'gitea.thinmint.test'
        $reading.Key | Should -Be 'ECDSA 256'
        $reading.Protocol | Should -BeLike 'TLS 1.*'
        $reading.Reason | Should -Not -BeNullOrEmpty
        $reading.Status | Should -Be 'Down'
        # Whoever wants more days than are left is told so, whatever else is wrong.
        (Test-HlCertificate $address -MinDays 31).Status | Should -Be 'Down'
        Test-HlCertificate $address -Quiet | Should -BeExactly $false
    }

    It 'asks several servers at once' {
        $readings = @(Test-HlCertificate $address, $address -ErrorAction Stop)
        @($readings).ForEach{ $_.Address } | Should -Be $address, $address
    }

    It 'says that nobody shows one, and goes on' {
        $found = '127.0.0.1:1', $address | Test-HlCertificate -ErrorAction SilentlyContinue -ErrorVariable failed
        $found | Should -HaveCount 1
        $failed | Should -HaveCount 1
        $failed[0].FullyQualifiedErrorId | Should -Be 'CertificateNotRead,Homelab.PowerShell.TestHlCertificateCommand'
        $failed[0].CategoryInfo.Category | Should -Be 'ResourceUnavailable'
        $failed[0].TargetObject | Should -Be '127.0.0.1:1'
    }

    It 'refuses <what>' -ForEach @(
        @{ what = 'what is no server name'; call = { Test-HlCertificate $address -ServerName 'not a name' }; id = 'ServerNameInvalid' }
        @{ what = 'too many days'; call = { Test-HlCertificate $address -MinDays 5000 }; id = 'InputInvalid' }
        @{ what = 'a time out of range'; call = { Test-HlCertificate $address -Timeout 2m }; id = 'InputInvalid' }
        @{ what = 'a time without a unit'; call = { Test-HlCertificate $address -Timeout 2 }; id = 'ParameterArgumentTransformationError' }
    ) {
        (Get-Caught $call).FullyQualifiedErrorId | Should -Be "$id,Homelab.PowerShell.TestHlCertificateCommand"
    }
}
