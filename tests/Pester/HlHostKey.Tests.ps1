BeforeAll {
    . "$PSScriptRoot/Common.ps1"
    . "$PSScriptRoot/Sshd.ps1"
    $script:missing = Get-SshObstacle
    if ($missing) { return }
    $script:sshd = Open-Sshd
    $script:fingerprint = Get-Fingerprint "$($sshd.Folder)/host_key"
    $script:policy = "policy: { commands: [ { name: uptime, run: [ uptime ], on: [ 'host:*' ], reads: true } ] }"

    function Connect-Unknown {
        # A lab of its own, to which the host is not known; returns its file of known hosts.
        $file = New-HostLab $sshd -Lines $policy -Unpinned
        $null = Connect-Hl $file
        "$(Split-Path $file)/known_hosts"
    }
}

AfterAll {
    Close-Sshd $sshd
}

Describe 'A host that is logged in to for the first time' {
    BeforeEach {
        if ($missing) { Set-ItResult -Skipped -Because $missing; return }
        $script:known = Connect-Unknown
    }

    It 'is not, and the error has the very command that lets it be known' {
        $caught = @(Get-Caught { Invoke-HlCommand uptime dev })
        $caught | Should -HaveCount 1
        $caught[0].FullyQualifiedErrorId | Should -Be 'HostKeyUnknown,Homelab.PowerShell.InvokeHlCommandCommand'
        $caught[0].CategoryInfo.Category | Should -Be 'PermissionDenied'
        $caught[0].TargetObject | Should -Be 'dev'
        $caught[0].ErrorDetails.RecommendedAction | Should -BeLike "*Register-HlHostKey dev -Fingerprint $fingerprint*"
        $known | Should -Not -Exist

        # What it says is run as it stands there.
        $command = [regex]::Match("$($caught[0])", 'Register-HlHostKey \S+ -Fingerprint SHA256:[A-Za-z0-9+/]{43}').Value
        & ([scriptblock]::Create($command))
        (Invoke-HlCommand uptime dev).Output | Should -BeLike '*load average*'
    }

    It 'is known by the fingerprint that a person gives: <as>' -ForEach @(
        @{ as = 'by position'; call = { Register-HlHostKey dev -Fingerprint $fingerprint -PassThru } }
        @{ as = 'by parameter'; call = { Register-HlHostKey -HostName dev -Fingerprint $fingerprint -PassThru } }
        @{ as = 'from the pipeline'; call = { 'dev' | Register-HlHostKey -Fingerprint $fingerprint -PassThru } }
        @{ as = 'from a row'; call = { [pscustomobject]@{ Host = 'dev' } | Register-HlHostKey -Fingerprint $fingerprint -PassThru } }
    ) {
        $record = & $call
        $record | Should -BeOfType ([Homelab.HostKeyRecord])
        $record.Fingerprint | Should -Be $fingerprint
        $record.Type | Should -Be 'ssh-ed25519'
        $record.KnownHosts | Should -Be $known
        $record.Line | Should -Be 1
        # As ssh itself reads it.
        ssh-keygen -F "[127.0.0.1]:$($sshd.Port)" -f $known | Select-Object -Last 1 | Should -BeLike "*$($sshd.HostKey)"
    }

    It 'is written down once, however often' {
        foreach ($time in 1..2) { Register-HlHostKey dev -Fingerprint $fingerprint }
        @(Get-Content $known) | Should -HaveCount 1
    }

    It 'is not known by another fingerprint, and nothing is written' {
        $caught = @(Get-Caught { Register-HlHostKey dev -Fingerprint ('SHA256:' + 'A' * 43) -Force })
        $caught.FullyQualifiedErrorId | Should -Be 'HostKeyMismatch,Homelab.PowerShell.RegisterHlHostKeyCommand'
        $caught[0].CategoryInfo.Category | Should -Be 'PermissionDenied'
        "$caught" | Should -BeLike "*$fingerprint*Nothing was written*"
        $known | Should -Not -Exist
    }

    It 'is not known by a text that is no fingerprint' {
        (Get-Caught { Register-HlHostKey dev -Fingerprint abc }).CategoryInfo.Category | Should -Be 'InvalidArgument'
        $known | Should -Not -Exist
    }

    It 'is shown under -WhatIf, and not written down' {
        $said = Invoke-Shell "Connect-Hl '$(Split-Path $known)/homelab.yaml' | Out-Null; Register-HlHostKey dev -WhatIf"
        $said.Output | Should -BeLike "*What if: Performing the operation `"Trust host key $fingerprint of`" on target `"dev`".*"
        $known | Should -Not -Exist
    }

    It 'is not taken for given where nobody compared it and nobody can be asked' {
        $caught = @(Get-Caught { Invoke-InSession ($script:session = Open-Session) { param($file) $null = Connect-Hl $file; Register-HlHostKey dev -Force } "$(Split-Path $known)/homelab.yaml" | ForEach-Object Errors | Write-Error })
        Close-Session $session
        "$caught" | Should -BeLike "*nobody has compared $fingerprint*"
        $known | Should -Not -Exist
    }

    It 'is known when a person types its name' {
        $file = "$(Split-Path $known)/homelab.yaml"
        $said = Invoke-Shell "Connect-Hl '$file' | Out-Null; Register-HlHostKey dev -Force; (Get-HlHostKey dev).Fingerprint" -Answer 'dev'
        $said.Output | Should -BeLike "*$fingerprint"
        $said.Errors | Should -BeNullOrEmpty
        $known | Should -Exist
    }

    It 'is not there, and the others are known all the same' {
        $null = 'nosuch', 'dev' | Register-HlHostKey -Fingerprint $fingerprint -ErrorAction SilentlyContinue -ErrorVariable failed
        $failed.FullyQualifiedErrorId | Should -Be 'HostNotFound,Homelab.PowerShell.RegisterHlHostKeyCommand'
        $known | Should -Exist
    }
}

