BeforeAll {
    . "$PSScriptRoot/Common.ps1"
    $script:lab = Open-Lab
    $null = Connect-Hl $lab.File

    function Open-McpClient([string] $Lab, [string] $Parameters) {
        # What an AI client starts: a PowerShell without a profile, spoken to by its input and output.
        $script = "Import-Module '$moduleFolder/Homelab.PowerShell.psd1'; Connect-Hl '$Lab' | Out-Null; Start-HlMcpServer $Parameters"
        $start = [Diagnostics.ProcessStartInfo]::new($pwsh[0], [string[]] (@($pwsh | Select-Object -Skip 1) + '-NoProfile', '-Command', $script))
        $start.RedirectStandardInput = $start.RedirectStandardOutput = $start.RedirectStandardError = $true
        $start.Environment['NO_COLOR'] = '1'
        [Diagnostics.Process]::Start($start)
    }

    function Send-Message($Client, [hashtable] $Message) {
        $Client.StandardInput.WriteLine((@{ jsonrpc = '2.0' } + $Message | ConvertTo-Json -Depth 9 -Compress))
        $Client.StandardInput.Flush()
    }

    function Receive-Answer($Client, [int] $Id) {
        # Nothing but the protocol may come: each line is read as JSON.
        do {
            $reading = $Client.StandardOutput.ReadLineAsync()
            if (-not $reading.Wait(240000)) { throw "No answer to $Id came within 4 minutes." }
            if ($null -eq $reading.Result) { throw "The server ended: $($Client.StandardError.ReadToEnd())" }
            $answer = $reading.Result | ConvertFrom-Json
        } until ($answer.id -eq $Id)
        $answer
    }

    function Initialize-Client($Client) {
        Send-Message $Client @{ id = 1; method = 'initialize'; params = @{ protocolVersion = '2025-06-18'; capabilities = @{}; clientInfo = @{ name = 'suite'; version = '1' } } }
        $answer = Receive-Answer $Client 1
        Send-Message $Client @{ method = 'notifications/initialized' }
        $answer
    }

    function Get-Descendant([int] $Id) {
        foreach ($child in (Get-Process).Where{ $_.Parent.Id -eq $Id }) { $child; Get-Descendant $child.Id }
    }
}

AfterAll {
    Close-Lab $lab
}

Describe 'Start-HlMcpServer' {
    BeforeEach {
        $null = Invoke-Control $lab Post reset
        $script:client = Open-McpClient $lab.File '-Name tester'
    }

    AfterEach {
        if (-not $client.HasExited) { $client.Kill($true) }
        $client.WaitForExit()
        $client.Dispose()
    }

    It 'serves the tools of the lab, and ends with all its processes when the client leaves' {
        (Initialize-Client $client).result.serverInfo.name | Should -BeLike '*homelab*'
        Send-Message $client @{ id = 2; method = 'tools/list'; params = @{} }
        $tools = (Receive-Answer $client 2).result.tools
        $tools.name | Should -Contain 'docker_list_containers'

        $started = @(Get-Descendant $client.Id)
        $started | Should -Not -BeNullOrEmpty
        $client.StandardInput.Close()
        $client.WaitForExit(240000) | Should -BeTrue
        $client.ExitCode | Should -Be 0
        Wait-Until { -not $started.Where{ Test-Running $_.Id } }
    }

    It 'acts under the name that is given, and not beyond the level of that client' {
        $null = Initialize-Client $client
        Send-Message $client @{ id = 2; method = 'tools/call'; params = @{ name = 'docker_list_containers'; arguments = @{} } }
        (Receive-Answer $client 2).result.isError | Should -Not -BeTrue
        $line = Get-HlAudit docker_list_containers -Last 1
        $line.Trigger | Should -Be 'mcp'
        $line.Identity | Should -Be 'tester'

        Send-Message $client @{ id = 3; method = 'tools/call'; params = @{ name = 'docker_restart_container'; arguments = @{ container = 'gitea@dev' } } }
        $answer = Receive-Answer $client 3
        ([bool] $answer.error -or $answer.result.isError) | Should -BeTrue
        Get-Change $lab | Should -BeNullOrEmpty
    }
}

Describe 'Start-HlMcpServer with <what>' -ForEach @(
    @{ what = 'a name with blanks'; name = 'my client' }
    @{ what = 'no name'; name = '' }
) {
    It 'refuses it and starts nothing' {
        $before = @(Get-ChildProcess).Id
        (Get-Caught { Start-HlMcpServer -Name $name }).FullyQualifiedErrorId | Should -BeLike 'ParameterArgumentValidationError*'
        @(Get-ChildProcess).Id.Where{ $_ -notin $before } | Should -BeNullOrEmpty
    }
}
