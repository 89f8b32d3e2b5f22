BeforeDiscovery {
    . "$PSScriptRoot/Common.ps1"
    $script:cmdlets = (Get-Command -Module Homelab.PowerShell).Name
    $script:topics = (Get-ChildItem "$moduleFolder/en-US/about_*.help.txt").Name -replace '\.help\.txt$'
}

BeforeAll {
    . "$PSScriptRoot/Common.ps1"
    # What every cmdlet has, and what PowerShell itself explains.
    $script:common = [Management.Automation.PSCmdlet]::CommonParameters
    # Many lead to the same.
    $script:found = @{}
}

Describe 'Get-Help <_>' -ForEach $cmdlets {
    BeforeAll {
        $script:command = Get-Command $_ -Module Homelab.PowerShell
        $script:help = Get-Help $_ -Full
    }

    It 'says what it is for' {
        $help.Synopsis | Should -Match '^[A-Z].+\.$'
        $help.Description.Text | Should -BeLike "$($help.Synopsis)*"
    }

    It 'explains every parameter, and none that is not there' {
        $own = $command.Parameters.Keys.Where{ $_ -notin $common } | Sort-Object
        # Where there are no parameters, Get-Help has an empty one of no name.
        $explained = @($help.parameters.parameter | Where-Object name)
        $explained.name | Sort-Object | Should -Be $own
        foreach ($parameter in $explained) { $parameter.Description.Text | Should -Match '\.$' -Because $parameter.name }
    }

    It 'has the syntax that PowerShell has' {
        # By meaning, not by letters: which parameters each set has, and which of them must be given.
        $real = $command.ParameterSets.ForEach{ ($_.Parameters.Where{ $_.Name -notin $common } | Sort-Object Name).ForEach{ "$($_.Name):$($_.IsMandatory)" } -join ' ' } | Sort-Object
        $told = @($help.syntax.syntaxItem).ForEach{ (@($_.parameter | Where-Object name) | Sort-Object name).ForEach{ "$($_.name):$($_.required -eq 'true')" } -join ' ' } | Sort-Object
        $told | Should -Be $real
    }

    It 'has two examples that name parameters of the cmdlet' {
        @($help.examples.example).Count | Should -BeGreaterOrEqual 2
        $help.examples.example[0].code | Should -Match $command.Name
        foreach ($example in $help.examples.example) {
            $example.remarks.Text | Should -Match '\.'
            $ast = [Management.Automation.Language.Parser]::ParseInput($example.code, [ref] $null, [ref] ([Management.Automation.Language.ParseError[]] $errors = @()))
            $errors | Should -BeNullOrEmpty
            $calls = $ast.FindAll({ $args[0] -is [Management.Automation.Language.CommandAst] }, $true).Where{ $_.GetCommandName() -like '*-Hl*' }
            foreach ($call in $calls) {
                $called = Get-Command $call.GetCommandName() -Module Homelab.PowerShell -ErrorAction Stop
                foreach ($parameter in $call.CommandElements.Where{ $_ -is [Management.Automation.Language.CommandParameterAst] }) {
                    { $called.ResolveParameter($parameter.ParameterName) } | Should -Not -Throw -Because $example.code
                }
                # What is given by position must have a place too.
                $bound = [Management.Automation.Language.StaticParameterBinder]::BindCommand($call, $true)
                $bound.BindingExceptions.Values.BindingException.Message | Should -BeNullOrEmpty -Because $example.code
            }
        }
    }

    It 'leads to more' {
        foreach ($link in $help.relatedLinks.navigationLink.linkText) {
            if (-not $found.ContainsKey($link)) { $found[$link] = [bool] (Get-Help $link) }
            $found[$link] | Should -BeTrue -Because $link
        }
    }
}

Describe 'Get-Help of a change' {
    It 'names its operation, its level, its risk and the native command' {
        $notes = (Get-Help Restart-HlContainer -Full).alertSet.alert.Text -join "`n"
        $notes | Should -Match 'docker_restart_container'
        $notes | Should -Match 'Level: 2 Operate\. Risk: Disrupt\.'
        $notes | Should -Match 'POST /containers/\{id\}/restart'
    }

    It 'is found before the module is imported' {
        $program, $library = $pwsh
        $was = $env:PSModulePath
        try {
            # A module lies in a folder of its name, or in one of its version below that.
            $env:PSModulePath = (Split-Path $moduleFolder), (Split-Path (Split-Path $moduleFolder)) -join [IO.Path]::PathSeparator
            & $program @library -NoProfile -Command '(Get-Help Restart-HlContainer).Synopsis' | Should -BeLike 'Restarts a container*'
            & $program @library -NoProfile -Command '(Get-Help about_Homelab_Gate).Synopsis; (Get-Module).Name -contains "Homelab.PowerShell"' | Should -Be 'Who may do what, who is asked first, and how that is written down.', 'False'
        } finally {
            $env:PSModulePath = $was
        }
    }
}

Describe 'Get-Help <_>' -ForEach $topics {
    It 'is there, with a line that says what it is about' {
        $topic = @(Get-Help $_ | Where-Object Name -EQ $_)
        $topic.Count | Should -Be 1
        $topic.Synopsis | Should -Match '^[A-Z].+\.$'
        "$topic" | Should -Match "TOPIC\s+$_"
    }

    It 'has examples that PowerShell can read' {
        $text = (Get-Content "$moduleFolder/en-US/$_.help.txt" -Raw) -replace '(?s)^.*\nEXAMPLES\n' -replace '(?s)\nSEE ALSO\n.*$'
        $code = ($text -split "`n").Where{ $_.StartsWith('        ') } -join "`n"
        $code | Should -Not -BeNullOrEmpty
        $errors = $null
        $ast = [Management.Automation.Language.Parser]::ParseInput($code, [ref] $null, [ref] $errors)
        $errors | Should -BeNullOrEmpty
        foreach ($call in $ast.FindAll({ $args[0] -is [Management.Automation.Language.CommandAst] }, $true)) {
            $called = Get-Command $call.GetCommandName() -ErrorAction Stop
            foreach ($parameter in $call.CommandElements.Where{ $_ -is [Management.Automation.Language.CommandParameterAst] }) {
                { $called.ResolveParameter($parameter.ParameterName) } | Should -Not -Throw -Because "$call"
            }
        }
    }
}

Describe 'The examples of <_>' -ForEach 'about_Homelab', 'about_Homelab_Gate', 'about_Homelab_Runbooks', 'about_Homelab_Healing' {
    BeforeAll {
        $null = Connect-Hl -Simulated
    }

    AfterAll {
        Disconnect-Hl
    }

    It 'run' {
        $text = (Get-Content "$moduleFolder/en-US/$_.help.txt" -Raw) -replace '(?s)^.*\nEXAMPLES\n' -replace '(?s)\nSEE ALSO\n.*$'
        # The one simulated homelab is enough for all.
        $calls = ($text -split "`n").Where{ $_.StartsWith('        ') }.ForEach{ $_.Trim() }.Where{ $_ -notin 'Connect-Hl -Simulated', 'Disconnect-Hl' }
        $calls | Should -Not -BeNullOrEmpty
        foreach ($call in $calls) { { $ErrorActionPreference = 'Stop'; & ([scriptblock]::Create($call)) } | Should -Not -Throw -Because $call }
    }
}