Describe 'A host that shows another key' {
    BeforeAll {
        if ($missing) { return }
        $script:known = Connect-Unknown
        Register-HlHostKey dev -Fingerprint $fingerprint
        # The same place, another machine.
        Stop-Sshd $sshd
        $null = New-KeyPair "$($sshd.Folder)/host_key"
        $script:changed = Get-Fingerprint "$($sshd.Folder)/host_key"
        Start-Sshd $sshd
        Disconnect-Hl
        $null = Connect-Hl "$(Split-Path $known)/homelab.yaml"
    }

    BeforeEach {
        if ($missing) { Set-ItResult -Skipped -Because $missing }
    }

    It 'is not logged in to' {
        $caught = @(Get-Caught { Invoke-HlCommand uptime dev })
        $caught.FullyQualifiedErrorId | Should -Be 'HostKeyChanged,Homelab.PowerShell.InvokeHlCommandCommand'
        "$caught" | Should -BeLike "*$changed*somebody stands between*"
    }

    It 'is not known by its new one, without being told to let the old one go' {
        $caught = @(Get-Caught { Register-HlHostKey dev -Fingerprint $changed -Force })
        $caught.FullyQualifiedErrorId | Should -Be 'HostKeyChanged,Homelab.PowerShell.RegisterHlHostKeyCommand'
        "$caught" | Should -BeLike "*$fingerprint*-Replace*"
        (Get-HlHostKey dev).Fingerprint | Should -Be $fingerprint
    }

    It 'is known by its new one alone when the old one may go' {
        $record = Register-HlHostKey dev -Fingerprint $changed -Replace -PassThru
        $record.Replaced | Should -Be $fingerprint
        (Get-HlHostKey dev).Fingerprint | Should -Be $changed
        (Invoke-HlCommand uptime dev).ExitCode | Should -Be 0
    }

    It 'is not known against what the lab file pins' {
        $null = Connect-Hl (New-HostLab $sshd -Lines $policy)
        $caught = @(Get-Caught { Register-HlHostKey dev -Fingerprint $changed -Replace })
        $caught.FullyQualifiedErrorId | Should -Be 'HostKeyPinned,Homelab.PowerShell.RegisterHlHostKeyCommand'
        $caught[0].ErrorDetails.RecommendedAction | Should -BeLike '*hosts.dev.ssh.hostKey*'
        (Get-HlHostKey dev).IsPinned | Should -BeTrue
    }
}

Describe 'Get-HlHostKey' {
    BeforeAll {
        if ($missing) { return }
        $null = Connect-Hl (New-HostLab $sshd)
    }

    BeforeEach {
        if ($missing) { Set-ItResult -Skipped -Because $missing }
    }

    It 'lists what the lab file pins, given <as>' -ForEach @(
        @{ as = 'nothing'; call = { Get-HlHostKey } }
        @{ as = 'a name'; call = { Get-HlHostKey dev } }
        @{ as = 'a pattern'; call = { Get-HlHostKey d* } }
        @{ as = 'a name from the pipeline'; call = { 'dev' | Get-HlHostKey } }
    ) {
        $record = & $call
        $record | Should -BeOfType ([Homelab.HostKeyRecord])
        $record.Host | Should -Be 'dev'
        $record.IsPinned | Should -BeTrue
        $record.Fingerprint | Should -Be $fingerprint
        $record.KnownHosts | Should -BeNullOrEmpty
    }

    It 'lists none of a host that nobody knows' {
        $null = Connect-Unknown
        Get-HlHostKey -ErrorAction Stop | Should -BeNullOrEmpty
        (Get-Caught { Get-HlHostKey nosuch }).FullyQualifiedErrorId | Should -Be 'HostNotFound,Homelab.PowerShell.GetHlHostKeyCommand'
    }
}
