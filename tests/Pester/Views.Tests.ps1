BeforeAll {
    . "$PSScriptRoot/Common.ps1"

    function Show-Table {
        # What a person with a wide window sees, line by line without what lines end with.
        param([Parameter(Mandatory)] [object[]] $InputObject, [int] $Width = 160)
        ($InputObject | Format-Table | Out-String -Width $Width) -split '\r?\n' | ForEach-Object TrimEnd | Where-Object { $_ }
    }

    function Show-List {
        param([Parameter(Mandatory)] [object[]] $InputObject)
        ($InputObject | Format-List | Out-String -Width 160) -split '\r?\n' | ForEach-Object TrimEnd | Where-Object { $_ }
    }

    $script:rendering = $PSStyle.OutputRendering
    $PSStyle.OutputRendering = 'PlainText'
    $script:detail = [Homelab.ContainerDetail]@{
        Name = 'gitea'; Host = 'dev'; Id = 'a' * 64; Image = 'gitea:1'; State = 'Running'; Health = 'Unhealthy'; Status = 'Up 2 hours (unhealthy)'
        StartedAt = [DateTimeOffset]::UtcNow.AddHours(-76); FinishedAt = [DateTimeOffset]::MinValue; MemoryLimit = 512MB; Ports = [string[]] ('80/tcp', '22/tcp')
    }
}

AfterAll {
    # Null when there was no module to test.
    if ($null -ne $rendering) { $PSStyle.OutputRendering = $rendering }
}

Describe 'A container' {
    It 'is a row with its name first' {
        $container = [Homelab.Container]@{ Name = 'gitea'; Host = 'dev'; Id = 'a' * 64; Image = 'gitea:1'; State = 'Exited'; Health = 'None'; Status = 'Exited (137) 3 minutes ago' }
        $shown = Show-Table $container
        $shown[0] | Should -Match '^Name +Host +State +Status +Image$'
        $shown[2] | Should -Match '^gitea +dev +Exited +Exited \(137\) 3 minutes ago +gitea:1$'
    }

    It 'in detail is a row that says since when and why' {
        $shown = Show-Table $detail
        $shown[0] | Should -Match '^Name +Host +State +Since Reason$'
        $shown[2] | Should -Match '^gitea +dev +Running +3d 4h ago running, but unhealthy$'
    }

    It 'is a list of everything, exactly' {
        $shown = Show-List $detail
        $shown | Should -Contain "StartedAt     : $($detail.StartedAt.ToString('O'))"
        $shown | Should -Contain 'FinishedAt    : never'
        $shown | Should -Contain 'MemoryLimit   : 512 MiB'
        $shown | Should -Contain 'Ports         : 80/tcp, 22/tcp'
    }

    It 'is called by its name and host in a text' {
        "$detail" | Should -Be 'gitea@dev'
        $shown = Show-Table ([Homelab.ContainerCheck]::Of($detail))
        $shown[2] | Should -Match '^gitea@dev +no +running, but unhealthy$'
    }
}

Describe 'A log' {
    BeforeAll {
        $script:at = [DateTimeOffset]::new(2026, 5, 1, 12, 0, 0, [TimeSpan]::Zero)
        $script:lines = @(
            [Homelab.ContainerLogLine]@{ Container = 'gitea'; Host = 'dev'; At = $at; Source = 'Output'; Text = 'started' }
            [Homelab.ContainerLogLine]@{ Container = 'gitea'; Host = 'dev'; At = $at.AddSeconds(1); Source = 'Error'; Text = "$([char]27)[31mfailed$([char]27)[0m" }
            [Homelab.ContainerLogLine]@{ Container = 'gitea'; Host = 'dev'; At = $at.AddSeconds(1); Source = 'Error'; Text = "`tat Main()" }
        )
    }

    It 'reads like one' {
        Show-Table $lines | Should -Be @(
            '   Container: gitea@dev'
            "$($at.LocalDateTime.ToString('yyyy-MM-dd HH:mm:ss')) out started"
            "$($at.AddSeconds(1).LocalDateTime.ToString('yyyy-MM-dd HH:mm:ss')) err failed"
            "$($at.AddSeconds(1).LocalDateTime.ToString('yyyy-MM-dd HH:mm:ss')) err     at Main()"
        )
    }

    It 'shows a long line whole' {
        $long = [Homelab.ContainerLogLine]@{ Container = 'gitea'; Host = 'dev'; At = $at; Source = 'Output'; Text = 'word ' * 60 + 'end' }
        (Show-Table $long -Width 80) -join ' ' | Should -Match 'end$'
    }
}

