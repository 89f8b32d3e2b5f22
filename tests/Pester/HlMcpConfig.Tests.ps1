BeforeAll {
    . "$PSScriptRoot/Common.ps1"
    $script:lab = Open-Lab
    $null = Connect-Hl $lab.File
    $script:class = 'Homelab.PowerShell.Commands.ExportHlMcpConfigCommand'

    function Get-EntryTool($Entry) {
        # Starts a server as a client does that has read the entry, and asks it for its tools.
        $start = [Diagnostics.ProcessStartInfo]::new($Entry.command, [string[]] $Entry.args)
        $start.RedirectStandardInput = $start.RedirectStandardOutput = $start.RedirectStandardError = $true
        $start.WorkingDirectory = [IO.Path]::GetTempPath()
        foreach ($variable in @($Entry.env.PSObject.Properties)) {
            if ($variable) { $start.Environment[$variable.Name] = $variable.Value -replace '^\$\{(\w+)\}$', { [Environment]::GetEnvironmentVariable($_.Groups[1].Value) } }
        }
        $process = [Diagnostics.Process]::Start($start)
        try {
            foreach ($message in @(
                    @{ id = 1; method = 'initialize'; params = @{ protocolVersion = '2025-06-18'; capabilities = @{}; clientInfo = @{ name = 'suite'; version = '1' } } }
                    @{ method = 'notifications/initialized' }
                    @{ id = 2; method = 'tools/list'; params = @{} })) {
                $process.StandardInput.WriteLine((@{ jsonrpc = '2.0' } + $message | ConvertTo-Json -Depth 9 -Compress))
            }
            $process.StandardInput.Flush()
            do {
                $reading = $process.StandardOutput.ReadLineAsync()
                if (-not $reading.Wait(240000)) { throw 'No answer came within 4 minutes.' }
                if ($null -eq $reading.Result) { throw "The server ended: $($process.StandardError.ReadToEnd())" }
                $answer = $reading.Result | ConvertFrom-Json
            } until ($answer.id -eq 2)
            $answer.result.tools
        } finally {
            $process.StandardInput.Close()
            if (-not $process.WaitForExit(240000)) { $process.Kill($true) }
            $process.Dispose()
        }
    }
}

AfterAll {
    Close-Lab $lab
}

