BeforeAll {
    . "$PSScriptRoot/Common.ps1"
    $script:lab = Open-Lab
    $null = Connect-Hl $lab.File
    $script:rendering = $PSStyle.OutputRendering
    $PSStyle.OutputRendering = 'PlainText'

    function Show-Table {
        # What a person sees, line by line without what lines end with.
        param([Parameter(Mandatory)] [object[]] $InputObject, [int] $Width = 80)
        ($InputObject | Format-Table | Out-String -Width $Width) -split '\r?\n' | ForEach-Object TrimEnd | Where-Object { $_ }
    }
}

AfterAll {
    # Null when there was no module to test.
    if ($null -ne $rendering) { $PSStyle.OutputRendering = $rendering }
    Close-Lab $lab
}

Describe 'A guest' {
    It 'is a row that fits a window of 80 columns' {
        $shown = Show-Table (Get-HlVm)
        $shown[0] | Should -Match '^ +Id Name +State +Cpu Memory$'
        $shown[2] | Should -Match '^ +100 dev@pve +Running +\d+\.\d% of 8 \d+ GiB of 16 GiB$'
        $shown | Where-Object Length -gt 80 | Should -BeNullOrEmpty
    }

    It 'says whole what keeps it locked' {
        $null = Invoke-Control $lab Post 'guests/110/lock?reason=suspended'
        (Show-Table (Get-HlVm sandbox))[2] | Should -Match '110 sandbox@pve2 +Stopped \(suspended\)'
        (Show-Table (Get-HlVmStatus sandbox))[2] | Should -Match '110 sandbox@pve2 +Stopped \(suspended\)'
        $null = Invoke-Control $lab Delete guests/110/lock
    }

    It 'is a list of everything' {
        $shown = Get-HlVmStatus dev | Format-List | Out-String
        $shown | Should -Match 'MaxMemory +: 16 GiB'
        $shown | Should -Match 'Tags +: docker, prod'
        $shown | Should -Match 'QmpStatus +: running'
    }

    It 'is called by its node, VMID and name in a text' {
        "$(Get-HlVm dev)" | Should -Be 'pve/100 (dev)'
    }
}

Describe 'What <cmdlet> tells' -ForEach @(
    @{ cmdlet = 'Get-HlVm'; call = { Get-HlVm -Template } }
    @{ cmdlet = 'Get-HlVmStatus'; call = { Get-HlVm | Get-HlVmStatus } }
    @{ cmdlet = 'Get-HlVmConfig'; call = { Get-HlVm | Get-HlVmConfig } }
    @{ cmdlet = 'the disks of Get-HlVmConfig'; call = { (Get-HlVmConfig dev).Disks } }
    @{ cmdlet = 'the networks of Get-HlVmConfig'; call = { (Get-HlVmConfig dev).Networks } }
    @{ cmdlet = 'the pending changes of Set-HlVm'; call = { (Set-HlVm dev -Core 3 -PassThru).Pending } }
    @{ cmdlet = 'Get-HlVmMetric'; call = { Get-HlVmMetric dev | Select-Object -First 3 } }
    @{ cmdlet = 'Get-HlVmConsole'; call = { Get-HlVmConsole dev } }
    @{ cmdlet = 'Get-HlVmFirewallRule'; call = { Set-HlVmFirewallRule dev -Direction In -Action DROP -PassThru } }
    @{ cmdlet = 'New-HlSnapshot'; call = { New-HlSnapshot dev shown } }
    @{ cmdlet = 'Get-HlTask'; call = { Get-HlTask } }
    @{ cmdlet = 'Get-HlCluster'; call = { Get-HlCluster } }
    @{ cmdlet = 'Get-HlNode'; call = { Get-HlNode } }
    @{ cmdlet = 'Get-HlStorage'; call = { Get-HlStorage } }
    @{ cmdlet = 'Get-HlStorageContent'; call = { Get-HlStorageContent } }
    @{ cmdlet = 'Get-HlPool'; call = { Get-HlPool } }
    @{ cmdlet = 'Test-HlProxmoxToken'; call = { Test-HlProxmoxToken } }
) {
    BeforeAll {
        $script:told = @(& $call)
    }

    It 'is a table of five columns at most, one line for each, without an error' {
        $told | Should -Not -BeNullOrEmpty
        $count = $Error.Count
        $shown = @(Show-Table $told -Width 200)
        $Error.Count | Should -Be $count
        # PowerShell writes this where a column fails.
        $shown -join "`n" | Should -Not -Match '#ERR'
        @($shown).Count | Should -Be ($told.Count + 2)
        # Its own view, and not one that PowerShell made up.
        $types = (Get-FormatData $told[0].GetType().FullName).FormatViewDefinition.Control.ForEach{ $_.GetType().Name }
        $types | Should -Contain 'TableControl'
        $types | Should -Contain 'ListControl'
        (Get-FormatData $told[0].GetType().FullName).FormatViewDefinition.Control.Where{ $_ -is [Management.Automation.TableControl] }[0].Headers.Count | Should -BeLessOrEqual 5
    }

    It 'is a list that can be read' {
        $shown = $told[0] | Format-List | Out-String
        $shown | Should -Match '(?m)^\w+ +: '
        $shown | Should -Not -Match '#ERR|Homelab\.|System\.'
    }
}
