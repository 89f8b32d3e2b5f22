BeforeAll {
    . "$PSScriptRoot/Common.ps1"
    $script:folder = New-Folder

    function Invoke-Run {
        # Runs the suite of a folder in a PowerShell of its own: what it printed, line by line, and how it ended.
        param([Parameter(Mandatory)] [hashtable] $File, [string[]] $Option = @())
        $suite = "$folder/$([Guid]::NewGuid())"
        $null = New-Item $suite -ItemType Directory
        foreach ($name in $File.Keys) { Set-Content "$suite/$name.Tests.ps1" $File[$name] }
        $words = $pwsh + '-NoProfile', '-File', "$PSScriptRoot/Run.ps1" + $Option + '-Path', $suite
        $output = @(& $words[0] $words[1..($words.Count - 1)] 2>&1 | ForEach-Object ToString)
        [pscustomobject]@{ Output = $output; Summary = $output -match '^Pester: '; ExitCode = $LASTEXITCODE }
    }
}

AfterAll {
    Remove-Item $folder -Recurse -Force
}

Describe 'Run.ps1' {
    BeforeAll {
        # One run for all of it: each costs a few PowerShells.
        $script:run = Invoke-Run -Option 'Hl*', '-Worker', '2' -File @{
            HlGood = "Describe 'good' { It 'passes' { 1 | Should -Be 1 }; It 'needs a peer' { Set-ItResult -Skipped -Because 'it is not installed' } }"
            HlWrong = "Describe 'wrong' { It 'adds' { 1 | Should -Be 2 }; It 'passes' { } }"
            HlBlock = "Describe 'block' { BeforeAll { throw 'there is no lab' }; It 'never runs' { } }"
            HlEmpty = '# Nothing.'
            HlUnreadable = "Describe 'x' {"
            HlDying = "Describe 'x' { It 'ends' { [Console]::Error.WriteLine('boom'); [Environment]::Exit(3) } }"
            Other = "Describe 'other' { It 'is not asked for' { throw 'it ran' } }"
        }
        $script:told = $run.Output -join "`n"
    }

    It 'counts what came of the files that are named, whatever became of the others' {
        # The test of a block that failed counts, and so does the block.
        $run.Summary | Should -Be 'Pester: 2 6 1'
        $run.ExitCode | Should -Be 1
    }

    It 'tells what was skipped, with its reason' {
        $run.Output | Should -Contain 'Skipped: good.needs a peer: is skipped, because it is not installed'
    }

    It 'tells what failed, why and where' {
        $told | Should -Match '(?m)^Failed: wrong\.adds\n  Expected 2, but got 1\.\n  at .*HlWrong\.Tests\.ps1: line 1$'
        $told | Should -Match '(?m)^Failed: block\n  there is no lab\n'
    }

    It 'takes a file that <what> for a failure' -ForEach @(
        @{ what = 'has no test'; file = 'HlEmpty'; says = 'No test was run.' }
        @{ what = 'cannot be read'; file = 'HlUnreadable'; says = "Missing closing '}'" }
        @{ what = 'ends its PowerShell'; file = 'HlDying'; says = "died with exit code 3.`n  boom" }
    ) {
        $told | Should -BeLike "*`nFailed: $file.Tests.ps1`n*$says*"
    }

    It 'ends a file that does not end' {
        $run = Invoke-Run @{ Hanging = "Describe 'x' { It 'hangs' { [Threading.Thread]::Sleep(-1) } }" } -Option '-Minutes', '0.05'
        $run.Summary | Should -Be 'Pester: 0 1 0'
        $run.Output | Should -Contain '  It did not end within 0.05 minutes, and was ended. -Minutes gives it more.'
    }

    It 'ends a PowerShell that does not end after its last file' {
        $run = Invoke-Run @{ Staying = "Describe 'x' { It 'leaves what holds the end' { `$null = Register-EngineEvent PowerShell.Exiting -Action { [Threading.Thread]::Sleep(-1) } } }" } -Option '-EndMinutes', '0.05'
        $run.Summary | Should -Be 'Pester: 1 1 0'
        $run.Output | Should -Contain '  The PowerShell that ran it did not end within 0.05 minutes after the last file, and was ended.'
    }

    It 'refuses a name that no file has' {
        $run = Invoke-Run @{ HlOne = "Describe 'one' { It 'passes' { } }" } -Option 'HlTwo'
        $run.Output -join ' ' | Should -BeLike '*HlTwo*'
        $run.ExitCode | Should -Be 1
    }
}
