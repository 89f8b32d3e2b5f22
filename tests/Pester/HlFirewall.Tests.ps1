BeforeAll {
    . "$PSScriptRoot/Common.ps1"
    $script:lab = Open-Lab
    $script:onlyLooking = Copy-LabFile $lab 'interactive: manage' 'interactive: monitor'
    $script:wrongPin = Copy-LabFile $lab '(?s)(opnsense:.*?sha256: ")[0-9A-F]{64}' "`${1}$('0' * 64)"
    $null = Connect-Hl $lab.File
}

AfterAll {
    Close-Lab $lab
}

Describe 'Get-HlFirewall' {
    It 'tells what the firewall says of itself' {
        $firewall = Get-HlFirewall
        $firewall | Should -BeOfType ([Homelab.FirewallStatus])
        $firewall.Health | Should -Be 'Ok'
        $firewall.Notices | Should -BeNullOrEmpty
    }

    It 'is a row that begins with its address' {
        ((Get-HlFirewall | Out-String -Width 160) -replace '\x1b\[[0-9;]*m') | Should -Match 'Address +Health +Notices[\s\S]*https://127\.0\.0\.1:\d+ +Ok +nothing to tell'
    }

    It 'is not asked where its certificate is another' {
        $null = Connect-Hl $wrongPin
        $caught = Get-Caught { Get-HlFirewall }
        $caught.FullyQualifiedErrorId | Should -Be 'OpnSenseUnreachable,Homelab.PowerShell.GetHlFirewallCommand'
        "$caught" | Should -BeLike '*not the pinned certificate*'
        $null = Connect-Hl $lab.File
    }

    It 'shows neither key nor secret, neither under -Verbose nor -Debug' {
        $lines = Get-HlFirewall -Verbose -Debug *>&1 | Out-String
        $lines | Should -Match 'GET .*/api/core/system/status'
        foreach ($name in 'KEY', 'SECRET') { $lines | Should -Not -Match (Get-Content "$(Split-Path $lab.File)/secrets/HOMELAB_SIMULATED_OPNSENSE_$name" -Raw).Trim() }
    }
}

Describe 'Get-HlFirewallService' {
    It 'lists every service, and those that fit a pattern' {
        (Get-HlFirewallService).Name | Should -Be 'configd', 'ntpd', 'openssh', 'openvpn/1', 'openvpn/2', 'pf', 'unbound', 'webgui'
        (Get-HlFirewallService openvpn/*).Name | Should -Be 'openvpn/1', 'openvpn/2'
        Get-HlFirewallService nothing* -ErrorAction Stop | Should -BeNullOrEmpty
    }

    It 'says what was meant by a name that is not there' {
        $caught = Get-Caught { Get-HlFirewallService unbuond }
        $caught.FullyQualifiedErrorId | Should -Be 'FirewallServiceNotFound,Homelab.PowerShell.GetHlFirewallServiceCommand'
        $caught.CategoryInfo.Category | Should -Be 'ObjectNotFound'
        "$caught" | Should -BeLike "*Did you mean 'unbound'?*"
    }
}

Describe 'Restart-HlFirewallService' {
    It 'restarts a service <as>' -ForEach @(
        @{ as = 'by position'; call = { Restart-HlFirewallService unbound -Settle 0s -PassThru } }
        @{ as = 'by parameter'; call = { Restart-HlFirewallService -Service unbound -Settle 0s -PassThru } }
        @{ as = 'by text from the pipeline'; call = { 'unbound' | Restart-HlFirewallService -Settle 0s -PassThru } }
        @{ as = 'by a service from the pipeline'; call = { Get-HlFirewallService unbound | Restart-HlFirewallService -Settle 0s -PassThru } }
    ) {
        $after = & $call
        $after | Should -BeOfType ([Homelab.FirewallService])
        $after.Name | Should -Be 'unbound'
        $after.Running | Should -BeTrue
    }

    It 'restarts nothing under -WhatIf' {
        $said = Invoke-Shell "Connect-Hl '$($lab.File)' | Out-Null; Restart-HlFirewallService unbound -WhatIf"
        $said.Output.Trim() | Should -BeExactly 'What if: Performing the operation "Restart service of the firewall" on target "unbound".'
    }

    It 'is refused to somebody who may only look' {
        $null = Connect-Hl $onlyLooking
        (Get-Caught { Restart-HlFirewallService unbound -Force }).FullyQualifiedErrorId | Should -Be 'LevelTooLow,Homelab.PowerShell.RestartHlFirewallServiceCommand'
        $null = Connect-Hl $lab.File
    }
}
