BeforeAll {
    . "$PSScriptRoot/Common.ps1"
    . "$PSScriptRoot/Sshd.ps1"
    $script:missing = Get-SshObstacle
    if ($missing) { return }
    $script:sshd = Open-Sshd
    $script:policy = "policy: { commands: [ { name: uptime, run: [ uptime ], on: [ 'host:*' ], reads: true } ] }"
    $script:file = New-HostLab $sshd -Lines $policy -Key 'keys/dev_ed25519'
    $script:keys = "$(Split-Path $file)/keys"
    $script:authorized = "$($sshd.Home)/.ssh/authorized_keys"
    $null = Connect-Hl $file
}

AfterAll {
    Close-Sshd $sshd
}

Describe 'New-HlSshKey' {
    BeforeEach {
        if ($missing) { Set-ItResult -Skipped -Because $missing }
    }

    It 'says under -WhatIf what it would make, and makes nothing' {
        New-HlSshKey dev -WhatIf
        $keys | Should -Not -Exist
    }

    It 'makes a key for <as>, that only its owner can read, and warns that it opens without a passphrase' -ForEach @(
        @{ as = 'a name by position'; name = 'dev'; call = { New-HlSshKey dev -WarningVariable warned -WarningAction SilentlyContinue; $warned } }
        @{ as = 'a name by parameter'; name = 'nas'; call = { New-HlSshKey -Name nas -WarningVariable warned -WarningAction SilentlyContinue; $warned } }
        @{ as = 'a name from the pipeline'; name = 'pi'; call = { 'pi' | New-HlSshKey -WarningVariable warned -WarningAction SilentlyContinue; $warned } }
    ) {
        $key, $warning = & $call
        $key | Should -BeOfType ([Homelab.SshKey])
        $key.Path | Should -Be "keys/${name}_ed25519"
        $key.LabLine | Should -Be "key: `"file:keys/${name}_ed25519`""
        $key.HasPassphrase | Should -BeFalse
        $key.Fingerprint | Should -Be (Get-Fingerprint "$keys/${name}_ed25519")
        $key.PublicKey | Should -Be (Get-Content "$keys/${name}_ed25519.pub")
        "$warning" | Should -BeLike '*no passphrase*'
        if (-not $IsWindows) { (Get-Item "$keys/${name}_ed25519").UnixMode | Should -Be '-rw-------' }
    }

    It 'never overwrites one' {
        $before = Get-FileHash "$keys/dev_ed25519"
        $caught = @(Get-Caught { New-HlSshKey dev -Force })
        $caught.FullyQualifiedErrorId | Should -Be 'KeyExists,Homelab.PowerShell.NewHlSshKeyCommand'
        $caught[0].CategoryInfo.Category | Should -Be 'ResourceBusy'
        (Get-FileHash "$keys/dev_ed25519").Hash | Should -Be $before.Hash
    }

    It 'lays no key outside the folder of the lab file: <path>' -ForEach @(@{ path = '../out' }, @{ path = '/tmp/hl-out' }, @{ path = 'keys/../../out' }) {
        (Get-Caught { New-HlSshKey other -Path $path }).CategoryInfo.Category | Should -Be 'InvalidArgument'
        "$(Split-Path $file)/../out" | Should -Not -Exist
        '/tmp/hl-out' | Should -Not -Exist
    }

    It 'takes a passphrase as a reference, and shows it nowhere' {
        Set-Content "$(Split-Path $file)/passphrase" 'a secret of mine' -NoNewline
        $said = New-HlSshKey locked -Passphrase file:passphrase -Verbose -Debug *>&1 | Format-List * -Force | Out-String
        $said | Should -Not -BeLike '*a secret of mine*'
        # Without it, the private half opens to nobody.
        ssh-keygen -y -P '' -f "$keys/locked_ed25519" 2>&1 | Should -BeLike '*incorrect passphrase*'
        ssh-keygen -y -P 'a secret of mine' -f "$keys/locked_ed25519" | Should -BeLike 'ssh-ed25519 *'
    }

    It 'takes no passphrase as a text' {
        @(Get-Caught { New-HlSshKey text -Passphrase 'a secret of mine' }) | Should -HaveCount 1
        "$keys/text_ed25519" | Should -Not -Exist
    }
}

Describe 'Install-HlSshKey' {
    BeforeEach {
        if ($missing) { Set-ItResult -Skipped -Because $missing }
    }

    It 'says where nobody is let in yet which ways there are' {
        $caught = @(Get-Caught { Install-HlSshKey dev })
        $caught.FullyQualifiedErrorId | Should -Be 'SshDenied,Homelab.PowerShell.InstallHlSshKeyCommand'
        $caught[0].CategoryInfo.Category | Should -Be 'PermissionDenied'
        $caught[0].ErrorDetails.RecommendedAction | Should -BeLike '*-Password env:NAME*'
        $authorized | Should -Not -Exist
    }

    It 'says under -WhatIf whose key it would let in, and writes nothing' {
        $said = Invoke-Shell "Connect-Hl '$file' | Out-Null; Install-HlSshKey dev -Using 'file:$($sshd.Key)' -WhatIf"
        $said.Output | Should -BeLike "*What if: *SHA256:* `"dev`".*"
        $authorized | Should -Not -Exist
    }

    It 'lets the key of the lab file in by another key, restricted, and proves it' {
        Install-HlSshKey dev -Using "file:$($sshd.Key)" -WarningAction SilentlyContinue | Should -BeNullOrEmpty
        Get-Content $authorized | Should -Be "restrict $(Get-Content "$keys/dev_ed25519.pub")"
        (Invoke-HlCommand uptime dev).ExitCode | Should -Be 0
    }

    It 'warns of an account that is root' {
        $null = Install-HlSshKey dev -WarningVariable warned -WarningAction SilentlyContinue
        if ([Environment]::UserName -eq 'root') { "$warned" | Should -BeLike '*root on dev*' } else { $warned | Should -BeNullOrEmpty }
    }

    It 'writes it once, taken <as>' -ForEach @(
        @{ as = 'by parameter'; call = { Install-HlSshKey -HostName dev -PassThru -WarningAction SilentlyContinue } }
        @{ as = 'from the pipeline'; call = { 'dev' | Install-HlSshKey -PassThru -WarningAction SilentlyContinue } }
        @{ as = 'from a row'; call = { Get-HlHostKey dev | Select-Object Host | Install-HlSshKey -PassThru -WarningAction SilentlyContinue } }
    ) {
        $key = & $call
        $key | Should -BeOfType ([Homelab.AuthorizedKey])
        $key.Added | Should -BeFalse
        $key.Options | Should -Be 'restrict'
        $key.User | Should -Be ([Environment]::UserName)
        @(Get-Content $authorized) | Should -HaveCount 1
    }

    It 'leaves one with other limits alone, unless it may write it anew' {
        $caught = @(Get-Caught { Install-HlSshKey dev -From 127.0.0.0/8 })
        $caught.FullyQualifiedErrorId | Should -Be 'KeyHasOtherLimits,Homelab.PowerShell.InstallHlSshKeyCommand'
        "$caught" | Should -BeLike '*-Replace*'
        (Install-HlSshKey dev -From 127.0.0.0/8 -Replace -PassThru -WarningAction SilentlyContinue).Options | Should -Be 'from="127.0.0.0/8",restrict'
        @(Get-Content $authorized) | Should -HaveCount 1
    }

    It 'says what is not there, and goes on' {
        $done = 'nosuch', 'dev' | Install-HlSshKey -From 127.0.0.0/8 -PassThru -WarningAction SilentlyContinue -ErrorAction SilentlyContinue -ErrorVariable failed
        $done.Host | Should -Be 'dev'
        $failed.FullyQualifiedErrorId | Should -Be 'HostNotFound,Homelab.PowerShell.InstallHlSshKeyCommand'
    }
}
