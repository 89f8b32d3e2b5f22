BeforeAll {
    . "$PSScriptRoot/Common.ps1"
    $script:lab = Open-Lab
    $null = Connect-Hl $lab.File
}

AfterAll {
    Close-Lab $lab
}

Describe 'Set-HlVmFirewallRule' {
    BeforeEach {
        $null = Invoke-Control $lab Post reset
    }

    It 'adds a rule as the first, to a guest <as>' -ForEach @(
        @{ as = 'by position'; port = '443'; call = { Set-HlVmFirewallRule dev -Direction In -Action ACCEPT -Protocol tcp -Port 443 -Source 192.168.1.0/24 -PassThru } }
        @{ as = 'by VMID'; port = '22'; call = { Set-HlVmFirewallRule 100 -Direction In -Action ACCEPT -Protocol tcp -Port 22 -PassThru } }
        @{ as = 'as an object'; port = '53'; call = { Get-HlVm dev | Set-HlVmFirewallRule -Direction In -Action DROP -Protocol udp -Port 53 -PassThru } }
    ) {
        $rule = & $call
        $rule | Should -BeOfType ([Homelab.VmFirewallRule])
        $rule.Position | Should -Be 0
        $rule.Port | Should -Be $port
        Get-NodeChange $lab | Should -Be 'POST pve/qemu/100/firewall/rules'
        (Get-HlVmFirewallRule dev)[0].Port | Should -Be $port
    }

    It 'changes the one at a position, and nothing else of it' {
        Set-HlVmFirewallRule dev -Position 1 -Enabled $false -Comment 'not now' | Should -BeNullOrEmpty
        $rule = (Get-HlVmFirewallRule dev)[1]
        $rule.Enabled | Should -BeFalse
        $rule.Comment | Should -Be 'not now'
        $rule.Port | Should -Be '22'
        $rule.Action | Should -Be 'ACCEPT'
        Get-NodeChange $lab | Should -Be 'PUT pve/qemu/100/firewall/rules/1'
    }

    It 'changes nothing under -WhatIf' {
        $said = Invoke-Shell "Connect-Hl '$($lab.File)' | Out-Null; Set-HlVmFirewallRule dev -Direction In -Action DROP -WhatIf"
        $said.Output | Should -BeExactly 'What if: Performing the operation "Add firewall rule (in DROP) to guest" on target "dev@pve".'
        Get-NodeChange $lab | Should -BeNullOrEmpty
    }

    It 'refuses <what>, and does nothing' -ForEach @(
        @{ what = 'half a rule'; call = { Set-HlVmFirewallRule dev -Action DROP }; id = 'InputInvalid'; category = 'InvalidArgument' }
        @{ what = 'a position that there is not'; call = { Set-HlVmFirewallRule dev -Position 9 -Enabled $false }; id = 'FirewallRuleNotFound'; category = 'ObjectNotFound' }
        @{ what = 'what was seen before somebody changed it'; call = { Set-HlVmFirewallRule dev -Position 0 -Enabled $false -Digest abc }; id = 'FirewallChanged'; category = 'ResourceBusy' }
        @{ what = 'a guest that is not there'; call = { Set-HlVmFirewallRule nosuch -Direction In -Action DROP }; id = 'VmNotFound'; category = 'ObjectNotFound' }
    ) {
        $caught = @(Get-Caught $call)
        $caught | Should -HaveCount 1
        $caught[0].FullyQualifiedErrorId | Should -Be "$id,Homelab.PowerShell.SetHlVmFirewallRuleCommand"
        $caught[0].CategoryInfo.Category | Should -Be $category
        Get-NodeChange $lab | Should -BeNullOrEmpty
    }
}

Describe 'Get-HlVmFirewallRule' {
    It 'lists the rules of a guest in the order in which they decide' {
        (Get-HlVmFirewallRule dev).Port | Should -Be '53', '22', '443'
        (Get-HlVmFirewallRule dev).Position | Should -Be 0, 1, 2
    }

    It 'lists those of several guests' {
        @(Get-HlVm -Tag prod | Get-HlVmFirewallRule).Count | Should -Be 3
    }

    It 'tells of each why it does nothing' {
        (Get-HlVmFirewallRule dev)[0].Ineffective | Should -BeLike '*firewall*off*'
        @(Get-HlVmFirewallRule dev | Where-Object Ineffective).Count | Should -Be 3
    }
}
