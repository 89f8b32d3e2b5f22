BeforeAll {
    . "$PSScriptRoot/Common.ps1"
    $script:lab = Open-Lab
    $script:listing = Copy-LabFile $lab 'policy:' "policy:`n  commands: [ { run: [ uname, '-a' ], on: [ 'vm:dev' ] } ]"
    $null = Connect-Hl $listing
}

AfterAll {
    Close-Lab $lab
}

Describe 'Test-HlGuestAgent' {
    It 'tells whether the agent answers, of a guest <as>' -ForEach @(
        @{ as = 'by position'; call = { Test-HlGuestAgent dev } }
        @{ as = 'by VMID'; call = { Test-HlGuestAgent 100 } }
        @{ as = 'as an object'; call = { Get-HlVm dev | Test-HlGuestAgent } }
    ) {
        $check = & $call
        $check | Should -BeOfType ([Homelab.GuestAgentCheck])
        $check.Answers | Should -BeTrue
        $check.Enabled | Should -BeTrue
        $check.Reason | Should -BeNullOrEmpty
        $check.Elapsed | Should -BeGreaterThan ([timespan]::Zero)
    }

    It 'says why it does not' {
        $check = Test-HlGuestAgent sandbox
        $check.Answers | Should -BeFalse
        $check.Reason | Should -BeLike '*stopped*'
    }

    It 'refuses a container, which has none' {
        (Get-Caught { Test-HlGuestAgent backup }).FullyQualifiedErrorId | Should -Be 'VmIsContainer,Homelab.PowerShell.TestHlGuestAgentCommand'
    }
}

Describe 'Get-HlGuestNetwork' {
    It 'tells the addresses of <what>' -ForEach @(
        @{ what = 'a machine'; guest = 'dev' }
        @{ what = 'a container'; guest = 'backup' }
    ) {
        $seen = @(Get-HlVm $guest | Get-HlGuestNetwork)
        $seen | Should -Not -BeNullOrEmpty
        $seen | Should -BeOfType ([Homelab.GuestInterface])
        $seen[0].Addresses[0] | Should -Match '^[0-9a-f.:]+/\d+$'
        $seen.Interface | Should -Not -Contain 'lo'
        @(Get-HlGuestNetwork $guest -Loopback).Interface | Should -Contain 'lo'
    }

    It 'says of a guest that is off that it is off' {
        $caught = Get-Caught { Get-HlGuestNetwork sandbox }
        $caught | Should -HaveCount 1
        $caught.CategoryInfo.Category | Should -Be 'ResourceBusy'
    }
}

Describe 'Invoke-HlVmCommand' {
    BeforeEach {
        $null = Invoke-Control $lab Post reset
    }

    It 'runs nothing that the lab file does not list word for word: <call>' -ForEach @(
        @{ call = { Invoke-HlVmCommand dev uname } }
        @{ call = { Invoke-HlVmCommand dev uname, '-a; reboot' -Force } }
        @{ call = { Invoke-HlVmCommand dev uname, -a, -r } }
        @{ call = { Invoke-HlVmCommand infra uname, -a } }
        @{ call = { Get-HlVm infra | Invoke-HlVmCommand -Command uname, -a -WhatIf } }
    ) {
        $caught = @(Get-Caught $call)
        $caught | Should -HaveCount 1
        $caught[0].FullyQualifiedErrorId | Should -Be 'CommandNotAllowed,Homelab.PowerShell.InvokeHlVmCommandCommand'
        $caught[0].CategoryInfo.Category | Should -Be 'PermissionDenied'
        $caught[0].Exception.Message | Should -BeLike '*policy.commands*{ run: *"uname"*'
        Get-NodeChange $lab | Should -BeNullOrEmpty
    }

    It 'says what it would run under -WhatIf' {
        $said = Invoke-Shell "Connect-Hl '$listing' | Out-Null; Invoke-HlVmCommand dev uname, -a -WhatIf"
        $said.Output | Should -BeExactly 'What if: Performing the operation "Run uname -a in guest" on target "dev@pve".'
        Get-NodeChange $lab | Should -BeNullOrEmpty
    }

    It 'needs a right that no token of less than this has' {
        $caught = Get-Caught { Invoke-HlVmCommand dev uname, -a }
        $caught.CategoryInfo.Category | Should -Be 'PermissionDenied'
        $caught.Exception.Message | Should -BeLike '*VM.GuestAgent.Unrestricted*'
    }

    It 'refuses a guest that has no agent' {
        (Get-Caught { Invoke-HlVmCommand backup uname, -a }).FullyQualifiedErrorId | Should -Be 'VmIsContainer,Homelab.PowerShell.InvokeHlVmCommandCommand'
        Get-NodeChange $lab | Should -BeNullOrEmpty
    }
}

Describe 'Get-HlVmConsole' {
    It 'tells an address without a ticket' {
        $link = Get-HlVm dev | Get-HlVmConsole
        $link | Should -BeOfType ([Homelab.ConsoleLink])
        $link.Url | Should -Match '^https://127\.0\.0\.1:\d+/\?console=kvm&novnc=1.*vmid=100'
        $link.Url | Should -Not -Match 'ticket|token|secret'
    }
}
