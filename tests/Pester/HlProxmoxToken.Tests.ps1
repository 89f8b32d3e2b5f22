BeforeAll {
    . "$PSScriptRoot/Common.ps1"
    $script:lab = Open-Lab
    $null = Connect-Hl $lab.File
}

AfterAll {
    Close-Lab $lab
}

Describe 'Test-HlProxmoxToken' {
    BeforeAll {
        $null = Invoke-Control $lab Post reset
        $script:findings = @(Test-HlProxmoxToken -ErrorAction Stop)
    }

    It 'tells what the token may do, and needs no right to do so' {
        $findings | Should -BeOfType ([Homelab.TokenFinding])
        ($findings | Where-Object Privilege -eq 'VM.PowerMgmt').Status | Should -Be 'Ok'
        ($findings | Where-Object Privilege -eq 'VM.PowerMgmt').Level | Should -Be 'Operate'
        $findings.Where{ $_.Status -eq 'Missing' -and $_.Level -le [Homelab.TokenLevel]::Manage } | Should -BeNullOrEmpty
    }

    It 'says how to grant what is missing' {
        foreach ($missing in $findings | Where-Object Status -eq Missing) { $missing.Fix | Should -BeLike '*New-HlProxmoxTokenScript*' -Because $missing.Privilege }
    }

    It 'finds what is too much for a level' {
        $surplus = Test-HlProxmoxToken -Level Monitor | Where-Object Status -eq Surplus
        "$($surplus.Privilege)" | Should -Match 'VM\.PowerMgmt'
        "$($surplus.Privilege)" | Should -Match 'VM\.Allocate'
    }

    It 'changes nothing, and shows no secret' {
        Get-NodeChange $lab | Should -BeNullOrEmpty
        $shown = $findings | Format-List * | Out-String
        foreach ($secret in Get-ChildItem "$(Split-Path $lab.File)/secrets") { $shown | Should -Not -BeLike "*$(Get-Content $secret)*" }
    }

    It 'can be asked for by a level that only looks' {
        $null = Connect-Hl (Copy-LabFile $lab 'interactive: manage' 'interactive: monitor')
        Test-HlProxmoxToken -Level Monitor | Should -Not -BeNullOrEmpty
        $null = Connect-Hl $lab.File
    }
}

Describe 'New-HlProxmoxTokenScript' {
    It 'yields lines for a shell, of which each level''s are more than the last''s' {
        $before = 0
        foreach ($level in 'Monitor', 'Operate', 'Manage') {
            $lines = @(New-HlProxmoxTokenScript -Level $level)
            $lines | Should -BeOfType ([string])
            $text = $lines -join "`n"
            $text | Should -Match '(?m)^pveum user token add .* --privsep 1$'
            $rights = ([regex]::Matches($text, '[A-Z][A-Za-z]+\.[A-Z][A-Za-z.]+') | Sort-Object Value -Unique).Count
            $rights | Should -BeGreaterThan $before
            $before = $rights
        }
    }

    It 'names the user and the path that were asked for' {
        $text = (New-HlProxmoxTokenScript -Level Operate -User me@pve -Path /pool/homelab) -join "`n"
        $text | Should -Match 'pveum acl modify /pool/homelab --users me@pve'
        $text | Should -Not -Match 'homelab@pve'
    }

    It 'is harmless to call: it changes nothing' {
        $null = Invoke-Control $lab Post reset
        $null = New-HlProxmoxTokenScript -Level Manage
        Get-NodeChange $lab | Should -BeNullOrEmpty
    }

    It 'refuses <what>' -ForEach @(
        @{ what = 'what is no level'; call = { New-HlProxmoxTokenScript -Level Root } }
        @{ what = 'what would end a line of the shell'; call = { New-HlProxmoxTokenScript -Level Operate -User "me@pve; reboot" } }
        @{ what = 'what would end a line of the shell in a path'; call = { New-HlProxmoxTokenScript -Level Operate -Path "/vms`nreboot" } }
    ) {
        $caught = @(Get-Caught $call)
        $caught | Should -HaveCount 1
        $caught[0].CategoryInfo.Category | Should -BeIn 'InvalidArgument', 'InvalidData'
    }
}
