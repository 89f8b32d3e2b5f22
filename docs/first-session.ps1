<#
.SYNOPSIS
    Types the first session of a new user, and prints it as it looks at a prompt: what README.md shows.
.DESCRIPTION
    Needs the module (dotnet publish src/Homelab.PowerShell, or an installed one) and touches nothing real: the homelab is simulated.
.EXAMPLE
    pwsh -NoProfile -File docs/first-session.ps1
#>
[CmdletBinding()]
param(
    # How wide the prompt is.
    [int] $Width = 118
)

$session = @(
    'Connect-Hl -Simulated'
    'Get-HlContainer -Host dev'
    'Get-HlContainer | Where-Object Name -like git* | Restart-HlContainer -WhatIf'
    'Restart-HlContainer gitea@dev -PassThru'
    'Get-HlDecision Stop-HlContainer traefik@infra'
    'Stop-HlContainer gitea@dev'
    'Test-HlService gitea'
    'Invoke-HlHeal gitea'
    'Get-HlAudit -Kind Outcome'
    'Disconnect-Hl'
)

if (-not (Get-Module Homelab.PowerShell)) {
    $laidOut = Get-ChildItem "$PSScriptRoot/../artifacts/module/Homelab.PowerShell/*/Homelab.PowerShell.psd1" -ErrorAction Ignore | Sort-Object FullName | Select-Object -Last 1
    Import-Module ($laidOut ?? 'Homelab.PowerShell') -ErrorAction Stop
}

$PSStyle.OutputRendering = 'PlainText'
foreach ($line in $session) {
    "PS> $line"
    $printed = (. ([scriptblock]::Create($line)) | Out-String -Width $Width).Trim("`r", "`n")
    if ($printed) { $printed }
    ''
}
