BeforeAll {
    . "$PSScriptRoot/Common.ps1"

    function Show-Table {
        # What a person with a wide window sees, line by line without what lines end with.
        param([Parameter(Mandatory)] [object[]] $InputObject)
        ($InputObject | Format-Table | Out-String -Width 160) -split '\r?\n' | ForEach-Object TrimEnd | Where-Object { $_ }
    }

    function Show-List {
        param([Parameter(Mandatory)] [object[]] $InputObject)
        ($InputObject | Format-List | Out-String -Width 160) -split '\r?\n' | ForEach-Object TrimEnd | Where-Object { $_ }
    }

    $script:rendering = $PSStyle.OutputRendering
    $PSStyle.OutputRendering = 'PlainText'
    $script:at = [DateTimeOffset]::new(2026, 5, 1, 12, 0, 0, [TimeSpan]::Zero)
}

AfterAll {
    # Null when there was no module to test.
    if ($null -ne $rendering) { $PSStyle.OutputRendering = $rendering }
}

Describe 'What the command policy makes of a command' {
    BeforeAll {
        $script:reading = [Homelab.CommandReading]@{
            Line = 'docker restart x; id'; Place = 'host:dev'; Face = 'Mcp'; Verdict = 'Deny'; Reason = 'this is no plain command'; WayOut = 'Ask for one at a time.'
        }
    }

    It 'is a row that begins with the verdict' {
        $shown = Show-Table $reading
        $shown[0] | Should -Match '^Verdict +Place +Line +Reason$'
        $shown[2] | Should -Match '^Deny +host:dev +docker restart x; id +this is no plain command$'
    }

    It 'is a list of everything' {
        $shown = Show-List $reading
        $shown | Should -Contain 'WayOut  : Ask for one at a time.'
        $shown | Should -Contain 'Face    : Mcp'
    }
}

Describe 'What a command on a host did' {
    It 'is a row with what it wrote, and a list with all its lines' {
        $result = [Homelab.HostCommandResult]@{ Host = 'dev'; Words = [string[]] ('df', '-h'); Rule = 'seed-df'; ExitCode = 1; Output = "one`ntwo"; Error = 'trouble'; Elapsed = '00:00:01' }
        $shown = Show-Table $result
        $shown[0] | Should -Match '^Host +ExitCode Output +Error$'
        $shown -join "`n" | Should -Match 'dev +1 one[\s\S]*trouble'
        $list = Show-List $result
        $list | Should -Contain 'Rule      : seed-df'
        $list -join "`n" | Should -Match 'Output +: one\n +two'
    }
}

Describe 'A host' {
    It 'is a row that says what somebody should look at' {
        $host1 = [Homelab.HostSystem]@{ Host = 'dev'; Os = 'Debian 13'; Uptime = '3.04:00:00'; Load1 = 0.5; Load5 = 0.25; Load15 = 0.1; Cpus = 2; FailedUnits = 2; RebootPending = $true }
        $shown = Show-Table $host1
        $shown[0] | Should -Match '^Host +Os +Uptime +Load +Notes$'
        $shown[2] | Should -Match '^dev +Debian 13 +3d 4h +0\.50 0\.25 0\.10 +2 failed, reboot pending$'
        Show-List $host1 | Should -Contain 'Host            : dev'
    }

    It 'has disks, memory, processes, mounts and updates that are rows' {
        (Show-Table ([Homelab.HostDisk]@{ Host = 'nas'; Mount = '/'; Size = 10GB; Used = 9.5GB; Fraction = 0.95; InodeFraction = 0.5 }))[2] | Should -Match '^nas +/ +9\.5 GiB of 10 GiB +95\.0% +50\.0%$'
        (Show-Table ([Homelab.RunningProcess]@{ Host = 'nas'; Pid = 7; Name = 'smbd'; Cpu = 0.5; Memory = 1MB }))[2] | Should -Match '^nas +7 smbd +50\.0% +1 MiB$'
        (Show-Table ([Homelab.HostMount]@{ Host = 'nas'; Mount = '/mnt/a b'; Type = 'nfs4'; Source = 'srv:/a'; Server = 'srv'; State = 'Stale'; Problem = 'no answer' })) -join "`n" | Should -Match '/mnt/a b.*Stale: no answer'
        (Show-Table ([Homelab.HostUpdate]@{ Host = 'nas'; Package = 'openssl'; Installed = '3.0.1'; Available = '3.0.2'; Tool = 'apt'; Security = $true }))[2] | Should -Match '^(?=.*nas)(?=.*openssl)(?=.*3\.0\.2)(?=.*yes)'
        (Show-Table ([Homelab.HostMemory]@{ Host = 'nas'; Total = 4GB; Available = 3GB; Used = 1GB; Fraction = 0.25 })) -join "`n" | Should -Match 'nas +1 GiB of 4 GiB'
    }
}

Describe 'A unit' {
    It 'is a row that begins with its name' {
        $shown = Show-Table ([Homelab.HostUnit]@{ Name = 'nginx.service'; Host = 'dev'; State = 'Failed'; SubState = 'failed'; Description = 'A web server'; Since = [DateTimeOffset]::UtcNow.AddHours(-76) })
        $shown[0] | Should -Match '^Name +Host +State +Since +Description$'
        $shown[2] | Should -Match '^nginx\.service +dev +Failed \(failed\) +3d 4h ago +A web server$'
    }

    It 'in detail is a list with its last lines' {
        $unit = [Homelab.HostUnitDetail]@{ Name = 'nginx.service'; Host = 'dev'; State = 'Active'; SubState = 'running'; MainPid = 42; Log = [Homelab.JournalEntry[]] @([Homelab.JournalEntry]@{ Host = 'dev'; At = $at; Message = 'started' }) }
        $list = (Show-List $unit) -join "`n"
        $list | Should -Match 'MainPid +: 42'
        $list | Should -Match "Log +: $($at.LocalDateTime.ToString('yyyy-MM-dd HH:mm:ss')) started"
    }
}

