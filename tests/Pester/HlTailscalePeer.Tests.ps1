BeforeDiscovery {
    $script:installed = (Get-Command tailscale -CommandType Application -ErrorAction Ignore) -or (Test-Path /var/run/tailscale/tailscaled.sock)
}

BeforeAll {
    . "$PSScriptRoot/Common.ps1"
    $script:lab = Open-Lab
    $null = Connect-Hl $lab.File
}

AfterAll {
    Close-Lab $lab
}

Describe 'Get-HlTailscalePeer' {
    It 'says on a machine without Tailscale that there is none, and what to do' -Skip:$installed {
        $caught = @(Get-Caught { Get-HlTailscalePeer })
        $caught | Should -HaveCount 1
        $caught[0].FullyQualifiedErrorId | Should -Be 'TailscaleNotFound,Homelab.PowerShell.GetHlTailscalePeerCommand'
        "$caught" | Should -BeLike '*Install it*providers.tailscale*'
    }
}
