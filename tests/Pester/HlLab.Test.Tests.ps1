BeforeAll {
    . "$PSScriptRoot/Common.ps1"
    $script:lab = Open-Lab
    $null = Connect-Hl $lab.File
    Wait-Monitor 11
}

AfterAll {
    Close-Lab $lab
}

Describe 'Test-HlLab' {
    It 'checks everything of a lab that is well: <group>' -ForEach @(
        foreach ($group in 'file', 'runbook', 'policy', 'secret', 'connection', 'rights', 'monitor', 'service') { @{ group = $group } }
    ) {
        $script:rows ??= @(Test-HlLab)
        $rows | Should -BeOfType ([Homelab.LabCheck])
        $of = $rows.Where{ $_.Group -eq $group }
        $of | Should -Not -BeNullOrEmpty
        $of.Status | Sort-Object -Unique | Should -Be 'Ok'
    }

    It 'checks the lab of the session, or the file that is named' {
        (Test-HlLab)[0].Name | Should -Be 'thinmint'
        $named = Copy-LabFile $lab 'name: thinmint' 'name: other'
        (Test-HlLab $named)[0].Name | Should -Be 'other'
        (Get-Item $named | Test-HlLab)[0].Name | Should -Be 'other'
    }

    It 'tells what is not well, and what to do about it' {
        $null = Invoke-Control $lab Post containers/redis@dev/crash
        try {
            $row = Test-HlLab | Where-Object { $_.Name -eq 'redis' -and $_.Group -eq 'service' }
            $row.Status | Should -Be 'Failed'
            $row.Fix | Should -Be 'Check the memory.'
            Test-HlLab -Quiet | Should -BeFalse
        } finally {
            Start-HlContainer redis@dev
        }
    }

    It 'tells every mistake of a broken file with its place and the way out, and asks nobody' {
        $broken = Copy-LabFile $lab 'tier: critical' 'tier: urgent'
        $before = Get-RequestCount $lab
        $rows = @(Test-HlLab $broken)
        $failed = $rows.Where{ $_.Status -eq 'Failed' }
        $failed | Should -HaveCount 3
        $failed.Group | Sort-Object -Unique | Should -Be 'file'
        $failed[0].Name | Should -Match 'homelab\.yaml:\d+'
        $failed[0].Detail | Should -BeLike '*urgent*'
        $failed[0].Fix | Should -Not -BeNullOrEmpty
        Get-RequestCount $lab | Should -Be $before
        Test-HlLab $broken -Quiet | Should -BeFalse
    }

    It 'says of a file that it is not there' {
        $said = Test-HlLab "$TestDrive/nosuch.yaml" -Quiet -ErrorAction SilentlyContinue -ErrorVariable failed
        $said | Should -Not -BeTrue
        $failed | Should -HaveCount 1
        $failed[0].FullyQualifiedErrorId | Should -Be 'LabFileNotFound,Homelab.PowerShell.Commands.TestHlLabCommand'
    }

    It 'asks nobody with -Offline' {
        $before = Get-RequestCount $lab
        $rows = Test-HlLab -Offline
        $rows.Group | Should -Contain 'file'
        $rows.Group | Should -Contain 'runbook'
        $rows.Where{ $_.Group -eq 'connection' }.Status | Should -Be 'Skipped'
        $rows.Group | Should -Not -Contain 'secret'
        Get-RequestCount $lab | Should -Be $before
    }

    It 'returns only true or false with -Quiet' {
        Test-HlLab -Quiet | Should -BeExactly $true
        Test-HlLab -Quiet -Strict | Should -BeExactly $true
    }

    It 'takes a warning for well, unless -Strict is given' {
        $file = Copy-LabFile $lab 'kind: Lab' "kind: Lab`ninclude: [ nosuch/*.yaml ]"
        $warning = (Test-HlLab $file -Offline).Where{ $_.Status -eq 'Warning' }
        $warning | Should -HaveCount 1
        $warning[0].Detail | Should -BeLike '*nosuch/*matches no file*'
        Test-HlLab $file -Offline -Quiet | Should -BeTrue
        Test-HlLab $file -Offline -Quiet -Strict | Should -BeFalse
    }

    It 'changes nothing and leaves nothing behind' {
        $file = Copy-LabFile $lab 'name: thinmint' 'name: clean'
        $before = (Get-ChildItem (Split-Path $file) -Recurse -Force).FullName
        $null = Invoke-Control $lab Post reset
        $null = Test-HlLab $file
        Get-Change $lab | Should -BeNullOrEmpty
        (Get-ChildItem (Split-Path $file) -Recurse -Force).FullName | Should -Be $before
    }

    It 'shows no secret' {
        $said = Test-HlLab -Verbose *>&1 | Format-List * -Force | Out-String
        foreach ($secret in Get-ChildItem "$(Split-Path $lab.File)/secrets" -File) {
            if ($secret.Name -notlike '*CHAT*') { $said | Should -Not -BeLike "*$((Get-Content $secret -Raw).Trim())*" }
        }
    }
}
