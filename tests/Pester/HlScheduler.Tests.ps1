BeforeAll {
    . "$PSScriptRoot/Common.ps1"
    $script:lab = Open-Lab
    $file = Copy-LabFile $lab 'name: thinmint' 'name: clocked'
    Set-Content "$(Split-Path $file)/runbooks/look-at-redis.yaml" @'
apiVersion: homelab/v1
kind: Runbook
metadata: { name: look-at-redis, description: Look at redis each second. }
spec:
  level: operate
  trigger: { schedule: { every: 1s, service: redis } }
  throttle: { attempts: 60, per: 1m, cooldown: 0s }
  steps:
    - { id: look, do: docker_check_container, with: { container: "{{ service.container }}" } }
'@
    $null = Connect-Hl $file -ErrorAction Stop
    $script:before = @(Get-ChildProcess).Id
}

AfterAll {
    Close-Lab $lab
}

Describe 'Start-HlScheduler' {
    It 'says first that it is ready, and ends its process when the pipeline has enough' {
        $told = Start-HlScheduler | Select-Object -First 1
        $told | Should -BeOfType ([Homelab.HomelabEvent])
        $told.Event | Should -Be 'ready'
        Get-ChildProcess | Where-Object Id -notin $before | Should -BeNullOrEmpty
    }

    It 'sets off what is due, as the clock, until the pipeline has enough' {
        # It is not set off anew before its last run has ended.
        $told = Start-HlScheduler | Where-Object Event -EQ scheduleFired | Select-Object -First 2
        "$told" | Should -BeLike '*look-at-redis*'
        $looked = (Get-HlAudit docker_check_container -Target *redis@dev).Where{ $_.Trigger -eq 'schedule' }
        $looked | Should -Not -BeNullOrEmpty
        $looked[0].Identity | Should -Be 'look-at-redis'
        (Get-HlSchedule).LastAt | Should -Not -BeNullOrEmpty
        Get-ChildProcess | Where-Object Id -notin $before | Should -BeNullOrEmpty
    }
}
