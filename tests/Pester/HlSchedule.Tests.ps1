BeforeAll {
    . "$PSScriptRoot/Common.ps1"
    $script:lab = Open-Lab
    $file = Copy-LabFile $lab 'name: thinmint' 'name: clocked'
    $runbooks = "$(Split-Path $file)/runbooks"
    Set-Content "$runbooks/look-at-redis.yaml" @'
apiVersion: homelab/v1
kind: Runbook
metadata: { name: look-at-redis, description: Look at redis each minute. }
spec:
  level: operate
  trigger: { schedule: { every: 1m, service: redis } }
  throttle: { attempts: 60, per: 1h, cooldown: 0s }
  steps:
    - { id: look, do: docker_check_container, with: { container: "{{ service.container }}" } }
'@
    Set-Content "$runbooks/look-at-night.yaml" @'
apiVersion: homelab/v1
kind: Runbook
metadata: { name: look-at-night, description: Look at gitea each night. }
spec:
  level: operate
  trigger: { schedule: { cron: "0 3 * * *", timeZone: Europe/Berlin, service: gitea } }
  steps:
    - { id: look, do: docker_check_container, with: { container: "{{ service.container }}" } }
'@
    $null = Connect-Hl $file
}

AfterAll {
    Close-Lab $lab
}

Describe 'Get-HlSchedule' {
    It 'lists what the clock sets off, and when it comes next' {
        $entries = Get-HlSchedule
        $entries | Should -BeOfType ([Homelab.ScheduleEntry])
        $entries.Runbook | Sort-Object | Should -Be 'look-at-night', 'look-at-redis'
    }

    It 'says of one that comes each minute that it comes at the next full one' {
        $entry = Get-HlSchedule | Where-Object Runbook -eq look-at-redis
        $entry.Expression | Should -Be 'every 1m'
        $entry.Service | Should -Be 'redis'
        $entry.NextAt.Second | Should -Be 0
        ($entry.NextAt - [DateTimeOffset]::UtcNow).TotalSeconds | Should -BeLessOrEqual 60
        $entry.LastAt | Should -BeNullOrEmpty
        $entry.LastStatus | Should -BeNullOrEmpty
    }

    It 'reads a cron expression in its time zone' {
        $entry = Get-HlSchedule | Where-Object Runbook -eq look-at-night
        $entry.Expression | Should -Be '0 3 * * *'
        $entry.TimeZone | Should -Be 'Europe/Berlin'
        [TimeZoneInfo]::ConvertTimeBySystemTimeZoneId($entry.NextAt, 'Europe/Berlin').TimeOfDay.TotalHours | Should -Be 3
    }

    It 'asks no machine' {
        $before = Get-RequestCount $lab
        Get-HlSchedule | Out-Null
        Get-RequestCount $lab | Should -Be $before
    }

    It 'lists nothing where no runbook has a schedule' {
        $null = Connect-Hl $lab.File
        Get-HlSchedule -ErrorAction Stop | Should -BeNullOrEmpty
    }
}
