BeforeAll {
    . "$PSScriptRoot/Common.ps1"

    # The registry of vaults belongs to the account: a shell with a home of its own leaves ours alone.
    function Invoke-WithVault([string] $Script) {
        $start = [Diagnostics.ProcessStartInfo]::new($pwsh[0], [string[]] (@($pwsh | Select-Object -Skip 1) + '-NoProfile', '-NonInteractive', '-Command', "`$ErrorActionPreference = 'Stop'; Import-Module '$moduleFolder/Homelab.PowerShell.psd1'; $Script"))
        $start.RedirectStandardOutput = $start.RedirectStandardError = $true
        $start.WorkingDirectory = $folder
        $start.Environment['HOME'] = $start.Environment['XDG_CONFIG_HOME'] = $folder
        $start.Environment['NO_COLOR'] = '1'
        $process = [Diagnostics.Process]::Start($start)
        $errors = $process.StandardError.ReadToEndAsync()
        $printed = $process.StandardOutput.ReadToEnd()
        $process.WaitForExit()
        $printed + $errors.Result
    }

    $script:folder = New-Folder
    $extension = New-Item -ItemType Directory "$folder/TinyVault/TinyVault.Extension"
    Set-Content "$folder/TinyVault/TinyVault.psd1" "@{ ModuleVersion = '1.0'; NestedModules = './TinyVault.Extension' }"
    Set-Content "$extension/TinyVault.Extension.psd1" "@{ ModuleVersion = '1.0'; RootModule = 'TinyVault.Extension.psm1'; FunctionsToExport = 'Get-Secret', 'Get-SecretInfo', 'Set-Secret', 'Remove-Secret', 'Test-SecretVault' }"
    Set-Content "$extension/TinyVault.Extension.psm1" @'
function Get-Secret { param($Name, $VaultName, $AdditionalParameters) if ($Name -eq 'kuma') { 'hush-hush-value' } }
function Get-SecretInfo { param($Filter, $VaultName, $AdditionalParameters) [Microsoft.PowerShell.SecretManagement.SecretInformation]::new('kuma', 'String', $VaultName) }
function Set-Secret { param($Name, $Secret, $VaultName, $AdditionalParameters) }
function Remove-Secret { param($Name, $VaultName, $AdditionalParameters) }
function Test-SecretVault { param($VaultName, $AdditionalParameters) $true }
'@
    Set-Content "$folder/homelab.yaml" @'
apiVersion: homelab/v1
kind: Lab
metadata: { name: vaulted }
hooks: { found: { source: kuma, token: "vault:Tiny/kuma" }, lost: { source: kuma, token: "vault:Tiny/nosuch" } }
'@
    # Each shell registers it anew: where it stands already is the business of another test.
    $script:register = "Register-SecretVault -Name Tiny -ModuleName '$folder/TinyVault' -AllowClobber; "
}

AfterAll { Remove-Item $folder -Recurse -Force }

Describe 'A vault: reference' -Skip:($IsWindows -or -not (Get-Module -ListAvailable Microsoft.PowerShell.SecretManagement)) {
    It 'is opened through SecretManagement, and its value is never shown' {
        $printed = Invoke-WithVault "$register Test-HlLab -Verbose 4>&1 | Where-Object Group -eq secret | ForEach-Object { `"`$(`$_.Name) `$(`$_.Status) `$(`$_.Detail)`" }"
        $printed | Should -Match 'hooks\.found\.token Ok'
        $printed | Should -Not -Match 'hush-hush-value'
    }

    It 'to nothing says so, with the reference' {
        Invoke-WithVault "$register Test-HlLab | Where-Object Name -like *lost* | ForEach-Object { `"`$(`$_.Status): `$(`$_.Detail)`" }" | Should -Match '(?s)Failed: .*vault:Tiny/nosuch'
    }

    It 'into a vault that is not registered is an error, not an empty secret' {
        Invoke-WithVault 'Get-SecretVault | Unregister-SecretVault; Test-HlLab | Where-Object Name -like *found* | ForEach-Object { "$($_.Status): $($_.Detail)" }' | Should -Match '(?s)Failed: .*vault:Tiny/kuma'
    }
}