Describe 'The journal' {
    It 'reads like one' {
        $shown = Show-Table ([Homelab.JournalEntry]@{ Host = 'dev'; At = $at; Identifier = 'nginx'; Unit = 'nginx.service'; Priority = 'Error'; Message = "$([char]27)[31mfailed$([char]27)[0m" })
        $shown[-1] | Should -Be "$($at.LocalDateTime.ToString('yyyy-MM-dd HH:mm:ss')) dev          nginx              failed"
    }
}

Describe 'A key' {
    It 'of a host is a row with its fingerprint, and a list that says where it is written' {
        $record = [Homelab.HostKeyRecord]@{ Host = 'dev'; Address = '[10.0.0.1]:2222'; Type = 'ssh-ed25519'; Fingerprint = 'SHA256:abc'; KnownHosts = '/lab/known_hosts'; Line = 3 }
        (Show-Table $record) -join "`n" | Should -Match 'dev[\s\S]*ssh-ed25519[\s\S]*SHA256:abc'
        $list = (Show-List $record) -join "`n"
        $list | Should -Match 'KnownHosts +: /lab/known_hosts'
        $list | Should -Match 'Line +: 3'
    }

    It 'that was made shows the line for the lab file' {
        $key = [Homelab.SshKey]@{ Path = 'keys/dev'; PublicKey = 'ssh-ed25519 AAAA dev'; Fingerprint = 'SHA256:abc'; LabLine = 'key: "file:keys/dev"' }
        (Show-List $key) -join "`n" | Should -Match 'LabLine +: key: "file:keys/dev"'
    }
}

Describe 'The map of the network' {
    It 'is drawn with lines' {
        $map = @(
            [Homelab.NetworkMapEntry]@{ Name = 'proxmox'; Kind = 'Host'; Depth = 0; Address = '10.0.0.1'; Role = 'hypervisor'; Status = 'Up'; Latency = '00:00:00.0012' }
            [Homelab.NetworkMapEntry]@{ Name = 'dev'; Kind = 'Host'; Depth = 1; Parent = 'proxmox'; Lines = "`u{2514}`u{2500} "; Address = '10.0.0.2'; Status = 'Down' }
        )
        $shown = Show-Table $map
        $shown[0] | Should -Match '^Name +Address +Role +Status +Latency$'
        $shown[2] | Should -Match '^proxmox +10\.0\.0\.1 +hypervisor +Up +\S'
        $shown[3] | Should -Match "^`u{2514}`u{2500} dev +10\.0\.0\.2 +Down$"
    }
}

Describe 'Text of a host' {
    It 'commands no terminal' {
        # A window's title, a cleared screen, and the eight-bit form of an escape.
        $evil = "a$([char]27)]0;owned$([char]7)$([char]27)[2J$([char]0x9b)31mb`r`nc$([char]0x202e)"
        $hostile = @(
            [Homelab.HostCommandResult]@{ Host = 'dev'; Words = [string[]] $evil; Rule = 'r'; ExitCode = 0; Output = $evil; Error = $evil }
            [Homelab.ContainerCommandResult]@{ Container = 'gitea@dev'; Command = [string[]] $evil; ExitCode = 0; Output = $evil; Error = $evil }
            [Homelab.ScriptResult]@{ Script = 'a.ps1'; ExitCode = 0; Output = $evil; Error = $evil }
            [Homelab.CommandReading]@{ Line = $evil; Place = 'host:dev'; Face = 'Interactive'; Verdict = 'Deny'; Reason = $evil }
            [Homelab.HostSystem]@{ Host = 'dev'; Os = $evil; HostName = $evil; Kernel = $evil; State = $evil }
            [Homelab.HostDisk]@{ Host = 'dev'; Mount = $evil; Source = $evil }
            [Homelab.HostMount]@{ Host = 'dev'; Mount = $evil; Source = $evil; State = 'Mounted' }
            [Homelab.RunningProcess]@{ Host = 'dev'; Pid = 1; Name = $evil; User = $evil }
            [Homelab.HostUpdate]@{ Host = 'dev'; Package = $evil; Available = $evil; Tool = 'apt' }
            [Homelab.HostUnit]@{ Name = $evil; Host = 'dev'; State = 'Active'; Description = $evil }
            [Homelab.JournalEntry]@{ Host = 'dev'; At = $at; Identifier = $evil; Message = $evil }
            [Homelab.HostReading]@{ Host = $evil; Address = $evil; Status = 'Down'; Sent = 1; Received = 0; Detail = $evil }
            [Homelab.DnsReading]@{ Server = 'x'; Name = $evil; Type = 'TXT'; Status = 'Up'; Detail = $evil; Answers = [string[]] $evil }
        )
        $PSStyle.OutputRendering = 'Ansi'
        try {
            foreach ($one in $hostile) {
                foreach ($show in { $args[0] | Format-Table }, { $args[0] | Format-List }) {
                    # What remains are colours, which are ours and PowerShell's: of the foreign ones no escape is left.
                    $text = (& $show $one | Out-String -Width 200) -replace '\x1b\[[0-9;]*m' -replace '\r?\n'
                    $text | Should -Match 'owned' -Because "$($one.GetType().Name): $show"
                    $text | Should -Not -Match '[\x00-\x1f\x7f-\x9f\u202e]' -Because "$($one.GetType().Name): $show"
                }
            }
        } finally {
            $PSStyle.OutputRendering = 'PlainText'
        }
    }
}