Describe 'A text from outside' {
    It 'commands no terminal as <as>' -ForEach @(
        @{ as = 'a table'; show = { $args[0] | Format-Table } }
        @{ as = 'a list'; show = { $args[0] | Format-List } }
        @{ as = 'what is shown by itself'; show = { $args[0] } }
    ) {
        # A window's title, a cleared screen, a hidden line, and the eight-bit form of an escape.
        $evil = "a$([char]27)]0;owned$([char]7)$([char]27)[2J$([char]0x9b)31mb`r`nc$([char]0x202e)"
        $hostile = @(
            [Homelab.ContainerLogLine]@{ Container = $evil; Host = $evil; Source = 'Error'; Text = $evil }
            [Homelab.ContainerDetail]@{ Name = $evil; Host = $evil; Id = $evil; Image = $evil; State = 'Exited'; Health = 'None'; Error = $evil; HealthOutput = $evil }
            [Homelab.ContainerEvent]@{ Container = $evil; Host = $evil; Id = $evil; Action = $evil; At = [DateTimeOffset]::UtcNow; UnixNanoseconds = 0; Image = $evil }
            [Homelab.ProbeResult]@{ Name = $evil; Kind = $evil; Address = $evil; Status = 'Unknown'; Detail = $evil }
            [Homelab.MonitorReading]@{ Id = $evil; Name = $evil; Status = 'Down'; Type = $evil }
            [Homelab.AuditEntry]@{ Time = [DateTimeOffset]::UtcNow; Kind = 'Denied'; Operation = $evil; Target = $evil; Trigger = $evil; Identity = $evil; Error = $evil }
        )
        $PSStyle.OutputRendering = 'Ansi'
        try {
            foreach ($one in $hostile) {
                # What remains are colours, which are ours and PowerShell's: of the foreign ones no escape is left.
                $text = (& $show $one | Out-String -Width 200) -replace '\x1b\[[0-9;]*m' -replace '\r?\n'
                $text | Should -Match 'owned' -Because $one.GetType().Name
                $text | Should -Not -Match '[\x00-\x1f\x7f-\x9f\u202e]' -Because $one.GetType().Name
            }
        } finally {
            $PSStyle.OutputRendering = 'PlainText'
        }
    }
}

Describe 'A state' {
    It 'has its colour where colours are shown, and only there' {
        $probe = [Homelab.ProbeResult]@{ Name = 'gitea'; Kind = 'http'; Address = 'x'; Status = 'Unknown'; Detail = 'no answer' }
        try {
            $PSStyle.OutputRendering = 'Ansi'
            $probe | Format-Table | Out-String | Should -Match "$([char]27)\[31mUnknown$([char]27)\[0m"
        } finally {
            $PSStyle.OutputRendering = 'PlainText'
        }
        $probe | Format-Table | Out-String | Should -Not -Match ([char]27)
    }
}

Describe 'Every record' {
    It 'is shown in columns none of which fails' {
        # PowerShell shows a column that fails as empty; here it is asked for the reason.
        $files = Get-ChildItem "$moduleFolder/*.Format.ps1xml"
        $files | Should -Not -BeNullOrEmpty
        foreach ($view in $files.ForEach{ ([xml] (Get-Content $_)).Configuration.ViewDefinitions.View }) {
            $type = $view.ViewSelectedBy.TypeName -as [type]
            $type | Should -Not -BeNullOrEmpty -Because $view.Name
            # All of its members have the value of nothing; what a view makes of them must be no error.
            $empty = [Runtime.CompilerServices.RuntimeHelpers]::GetUninitializedObject($type)
            foreach ($property in $type.GetProperties().Where{ $_.PropertyType -eq [string] -and $_.SetMethod }) { $property.SetValue($empty, 'x') }
            foreach ($script in $view.SelectNodes('.//ScriptBlock').InnerText.Where{ $_ -match 'Cell\]::' }) {
                { $empty | ForEach-Object ([scriptblock]::Create($script)) } | Should -Not -Throw -Because "$($view.Name): $script"
            }
        }
    }
}