Describe 'Export-HlMcpConfig' {
    BeforeEach {
        $script:folder = New-Item (Join-Path $TestDrive ([guid]::NewGuid())) -ItemType Directory
        $script:file = Join-Path $folder 'config.json'
    }

    It 'returns what makes <client> start a server that has tools' -ForEach @(
        @{ client = 'ClaudeDesktop'; at = { $args[0].mcpServers.homelab } }
        @{ client = 'ClaudeCode'; at = { $args[0].mcpServers.homelab } }
        @{ client = 'VSCode'; at = { $args[0].servers.homelab } }
        @{ client = 'OpenClaw'; at = { $args[0].mcp.servers.homelab } }
    ) {
        $text = Export-HlMcpConfig $client -WarningAction Ignore
        $text | Should -BeOfType ([string])
        $entry = & $at ($text | ConvertFrom-Json)
        Test-Path $entry.command | Should -BeTrue
        $entry.args | Should -Contain $lab.File
        (Get-EntryTool $entry).name | Should -Contain 'docker_list_containers'
    }

    It 'returns what makes <client> call the server, and not the key' -ForEach @(
        @{ client = 'ClaudeCode'; key = 'Bearer ${HOMELAB_MCP_KEY}'; at = { $args[0].mcpServers.homelab } }
        @{ client = 'VSCode'; key = 'Bearer ${input:homelab-key}'; at = { $args[0].servers.homelab } }
        @{ client = 'OpenClaw'; key = 'Bearer ${HOMELAB_MCP_KEY}'; at = { $args[0].mcp.servers.homelab } }
    ) {
        $made = Copy-LabFile $lab 'server: \{[^}\n]*\}' 'server: { listen: "127.0.0.1:18789" }'
        $null = Connect-Hl $made
        try {
            $null = New-HlApiKey $client -Confirm:$false
            $secret = Join-Path (Split-Path $made) "keys/$client.key"
            foreach ($named in $client, $secret) {
                $text = Export-HlMcpConfig $client -Transport Http -Key $named -WarningVariable told -WarningAction SilentlyContinue
                $text | Should -Not -BeLike '*hlk_*'
                "$told" | Should -Not -BeLike '*hlk_*'
                "$told" | Should -BeLike '*key*'
                $entry = & $at ($text | ConvertFrom-Json)
                $entry.url | Should -Be 'http://127.0.0.1:18789/mcp'
                $entry.headers.Authorization | Should -Be $key
            }
            $null = Revoke-HlApiKey $client -Confirm:$false
            foreach ($named in $client, $secret) {
                (Get-Caught { Export-HlMcpConfig $client -Transport Http -Key $named }).FullyQualifiedErrorId | Should -Be "KeyNotFound,$class"
            }
        } finally {
            $null = Connect-Hl $lab.File
        }
    }

    It 'puts the server into a file beside what is there, once' {
        Set-Content $file "{`n  // mine`n  `"mcpServers`": { `"files`": { `"command`": `"npx`" } }`n}"
        $was = Get-Content $file -Raw
        $written = Export-HlMcpConfig ClaudeCode -Path $file -WarningAction Ignore
        $written | Should -BeOfType ([IO.FileInfo])
        $written.FullName | Should -Be $file
        $text = Get-Content $file -Raw
        $text | Should -BeLike '*// mine*'
        ($text | ConvertFrom-Json).mcpServers.PSObject.Properties.Name | Should -Be 'files', 'homelab'
        Get-Content "$file.bak" -Raw | Should -Be $was

        Export-HlMcpConfig ClaudeCode -Path $file -WarningAction Ignore | Should -Not -BeNullOrEmpty
        Get-Content $file -Raw | Should -Be $text
        Get-Content "$file.bak" -Raw | Should -Be $was
    }

    It 'replaces an entry that says something else only with -Force' {
        $null = Export-HlMcpConfig ClaudeCode -Path $file -WarningAction Ignore
        $was = Get-Content $file -Raw
        Set-Content $file ($was -replace '"mcp"', '"other"') -NoNewline
        $caught = @(Get-Caught { Export-HlMcpConfig ClaudeCode -Path $file -WarningAction Ignore })
        $caught.FullyQualifiedErrorId | Should -Be "ClientEntryExists,$class"
        $caught[0].CategoryInfo.Category | Should -Be 'ResourceBusy'
        Export-HlMcpConfig ClaudeCode -Path $file -Force -WarningAction Ignore | Should -Not -BeNullOrEmpty
        Get-Content $file -Raw | Should -Be $was
    }

    It 'refuses a file that is no JSON, with line and column' {
        Set-Content $file "{`n  mcp: 1`n}"
        $caught = @(Get-Caught { Export-HlMcpConfig ClaudeCode -Path $file -Force -WarningAction Ignore })
        $caught.FullyQualifiedErrorId | Should -Be "ClientFileInvalid,$class"
        "$caught" | Should -BeLike '*line 2, column 3*'
        Get-ChildItem $folder -Force | Should -HaveCount 1
    }

    It 'writes nothing under -WhatIf' {
        Export-HlMcpConfig ClaudeCode -Path $file -WhatIf -WarningAction Ignore | Should -BeNullOrEmpty
        Get-ChildItem $folder -Force | Should -BeNullOrEmpty
    }

    It 'gives Claude Desktop no address, and says what to do instead' {
        $caught = @(Get-Caught { Export-HlMcpConfig ClaudeDesktop -Transport Http })
        $caught.FullyQualifiedErrorId | Should -Be "ClientNeedsStdio,$class"
        "$caught" | Should -BeLike '*-Transport Stdio*connector*'
    }

    It 'takes no key for a server that the client starts' {
        (Get-Caught { Export-HlMcpConfig ClaudeCode -Key claude }).FullyQualifiedErrorId | Should -Be "InputInvalid,$class"
    }
}
