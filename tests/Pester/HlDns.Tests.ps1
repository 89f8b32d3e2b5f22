BeforeAll {
    . "$PSScriptRoot/Common.ps1"
    $script:lab = Open-Lab
    $null = Connect-Hl $lab.File
    $script:server = [regex]::Match((Get-Content $lab.File -Raw), 'dns: \{ server: "([^"]+)"').Groups[1].Value
}

AfterAll {
    Close-Lab $lab
}

Describe 'Test-HlDns' {
    It 'asks for the name <as>' -ForEach @(
        @{ as = 'by position'; call = { Test-HlDns gitea.thinmint.test -Server $server } }
        @{ as = 'by parameter'; call = { Test-HlDns -Name gitea.thinmint.test -Server $server } }
        @{ as = 'from the pipeline'; call = { 'gitea.thinmint.test' | Test-HlDns -Server $server } }
        @{ as = 'from a row'; call = { [pscustomobject]@{ Name = 'gitea.thinmint.test' } | Test-HlDns -Server $server } }
        @{ as = 'and expects its address'; call = { Test-HlDns gitea.thinmint.test -Server $server -Expect 127.0.0.1 } }
    ) {
        $reading = & $call
        $reading | Should -BeOfType ([Homelab.DnsReading])
        $reading.Status | Should -Be 'Up'
        $reading.Answers | Should -Be '127.0.0.1'
    }

    It 'asks for the names of the lab file: <which>' -ForEach @(
        @{ which = 'all of them'; call = { Test-HlDns }; scopes = 'external', 'internal' }
        @{ which = 'those outside'; call = { Test-HlDns -External }; scopes = 'external' }
        @{ which = 'those inside'; call = { Test-HlDns -Internal }; scopes = 'internal' }
    ) {
        $readings = @(& $call)
        $readings.Status | Sort-Object -Unique | Should -Be 'Up'
        $readings.Scope | Sort-Object -Unique | Should -Be $scopes
        $readings.Server | Sort-Object -Unique | Should -Be $server
    }

    It 'asks for several names at once, and by TCP' {
        $readings = Test-HlDns gitea.thinmint.test, open-webui.thinmint.test -Tcp
        $readings.Name | Sort-Object | Should -Be 'gitea.thinmint.test', 'open-webui.thinmint.test'
        $readings.Via | Sort-Object -Unique | Should -Be 'tcp'
        $readings.Rcode | Sort-Object -Unique | Should -Be 'NOERROR'
    }

    It 'compares the answers of two servers' {
        $readings = @(Test-HlDns gitea.thinmint.test -Server $server -Against $server)
        $readings | Should -HaveCount 2
        $readings.Agrees | Should -Be $true, $true
        $silent = @(Test-HlDns gitea.thinmint.test -Server $server -Against 127.0.0.1:1)
        $silent.Status | Sort-Object | Should -Be 'Up', 'Down'
        $silent.Agrees | Should -Not -Contain $true
    }

    It 'says what a name has none of, by the number of the type too' {
        $reading = Test-HlDns gitea.thinmint.test -Type TYPE65
        $reading.Status | Should -Be 'Down'
        $reading.Type | Should -BeIn 'HTTPS', 'TYPE65'
        (Test-HlDns nosuch.thinmint.test).Rcode | Should -Be 'NXDOMAIN'
    }

    It 'says that the answer is another one than was expected' {
        (Test-HlDns gitea.thinmint.test -Server $server -Expect 10.0.0.1).Status | Should -Be 'Down'
    }

    It 'says that nobody answers, as a reading and not as an error' {
        $reading = Test-HlDns gitea.thinmint.test -Server 127.0.0.1:1 -ErrorAction Stop
        $reading.Status | Should -Be 'Down'
        $reading.Detail | Should -Not -BeNullOrEmpty
    }

    It 'refuses <what>, and goes on' -ForEach @(
        @{ what = 'a type that there is not'; call = { 'gitea.thinmint.test' | Test-HlDns -Server $server -Type FOO } ; category = 'InvalidArgument' }
        @{ what = 'names given twice'; call = { Test-HlDns gitea.thinmint.test -Internal }; category = 'InvalidArgument' }
        @{ what = 'a time out of range'; call = { Test-HlDns gitea.thinmint.test -Server $server -Timeout 2m }; category = 'InvalidArgument' }
        @{ what = 'a time without a unit'; call = { Test-HlDns gitea.thinmint.test -Server $server -Timeout 2 }; category = 'InvalidData' }
        @{ what = 'what is no name'; call = { Test-HlDns 'not a name' -Server $server }; category = 'InvalidArgument' }
    ) {
        $caught = @(Get-Caught $call)
        $caught | Should -HaveCount 1
        $caught[0].CategoryInfo.Category | Should -Be $category
    }
}
