# A host of a lab that is a real sshd of our own on a loopback port, for the account that runs the tests. Files that log in somewhere dot-source this one after
# Common.ps1. What the account finds there first are the programs of a folder of the test's own: stand-ins for those that change machines.

function Get-SshObstacle {
    # Why no sshd can be had here; nothing when it can.
    param([switch] $Systemd)
    $obstacle = if (-not $IsLinux) {
        'the sshd of the tests is set up for Linux'
    } elseif (-not (Test-Path /usr/sbin/sshd)) {
        'sshd is not installed: apt-get install openssh-server'
    } elseif (-not (Get-Command ssh -CommandType Application -ErrorAction Ignore)) {
        'ssh is not installed: apt-get install openssh-client'
    } elseif ($Systemd -and [Environment]::UserName -ne 'root') {
        'a host that seems to run systemd is a name space of its own, which needs root'
    }
    if ($obstacle -and -not $Systemd -and 'sshd' -in ("$env:HOMELAB_REQUIRE_PEERS" -split ' ')) { throw "sshd was installed for these tests and cannot be used: $obstacle." }
    $obstacle
}

function New-KeyPair {
    # A key in a file; returns the public half without its comment.
    [Diagnostics.CodeAnalysis.SuppressMessageAttribute('PSUseShouldProcessForStateChangingFunctions', '', Justification = 'Makes a key in a temporary folder for a test.')]
    param([Parameter(Mandatory)] [string] $Path)
    Remove-Item $Path, "$Path.pub" -ErrorAction Ignore
    ssh-keygen -q -t ed25519 -N '' -C test -f $Path
    if ($LASTEXITCODE -ne 0) { throw "ssh-keygen made no key: exit code $LASTEXITCODE" }
    ((Get-Content "$Path.pub") -split ' ')[0..1] -join ' '
}

function Get-Fingerprint {
    # As a person reads it at the machine itself.
    param([Parameter(Mandatory)] [string] $Path)
    ((ssh-keygen -l -f "$Path.pub") -split ' ')[1]
}

function Open-Sshd {
    # Starts it. Its folder has the key that may log in, the home of who does, and bin, where stand-ins are laid.
    param([hashtable] $Program = @{}, [switch] $Systemd)
    $folder = New-Folder
    $null = New-Item "$folder/bin", "$folder/home/.ssh" -ItemType Directory
    foreach ($name in $Program.Keys) {
        Set-Content "$folder/bin/$name" "#!/bin/sh`n$($Program[$name] -replace '\r')"
        chmod +x "$folder/bin/$name"
    }
    $sshd = [pscustomobject]@{ Folder = $folder; Home = "$folder/home"; Port = 0; HostKey = New-KeyPair "$folder/host_key"; Key = "$folder/login_key"; Process = $null }
    $null = New-KeyPair $sshd.Key
    Copy-Item "$($sshd.Key).pub" "$folder/authorized_keys"
    # Run by root, sshd insists on this folder.
    if ([Environment]::UserName -eq 'root') { $null = New-Item /run/sshd -ItemType Directory -Force }
    for ($try = 1; $null -eq $sshd.Process; $try++) {
        $sshd.Port = Get-FreePort
        Write-SshdConfig $sshd
        try {
            Start-Sshd $sshd -Systemd:$Systemd
        } catch {
            # Taken since the look: another one.
            if ($try -eq 5 -or "$_" -notmatch 'Address already in use|Cannot bind any address') { throw }
            $sshd.Process.Dispose()
            $sshd.Process = $null
        }
    }
    $sshd
}

