@{
    RootModule = 'Homelab.PowerShell.psm1'
    ModuleVersion = '0.1.0'
    GUID = '6f0f4f0e-6a53-4c0e-9a3c-2f5d8c1b7e41'
    Author = 'The Homelab.PowerShell authors'
    CompanyName = 'The Homelab.PowerShell authors'
    Copyright = '(c) The Homelab.PowerShell authors. MIT licence.'
    Description = 'Heals a homelab, and lets you look after it: Docker, Uptime Kuma, DNS, TLS and services, by cmdlets that all pass one gate of level, policy, approval and audit.'
    PowerShellVersion = '7.6'
    CompatiblePSEditions = @('Core')
    FormatsToProcess = @('Homelab.PowerShell.Format.ps1xml')
    CmdletsToExport = @(
        'Approve-HlApproval'
        'Connect-Hl'
        'Deny-HlApproval'
        'Disconnect-Hl'
        'Get-HlApproval'
        'Get-HlAudit'
        'Get-HlCluster'
        'Get-HlContainer'
        'Get-HlContainerDetail'
        'Get-HlContainerLog'
        'Get-HlContainerUsage'
        'Get-HlDecision'
        'Get-HlIncident'
        'Get-HlLab'
        'Get-HlMonitor'
        'Get-HlNode'
        'Get-HlRunbook'
        'Get-HlSchedule'
        'Get-HlStorage'
        'Get-HlStorageContent'
        'Get-HlTailscalePeer'
        'Get-HlVm'
        'Get-HlVmStatus'
        'Install-HlService'
        'Invoke-HlHeal'
        'Invoke-HlRunbook'
        'New-HlLab'
        'Restart-HlContainer'
        'Restart-HlVm'
        'Start-HlContainer'
        'Start-HlListener'
        'Start-HlMcpServer'
        'Start-HlScheduler'
        'Start-HlVm'
        'Stop-HlContainer'
        'Stop-HlVm'
        'Test-HlAudit'
        'Test-HlCertificate'
        'Test-HlContainer'
        'Test-HlDns'
        'Test-HlLab'
        'Test-HlPort'
        'Test-HlRunbook'
        'Test-HlService'
        'Uninstall-HlService'
        'Watch-HlContainer'
        'Watch-HlEvent'
    )
    FunctionsToExport = @()
    VariablesToExport = @()
    AliasesToExport = @()
    PrivateData = @{
        PSData = @{
            Tags = @('homelab', 'docker', 'uptime-kuma', 'healing', 'runbook', 'monitoring', 'automation', 'selfhosted', 'PSEdition_Core', 'Linux', 'Windows', 'MacOS')
            LicenseUri = 'https://opensource.org/license/mit'
            ProjectUri = 'https://github.com/homelab-powershell/Homelab.PowerShell'
            ReleaseNotes = 'See CHANGELOG.md.'
        }
    }
}
