# Apart from the tests of the module, so that it runs beside them: looking at all scripts takes long.
BeforeDiscovery {
    $script:repository = Resolve-Path "$PSScriptRoot/../.."
    $script:scripts = @(git -C $repository ls-files '*.ps1' '*.psm1' '*.psd1' | ForEach-Object { @{ file = $_ } })
    if (-not $scripts) { throw "git names no script of $repository, so that none would be analysed." }
}

BeforeAll {
    $script:repository = Resolve-Path "$PSScriptRoot/../.."
}

Describe 'PSScriptAnalyzer' {
    BeforeAll {
        function Get-Finding([string] $Path) {
            # It runs its rules beside one another over what they share unguarded, and now and then one of them dies of that (PowerShell/PSScriptAnalyzer#1538): nothing would
            # be known of what it looks for. Then each runs alone.
            try {
                Invoke-ScriptAnalyzer $Path -Severity Warning, Error -ErrorAction Stop
            } catch {
                foreach ($rule in Get-ScriptAnalyzerRule -Severity Warning, Error) { Invoke-ScriptAnalyzer $Path -IncludeRule $rule.RuleName -ErrorAction Stop }
            }
        }
    }

    It 'finds nothing in <file>' -ForEach $scripts {
        if (-not (Get-Module PSScriptAnalyzer -ListAvailable)) { Set-ItResult -Skipped -Because 'PSScriptAnalyzer is not installed: Install-PSResource PSScriptAnalyzer' }
        Get-Finding "$repository/$file" | ForEach-Object { "$($_.ScriptName):$($_.Line): $($_.RuleName): $($_.Message)" } | Should -BeNullOrEmpty
    }
}
