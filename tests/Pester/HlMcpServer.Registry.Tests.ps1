# Against real servers: this program's own over standard input and output, and a server of the test's own that speaks no MCP.
BeforeAll {
    . "$PSScriptRoot/Common.ps1"
    . "$PSScriptRoot/Peer.ps1"
    $script:lab = Open-Lab
    $script:folder = New-Folder
    $script:answer = Open-Answer
    $answer.Status = 200
    $answer.Body = '{}'
    Set-Content "$folder/homelab.yaml" @"
apiVersion: homelab/v1
kind: Lab
metadata: { name: several }
access: { interactive: monitor }
providers:
  mcp:
    servers:
      own: { command: dotnet, arguments: [ "$moduleFolder/host/homelab.dll", mcp, --name, other, --lab, "$($lab.File)" ], categories: { mine: [ "docker_list_*" ] } }
      gone: { url: "http://127.0.0.1:1/mcp" }
      gateway: { health: "$($answer.Url)/health" }
"@
    $null = Connect-Hl "$folder/homelab.yaml"
}

AfterAll {
    Disconnect-Hl
    Close-Answer $answer
    Close-Lab $lab
    Remove-Item $folder -Recurse -Force
}

Describe 'Get-HlMcpServer' {
    It 'lists every server with its state, and one that is not there hides no other' {
        $servers = Get-HlMcpServer
        $servers | Should -BeOfType ([Homelab.McpServerInfo])
        $servers.ForEach{ "$($_.Name) $($_.Kind) $($_.State) $($_.Error)" } | Should -Be 'own Stdio Online ', 'gone Http Offline McpServerUnreachable', 'gateway Health Online '
        $servers[0].Product | Should -BeLike '*homelab*'
        $servers[0].AvailableTools | Should -BeGreaterThan 20
        $servers[1].Fix | Should -BeLike '*providers.mcp.servers.gone*'
    }

    It 'takes one <as>' -ForEach @(
        @{ as = 'by position'; call = { Get-HlMcpServer gateway } }
        @{ as = 'by parameter'; call = { Get-HlMcpServer -Name gateway } }
        @{ as = 'by a pattern'; call = { Get-HlMcpServer gate* } }
        @{ as = 'from the pipeline'; call = { 'gateway' | Get-HlMcpServer } }
        @{ as = 'from a server'; call = { Get-HlMcpServer gateway | Get-HlMcpServer } }
    ) {
        (& $call).Name | Should -Be 'gateway'
    }

    It 'has the tools by category, those of the lab file first asked' {
        $categories = (Get-HlMcpServer own).Categories
        $categories.Name | Should -Contain 'query'
        $mine = $categories.Where{ $_.Name -eq 'mine' }
        $mine.Tools.Name | Should -Contain 'docker_list_containers'
        $mine.Count | Should -Be $mine.Tools.Count
    }

    It 'is a row that says how it is, and a list that shows the tools' {
        ((Get-HlMcpServer g* | Out-String -Width 160) -replace '\x1b\[[0-9;]*m') | Should -Match 'Name +State +Kind +Tools +Detail[\s\S]*gone +Offline +Http[\s\S]*gateway +Online +Health'
        ((Get-HlMcpServer own | Format-List | Out-String -Width 160) -replace '\x1b\[[0-9;]*m') | Should -Match 'Protocol +: [\s\S]*mine \d+: docker_list_'
    }

    It 'says that there is none of that name' {
        $caught = Get-Caught { Get-HlMcpServer gatewai }
        $caught.FullyQualifiedErrorId | Should -Be 'McpServerNotFound,Homelab.PowerShell.GetHlMcpServerCommand'
        $caught.ErrorDetails.RecommendedAction | Should -BeLike '*gateway*'
        Get-HlMcpServer none* -ErrorAction Stop | Should -BeNullOrEmpty
    }

    It 'completes the names of the lab file' {
        (TabExpansion2 'Get-HlMcpServer g').CompletionMatches.CompletionText | Should -Be 'gateway', 'gone'
    }
}

Describe 'Test-HlMcpServer' {
    It 'goes step by step' {
        $checks = Test-HlMcpServer own
        $checks | Should -BeOfType ([Homelab.McpServerCheck])
        $checks.ForEach{ "$($_.Check) $($_.Verdict)" } | Should -Be 'connection Ok', 'initialize Ok', 'protocol Ok', 'ping Ok', 'tools Ok'
        ((Test-HlMcpServer gateway | Out-String -Width 160) -replace '\x1b\[[0-9;]*m') | Should -Match 'Server +Check +Verdict +Latency +Detail[\s\S]*gateway +health +Ok'
    }

    It 'says of what was not tried that it is not known' {
        (Test-HlMcpServer gone).ForEach{ "$($_.Check) $($_.Verdict)" } | Should -Be 'connection Failed', 'initialize Unknown', 'protocol Unknown', 'ping Unknown', 'tools Unknown'
    }

    It 'is one word with -Quiet, and unknown is not good' {
        Test-HlMcpServer gateway -Quiet | Should -BeExactly $true
        Test-HlMcpServer gone -Quiet | Should -BeExactly $false
    }
}

Describe 'What speaks MCP' {
    It 'is not loaded before a server is asked' {
        $script = "Import-Module '$moduleFolder/Homelab.PowerShell.psd1'; Connect-Hl '$folder/homelab.yaml' | Out-Null; Get-HlDecision docker_list_containers -ErrorAction Ignore | Out-Null; Get-HlMcpServer none*; [AppDomain]::CurrentDomain.GetAssemblies().ForEach{ `$_.GetName().Name } -match '^(ModelContextProtocol|Microsoft\.Extensions\.(AI|DependencyInjection))'"
        $program, $library = $pwsh
        & $program @library -NoProfile -Command $script | Should -BeNullOrEmpty
    }
}

Describe 'A lab without other MCP servers' {
    It 'says so to <command>' -ForEach @(
        @{ command = 'Get-HlMcpServer' }
        @{ command = 'Test-HlMcpServer' }
    ) {
        $file = "$folder/none.yaml"
        Set-Content $file "apiVersion: homelab/v1`nkind: Lab`nmetadata: { name: none }"
        $null = Connect-Hl $file
        (Get-Caught { & $command }).FullyQualifiedErrorId | Should -Be "McpServersNotConfigured,Homelab.PowerShell.$($command -replace '-')Command"
    }
}
