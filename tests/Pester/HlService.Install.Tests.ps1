BeforeDiscovery {
    $script:systemd = Test-Path /run/systemd/system
}

BeforeAll {
    . "$PSScriptRoot/Common.ps1"
    $script:hidden = $moduleFolder -match '^(/home/|/root/|/run/user/|/tmp/|/var/tmp/)'
}

Describe 'Install-HlService' {
    It 'returns the unit for the program of the module and the lab file as text, and installs nothing' {
        if ($hidden) { Set-ItResult -Skipped -Because "the module lies in $moduleFolder, which a service does not see" }
        $unit = Install-HlService /etc/homelab/my-lab.yaml -User lab -AsText
        $start = $unit -split '\r?\n' -like 'ExecStart=*'
        $start | Should -HaveCount 1
        $start | Should -BeLike "*$moduleFolder/host/homelab*serve --lab /etc/homelab/my-lab.yaml"
        $unit -split '\r?\n' | Should -Contain 'User=lab'
        $unit -split '\r?\n' | Should -Not -Contain 'SupplementaryGroups=docker'
        Test-Path /etc/systemd/system/homelab.service | Should -BeFalse
    }

    It 'gives access to Docker only when asked to' {
        if ($hidden) { Set-ItResult -Skipped -Because "the module lies in $moduleFolder, which a service does not see" }
        (Install-HlService -DockerGroup -AsText) -split '\r?\n' | Should -Contain 'SupplementaryGroups=docker'
    }

    It 'refuses a lab file that the service would not see' {
        $caught = @(Get-Caught { Install-HlService /home/me/homelab.yaml -AsText })
        $caught | Should -HaveCount 1
        $caught[0].FullyQualifiedErrorId | Should -Be 'ServiceUnitInvalid,Homelab.PowerShell.Commands.InstallHlServiceCommand'
        $caught[0].CategoryInfo.Category | Should -Be 'InvalidArgument'
        "$caught" | Should -BeLike '*/home/me/homelab.yaml*does not see*'
    }
}

Describe '<cmdlet> on a machine that is not run by systemd' -Skip:$systemd -ForEach @(
    @{ cmdlet = 'Install-HlService'; class = 'InstallHlServiceCommand' }
    @{ cmdlet = 'Uninstall-HlService'; class = 'UninstallHlServiceCommand' }
) {
    It 'says so, also under -WhatIf, and writes nothing' {
        foreach ($switch in @{ Force = $true }, @{ WhatIf = $true }) {
            $caught = @(Get-Caught { & $cmdlet @switch })
            $caught | Should -HaveCount 1
            $caught[0].FullyQualifiedErrorId | Should -Be "ServiceNotSupported,Homelab.PowerShell.Commands.$class"
            "$caught" | Should -BeLike '*systemd*homelab serve*'
        }
        Test-Path /etc/systemd/system/homelab.service | Should -BeFalse
    }
}

Describe '<cmdlet> for somebody who is not root' -ForEach @(
    @{ cmdlet = 'Install-HlService'; class = 'InstallHlServiceCommand' }
    @{ cmdlet = 'Uninstall-HlService'; class = 'UninstallHlServiceCommand' }
) {
    It 'says that root is needed, also under -WhatIf' {
        if (-not (Test-Path /run/systemd/system)) { Set-ItResult -Skipped -Because 'systemd does not run here' }
        if ([Environment]::UserName -eq 'root') { Set-ItResult -Skipped -Because 'whoever runs the tests is root' }
        foreach ($switch in @{ Force = $true }, @{ WhatIf = $true }) {
            $caught = @(Get-Caught { & $cmdlet @switch })
            $caught | Should -HaveCount 1
            $caught[0].FullyQualifiedErrorId | Should -Be "ServiceNeedsRoot,Homelab.PowerShell.Commands.$class"
            $caught[0].CategoryInfo.Category | Should -Be 'PermissionDenied'
        }
    }
}
