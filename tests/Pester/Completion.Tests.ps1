BeforeAll {
    . "$PSScriptRoot/Common.ps1"
    # Five containers that no service of the lab file names.
    $script:lab = Open-Lab '--containers', '5'
}

AfterAll {
    Close-Lab $lab
}

Describe 'Completion where no lab is open' {
    BeforeAll {
        $script:before = Get-RequestCount $lab
        $env:HOMELAB_LAB = $lab.File
    }

    AfterAll {
        $env:HOMELAB_LAB = $null
    }

    It 'offers no name, throws nothing and opens no connection for <line>' -ForEach @(
        @{ line = 'Restart-HlContainer git' }
        @{ line = 'Get-HlContainer -Host ' }
        @{ line = 'Test-HlService ' }
        @{ line = 'Get-HlMonitor Gi' }
        @{ line = 'Restart-HlVm de' }
        @{ line = 'Move-HlVm dev -TargetNode ' }
        @{ line = 'Get-HlDecision docker_' }
    ) {
        # PowerShell itself offers files where nobody offers anything else.
        Complete-Line $line | Where-Object ResultType -ne ProviderItem | Where-Object ResultType -ne ProviderContainer | Should -BeNullOrEmpty
        Get-RequestCount $lab | Should -Be $before
        Get-OpenConnection $lab | Should -BeNullOrEmpty
    }
}

Describe 'Completion in a lab' {
    BeforeAll {
        $null = Connect-Hl $lab.File
    }

    It 'knows what the lab file names before anybody was asked' {
        $before = Get-RequestCount $lab
        (Complete-Line 'Restart-HlContainer git').CompletionText | Should -Be 'gitea@dev'
        (Complete-Line 'Stop-HlContainer -Container post').CompletionText | Should -Be 'postgresql@dev'
        (Complete-Line 'Get-HlContainer -Host ').CompletionText | Should -Be 'ai', 'dev', 'infra', 'proxmox', 'rack-01', 'windows'
        (Complete-Line 'Test-HlService co').CompletionText | Should -Be 'code-server'
        Get-RequestCount $lab | Should -Be $before
    }

    It 'knows containers that were seen' {
        $known = (Complete-Line 'Get-HlContainerLog ').CompletionText
        $unknown = Get-HlContainer | ForEach-Object ToString | Where-Object { $_ -notin $known }
        $unknown | Should -HaveCount 5
        $before = Get-RequestCount $lab
        (Complete-Line 'Get-HlContainerLog ').CompletionText | Should -Be ($known + $unknown | Sort-Object)
        Get-RequestCount $lab | Should -Be $before
    }

    It 'knows guests, nodes, storages and snapshots that were seen' {
        Complete-Line 'Restart-HlVm de' | Where-Object ResultType -eq ParameterValue | Should -BeNullOrEmpty
        $null = Get-HlVm -Template
        $null = Get-HlStorage
        $null = New-HlSnapshot dev before-upgrade
        $before = Get-RequestCount $lab
        (Complete-Line 'Restart-HlVm de').CompletionText | Should -Be 'debian-13', 'dev'
        (Complete-Line 'Stop-HlVm -Vm i').CompletionText | Should -Be 'infra'
        (Complete-Line 'Get-HlTask -Vm sand').CompletionText | Should -Be 'sandbox'
        (Complete-Line 'Move-HlVm dev -TargetNode ').CompletionText | Should -Be 'pve', 'pve2'
        (Complete-Line 'Move-HlVm dev ').CompletionText | Should -Be 'pve', 'pve2'
        (Complete-Line 'Backup-HlVm dev -Storage n').CompletionText | Should -Be 'nas'
        (Complete-Line 'Restore-HlSnapshot dev ').CompletionText | Should -Be 'before-upgrade'
        (Complete-Line 'Get-HlVm -State ').CompletionText | Should -Be 'Paused', 'Running', 'Stopped', 'Unknown'
        Get-RequestCount $lab | Should -Be $before
    }

    It 'quotes names with blanks, whatever was typed: <line>' -ForEach @(
        @{ line = 'Get-HlMonitor AdG' }
        @{ line = "Get-HlMonitor 'AdG" }
        @{ line = 'Get-HlMonitor -Name adg' }
    ) {
        (Complete-Line $line).CompletionText | Should -Be "'AdGuard Home DNS'"
        (Complete-Line $line).ListItemText | Should -Be 'AdGuard Home DNS'
    }

    It 'offers names that work as they are offered' {
        $offered = (Complete-Line 'Get-HlMonitor AdG').CompletionText
        (& ([scriptblock]::Create("Get-HlMonitor $offered"))).Name | Should -Be 'AdGuard Home DNS'
        $offered = (Complete-Line 'Get-HlContainer git').CompletionText
        "$(& ([scriptblock]::Create("Get-HlContainer $offered")))" | Should -Be 'gitea@dev'
    }

    It 'offers operations and the values of enums' {
        (Complete-Line 'Get-HlDecision docker_res').CompletionText | Should -Be 'docker_restart_container'
        (Complete-Line 'Get-HlContainer -State Ru').CompletionText | Should -Be 'Running'
    }

    It 'offers no name that does not begin like that' {
        Complete-Line 'Test-HlService zzz' | Where-Object ResultType -eq ParameterValue | Should -BeNullOrEmpty
    }
}
