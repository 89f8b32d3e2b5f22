BeforeAll {
    . "$PSScriptRoot/Common.ps1"
    $script:lab = Open-Lab
    $null = Connect-Hl $lab.File
    Restart-HlContainer gitea@dev
    Stop-HlContainer redis@dev
    Start-HlContainer redis@dev
    Test-HlContainer redis@dev | Out-Null
}

AfterAll {
    Close-Lab $lab
}

Describe 'Get-HlAudit' {
    It 'shows who did what to what, and how it ended' {
        $line = Get-HlAudit docker_restart_container -Kind Outcome
        $line | Should -BeOfType ([Homelab.AuditEntry])
        $line.Target | Should -Be 'container:gitea@dev'
        $line.Trigger | Should -Be 'interactive'
        $line.Identity | Should -Be ([Environment]::UserName)
        $line.Result | Should -Be 'succeeded'
    }

    It 'finds by <by>' -ForEach @(
        @{ by = 'operation'; call = { Get-HlAudit docker_restart_container }; count = 2; fits = { $_.Operation -eq 'docker_restart_container' } }
        @{ by = 'a pattern of operations'; call = { Get-HlAudit docker_st*_container }; count = 4; fits = { $_.Operation -in 'docker_stop_container', 'docker_start_container' } }
        @{ by = 'target'; call = { Get-HlAudit -Target *gitea@dev -Kind Intent, Outcome }; count = 2; fits = { $_.Target -eq 'container:gitea@dev' } }
        @{ by = 'kind'; call = { Get-HlAudit -Kind Intent }; count = 3; fits = { $_.Kind -eq 'Intent' } }
        @{ by = 'kinds'; call = { Get-HlAudit -Kind Intent, Outcome }; count = 6; fits = { $_.Kind -in 'Intent', 'Outcome' } }
        @{ by = 'age'; call = { Get-HlAudit -Since 1h -Kind Outcome }; count = 3; fits = { $_.Kind -eq 'Outcome' } }
        @{ by = 'number, the newest'; call = { Get-HlAudit -Kind Outcome -Last 1 }; count = 1; fits = { $_.Operation -eq 'docker_start_container' } }
    ) {
        $lines = @(& $call)
        $lines | Should -HaveCount $count
        $lines | Where-Object $fits | Should -HaveCount $count
        $lines.Sequence | Should -Be ($lines.Sequence | Sort-Object)
    }

    It 'shows the newest lines in their order when nothing else is asked for' {
        $all = Get-HlAudit
        $newest = Get-HlAudit -Last 3
        $newest.Sequence | Should -Be $all[-3..-1].Sequence
        $all[0].Sequence | Should -Be 1
    }

    It 'finds nothing of what never was, without a word' {
        Get-HlAudit -Kind Denied -ErrorAction Stop | Should -BeNullOrEmpty
    }

    It 'shows what was refused, and why' {
        $null = Connect-Hl (Copy-LabFile $lab 'interactive: manage' 'interactive: monitor')
        try {
            Get-Caught { Restart-HlContainer gitea@dev } | Should -HaveCount 1
            $line = Get-HlAudit -Kind Denied
            $line.Operation | Should -Be 'docker_restart_container'
            $line.Target | Should -Be 'container:gitea@dev'
            "$($line.Decision)" | Should -BeLike '*access.level*'
        } finally {
            $null = Connect-Hl $lab.File
        }
    }

    It 'completes the names of operations' {
        (Complete-Line 'Get-HlAudit docker_rest').CompletionText | Should -Contain 'docker_restart_container'
    }
}

Describe 'Test-HlAudit' {
    It 'proves that nobody changed it' {
        $verdict = Test-HlAudit
        $verdict | Should -BeOfType ([Homelab.AuditVerdict])
        $verdict.Intact | Should -BeTrue
        Test-HlAudit -Quiet | Should -BeExactly $true
    }

    It 'grows with what is done' {
        $before = (Test-HlAudit).Line
        Get-HlContainer | Out-Null
        (Test-HlAudit).Line | Should -Be ($before + 1)
    }

    It 'finds the line that somebody has changed' {
        # Written into the file itself, behind the back of everything: the same number of letters in place of others.
        Disconnect-Hl
        $file = Join-Path (Split-Path $lab.File) 'homelab.db'
        $text = [Text.Encoding]::Latin1.GetString([IO.File]::ReadAllBytes($file))
        $changed = $text.Replace('docker_restart_container', 'docker_embrace_container')
        $changed | Should -Not -BeExactly $text
        [IO.File]::WriteAllBytes($file, [Text.Encoding]::Latin1.GetBytes($changed))
        $null = Connect-Hl $lab.File

        $verdict = Test-HlAudit
        $verdict.Intact | Should -BeFalse
        $verdict.Line | Should -BeGreaterThan 0
        $verdict.Reason | Should -Not -BeNullOrEmpty
        Test-HlAudit -Quiet | Should -BeExactly $false
    }
}
