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
    $script:shown = $at.LocalDateTime.ToString('yyyy-MM-dd HH:mm:ss')
}

AfterAll {
    # Null when there was no module to test.
    if ($null -ne $rendering) { $PSStyle.OutputRendering = $rendering }
}

Describe 'What a monitor does and has seen' {
    It 'is a row that says whether it looks, and whether that was changed' {
        $table = Show-Table ([Homelab.MonitorActivity]@{ Name = 'Gitea'; Id = '3'; Type = 'http'; Active = $false; Changed = $true })
        $table[0] | Should -Match '^Name +Active +Changed +Type +Id$'
        $table[2] | Should -Match '^Gitea +no +True +http +3$'
    }

    It 'is a row for each look' {
        $beat = [Homelab.MonitorBeat]@{ Monitor = 'Gitea'; At = $at; Status = 'Down'; Message = 'connect ECONNREFUSED'; IsChange = $true }
        $table = Show-Table $beat
        $table[0] | Should -Match '^At +Monitor +Status +Response +Message$'
        $table[2] | Should -Match "^$shown Gitea +Down +connect ECONNREFUSED$"
        Show-List $beat | Should -Contain 'IsChange     : True'
    }

    It 'has maintenances and notices that are rows' {
        (Show-Table ([Homelab.MonitorMaintenance]@{ Id = '7'; Title = 'Patch day'; Monitors = [string[]] ('Gitea', 'Redis'); From = $at; Until = $at }))[2] | Should -Match "^Patch day +$shown +$shown +Gitea, Redis$"
        $notice = [Homelab.StatusIncident]@{ Id = '1'; Page = 'home'; Title = 'Mail is down'; Content = "We are`non it."; Style = 'Danger' }
        (Show-Table $notice) -join "`n" | Should -Match 'Mail is down +home +Danger +We are'
        (Show-List $notice) -join "`n" | Should -Match 'Content +: We are\n +on it\.'
    }
}

Describe 'What was done to a container and its host' {
    It 'is a row with limits as people write them' {
        $table = Show-Table ([Homelab.ContainerLimits]@{ Name = 'gitea'; Host = 'dev'; Id = 'a'; MemoryLimit = 1GB; CpuLimit = 1.5; RestartPolicy = 'always' })
        $table[0] | Should -Match '^Name +Host +Memory +Cpu +Restart$'
        $table[2] | Should -Match '^gitea +dev +1 GiB +1\.5 always$'
    }

    It 'is a row with what was freed' {
        (Show-Table ([Homelab.ContainerLogCut]@{ Name = 'gitea'; Host = 'dev'; Id = 'a'; Path = '/log'; SizeBefore = 3GB; SizeAfter = 1MB }))[2] | Should -Match '^gitea +dev +3 GiB +1 MiB +3 GiB$'
        (Show-Table ([Homelab.ImageCleanup]@{ Host = 'dev'; Deleted = [string[]] ('old:1', 'old:2'); SizeBefore = 3GB; SizeAfter = 1GB }))[2] | Should -Match '^dev +2 GiB +3 GiB +1 GiB old:1, old:2$'
    }
}

Describe 'What people were told' {
    It 'is a row that says where it waits' {
        (Show-Table ([Homelab.Notification]@{ Id = 'a'; Text = 'Hello'; SentOn = [string[]] @(); WaitsFor = [string[]] 'telegram'; At = $at }))[2] | Should -Match "^$shown +telegram +Hello$"
    }
}

Describe 'Text of a monitoring system' {
    It 'commands no terminal' {
        # A window's title, a cleared screen, and the eight-bit form of an escape.
        $evil = "a$([char]27)]0;owned$([char]7)$([char]27)[2J$([char]0x9b)31mb`r`nc$([char]0x202e)"
        $labels = [Collections.Generic.Dictionary[string, string]]::new()
        $labels[$evil] = $evil
        $hostile = @(
            [Homelab.MonitorActivity]@{ Name = $evil; Id = '1'; Type = $evil; Active = $true; Changed = $true }
            [Homelab.MonitorBeat]@{ Monitor = $evil; At = $at; Status = 'Up'; Message = $evil }
            [Homelab.MonitorMaintenance]@{ Id = '1'; Title = $evil; Monitors = [string[]] $evil; From = $at; Until = $at }
            [Homelab.StatusIncident]@{ Id = '1'; Page = $evil; Title = $evil; Content = $evil; Style = 'Info' }
            [Homelab.Silence]@{ Id = $evil; State = 'Active'; Matchers = [string[]] $evil; StartsAt = $at; EndsAt = $at; CreatedBy = $evil; Comment = $evil }
            [Homelab.MetricReading]@{ Name = $evil; Value = 1; At = $at; Labels = $labels }
            [Homelab.PrometheusAlert]@{ Name = $evil; State = 'Firing'; Since = $at; Severity = $evil; Summary = $evil; Labels = $labels; Annotations = $labels }
            [Homelab.NetdataAlarm]@{ Name = $evil; Chart = $evil; Status = 'Warning'; Value = $evil; Info = $evil; Host = $evil; Family = $evil; Class = $evil }
            [Homelab.CloudflareToken]@{ Valid = $false; Status = 'Refused'; Reason = $evil; Id = $evil }
            [Homelab.HealingState]@{ Lab = $evil; IsSuspended = $true; By = $evil; Reason = $evil }
            [Homelab.HealingForecast]@{ Service = $evil; OpenedAt = $at; Status = 'Down'; Source = $evil; Message = $evil; Runbook = $evil; Outcome = 'Escalated'; Why = $evil; ClosedAt = $at; HeldBack = [string[]] $evil }
            [Homelab.Notification]@{ Id = 'a'; Text = $evil; SentOn = [string[]] $evil; WaitsFor = [string[]] $evil; At = $at }
            [Homelab.ImageCleanup]@{ Host = $evil; Deleted = [string[]] $evil; SizeBefore = 1; SizeAfter = 0 }
            [Homelab.ContainerLogCut]@{ Name = $evil; Host = 'dev'; Id = $evil; Path = $evil; SizeBefore = 1; SizeAfter = 0 }
            [Homelab.ContainerLimits]@{ Name = $evil; Host = 'dev'; Id = $evil; MemoryLimit = 1; CpuLimit = 1; RestartPolicy = $evil; Warning = $evil }
            [Homelab.DockerSpace]@{ Host = $evil; Kind = 'Images'; Count = 1; InUse = 1; Size = 1; Reclaimable = 1 }
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
