BeforeAll {
    . "$PSScriptRoot/Common.ps1"
    $script:folder = New-Folder
    # The shell that runs the tests; as a .NET tool it has no program of its own.
    $script:missing = if ($pwsh.Count -gt 1 -and -not (Get-Command pwsh -CommandType Application -ErrorAction Ignore)) { 'there is no program pwsh on this machine' }
    $program = if ($pwsh.Count -eq 1) { ", pwsh: `"$($pwsh[0] -replace '\\', '/')`"" }
    $null = New-Item "$folder/scripts/heal" -ItemType Directory
    Set-Content "$folder/scripts/say.ps1" 'param([string] $Text = "nothing", [int] $Exit = 0) Write-Output "said $Text"; exit $Exit'
    Set-Content "$folder/scripts/heal/prune.ps1" 'param([int] $Days) Add-Content "$PSScriptRoot/pruned" $Days; "pruned $Days"'
    Set-Content "$folder/scripts/environment.ps1" '"$env:HL_SECRET|$([Console]::IsInputRedirected)"'
    Set-Content "$folder/scripts/endless.ps1" '[Threading.Thread]::CurrentThread.Join()'
    Set-Content "$folder/outside.ps1" '"outside"'
    $script:file = "$folder/homelab.yaml"
    Set-Content $file @"
apiVersion: homelab/v1
kind: Lab
metadata: { name: scripts }
access: { interactive: manage }
providers: { scripts: { folder: scripts$program } }
policy:
  commands:
    - { name: say, run: [ pwsh, say.ps1, { like: "*", count: 0..2 }, { rest: true } ], on: [ "script:say.ps1" ], reads: true }
    - { name: prune, run: [ pwsh, heal/prune.ps1, "-Days", { number: 1..90 } ], on: [ "script:heal/*" ] }
    - { name: environment, run: [ pwsh, environment.ps1 ], on: [ "script:*" ], reads: true }
    - { name: endless, run: [ pwsh, endless.ps1 ], on: [ "script:*" ], reads: true }
"@
    $null = Connect-Hl $file
}

AfterAll {
    Disconnect-Hl
    if ($folder) { Remove-Item $folder -Recurse -Force }
}

Describe 'Invoke-HlScript' {
    BeforeEach {
        if ($missing) { Set-ItResult -Skipped -Because $missing }
    }

    It 'runs a script of the lab''s folder, given <as>' -ForEach @(
        @{ as = 'by position'; call = { Invoke-HlScript heal/prune.ps1 -Argument '-Days', 7 } }
        @{ as = 'by parameter'; call = { Invoke-HlScript -Script heal/prune.ps1 -Argument '-Days', 7 } }
        @{ as = 'from the pipeline'; call = { 'heal/prune.ps1' | Invoke-HlScript -Argument '-Days', 7 } }
    ) {
        $result = & $call
        $result | Should -BeOfType ([Homelab.ScriptResult])
        $result.Script | Should -Be 'heal/prune.ps1'
        $result.Output.Trim() | Should -BeExactly 'pruned 7'
        $result.ExitCode | Should -Be 0
    }

    It 'runs none that no rule allows, and none elsewhere: <call>' -ForEach @(
        @{ call = { Invoke-HlScript heal/prune.ps1 }; id = 'CommandNotAllowed'; category = 'PermissionDenied' }
        @{ call = { Invoke-HlScript heal/prune.ps1 -Argument '-Days', 91 -Force }; id = 'CommandNotAllowed'; category = 'PermissionDenied' }
        @{ call = { Invoke-HlScript ../outside.ps1 }; id = 'ScriptPathInvalid'; category = 'InvalidArgument' }
        @{ call = { Invoke-HlScript nosuch.ps1 }; id = 'ScriptNotFound'; category = 'ObjectNotFound' }
    ) {
        Remove-Item "$folder/scripts/heal/pruned" -ErrorAction Ignore
        $caught = @(Get-Caught $call)
        $caught | Should -HaveCount 1
        $caught[0].FullyQualifiedErrorId | Should -Be "$id,Homelab.PowerShell.InvokeHlScriptCommand"
        $caught[0].CategoryInfo.Category | Should -Be $category
        $caught[0].ErrorDetails.RecommendedAction | Should -Not -BeNullOrEmpty
        "$folder/scripts/heal/pruned" | Should -Not -Exist
    }

    It 'runs nothing under -WhatIf' {
        Remove-Item "$folder/scripts/heal/pruned" -ErrorAction Ignore
        $said = Invoke-Shell "Connect-Hl '$file' | Out-Null; Invoke-HlScript heal/prune.ps1 -Argument '-Days', 7 -WhatIf"
        $said.Output | Should -BeLike '*What if: *pwsh heal/prune.ps1 -Days 7*"heal/prune.ps1".'
        "$folder/scripts/heal/pruned" | Should -Not -Exist
    }

    It 'runs one only with the content that is wanted' {
        $sha = (Get-FileHash "$folder/scripts/say.ps1").Hash
        (Invoke-HlScript say.ps1 -Sha256 $sha).ExitCode | Should -Be 0
        (Get-Caught { Invoke-HlScript say.ps1 -Sha256 ('0' * 64) }).FullyQualifiedErrorId | Should -Be 'ScriptChanged,Homelab.PowerShell.InvokeHlScriptCommand'
    }

    It 'tells one that fails with its exit code, and returns it all the same where that is wanted' {
        $caught = @(Get-Caught { Invoke-HlScript say.ps1 -Argument '-Exit', 3 })
        $caught.FullyQualifiedErrorId | Should -Be 'ScriptFailed,Homelab.PowerShell.InvokeHlScriptCommand'
        "$caught" | Should -BeLike '*exit code 3*said nothing*'
        (Invoke-HlScript say.ps1 -Argument '-Exit', 3 -AllowFailure -ErrorAction Stop).ExitCode | Should -Be 3
    }

    It 'tells it none of our secrets, and lets it ask nobody' {
        $env:HL_SECRET = 'a secret of mine'
        try {
            (Invoke-HlScript environment.ps1).Output.Trim() | Should -BeExactly '|True'
        } finally {
            $env:HL_SECRET = $null
        }
    }

    It 'ends one that takes too long' {
        $before = @(Get-ChildProcess).Count
        $caught = @(Get-Caught { Invoke-HlScript endless.ps1 -Timeout 1s })
        $caught.FullyQualifiedErrorId | Should -Be 'ScriptTimeout,Homelab.PowerShell.InvokeHlScriptCommand'
        $caught[0].CategoryInfo.Category | Should -Be 'OperationTimeout'
        @(Get-ChildProcess).Count | Should -Be $before
    }
}