function Write-SshdConfig {
    # With whom it lets in, and what they find there.
    param([Parameter(Mandatory)] $Sshd)
    $folder = $Sshd.Folder
    Set-Content "$folder/sshd_config" @"
Port $($Sshd.Port)
ListenAddress 127.0.0.1
HostKey $folder/host_key
AuthorizedKeysFile $folder/authorized_keys $folder/home/.ssh/authorized_keys
PidFile none
StrictModes no
UsePAM no
PasswordAuthentication no
MaxStartups 100
SetEnv HOME=$folder/home PATH=$folder/bin:/usr/local/bin:/usr/bin:/bin
"@
    # From 9.8 on sshd shuts out for a while whoever has often knocked without logging in, as these tests do. An older one does not know the word.
    & /usr/sbin/sshd -t -f "$folder/sshd_config" -o PerSourcePenalties=no 2>$null
    if ($LASTEXITCODE -eq 0) { Add-Content "$folder/sshd_config" 'PerSourcePenalties no' }
}

function Start-Sshd {
    [Diagnostics.CodeAnalysis.SuppressMessageAttribute('PSUseShouldProcessForStateChangingFunctions', '', Justification = 'Starts a process of a test.')]
    param([Parameter(Mandatory)] $Sshd, [switch] $Systemd)
    $words = @('/usr/sbin/sshd', '-D', '-E', "$($Sshd.Folder)/log", '-f', "$($Sshd.Folder)/sshd_config")
    # What systemd is known by is a folder; it is laid where nobody else sees it.
    if ($Systemd) { $words = @('unshare', '--mount', 'sh', '-c', 'mount -t tmpfs none /run && mkdir -p /run/sshd /run/systemd/system && exec "$@"', 'sh') + $words }
    $start = [Diagnostics.ProcessStartInfo]::new($words[0], [string[]] $words[1..($words.Count - 1)])
    $start.RedirectStandardInput = $start.RedirectStandardOutput = $start.RedirectStandardError = $true
    $Sshd.Process = [Diagnostics.Process]::Start($start)
    Wait-Until { $Sshd.Process.HasExited -or (Test-Connection 127.0.0.1 -TcpPort $Sshd.Port -Quiet) }
    if ($Sshd.Process.HasExited) { throw "sshd does not run here: $($Sshd.Process.StandardError.ReadToEnd()) $(Get-Content "$($Sshd.Folder)/log" -Tail 1 -ErrorAction Ignore)" }
}

function Stop-Sshd {
    # Ends it, with those who are logged in.
    [Diagnostics.CodeAnalysis.SuppressMessageAttribute('PSUseShouldProcessForStateChangingFunctions', '', Justification = 'Ends a process of a test.')]
    param([Parameter(Mandatory)] $Sshd)
    if (-not $Sshd.Process.HasExited) {
        $Sshd.Process.Kill($true)
        $Sshd.Process.WaitForExit()
    }
    $Sshd.Process.Dispose()
}

function Close-Sshd {
    # Closes what we have open, ends sshd and removes its files.
    param([AllowNull()] $Sshd)
    Disconnect-Hl
    if ($null -eq $Sshd) { return }
    Stop-Sshd $Sshd
    Remove-Item $Sshd.Folder -Recurse -Force
}

function New-HostLab {
    # A lab file in the folder of an sshd, whose host dev is that one. With what it pins, unless that is for the test to find out; and lines of the test's own.
    [Diagnostics.CodeAnalysis.SuppressMessageAttribute('PSUseShouldProcessForStateChangingFunctions', '', Justification = 'Writes a lab file in a temporary folder for a test.')]
    param([Parameter(Mandatory)] $Sshd, [string] $Hosts = '', [string] $Lines = '', [string] $Key = $Sshd.Key, [switch] $Unpinned)
    $folder = "$($Sshd.Folder)/$([guid]::NewGuid().ToString('n').Substring(0, 8))"
    $null = New-Item $folder -ItemType Directory
    $pin = if ($Unpinned) { '' } else { ", hostKey: `"$($Sshd.HostKey)`"" }
    Set-Content "$folder/homelab.yaml" @"
apiVersion: homelab/v1
kind: Lab
metadata: { name: hosts }
hosts:
  dev: { address: 127.0.0.1, tags: [ edge ], ssh: { user: $([Environment]::UserName), port: $($Sshd.Port), key: "file:$Key"$pin } }
$Hosts
$Lines
"@
    "$folder/homelab.yaml"
}
