# Against a real Docker Engine of our own in a temporary folder, with one image made from busybox: nothing of the machine's own engine is touched.
BeforeAll {
    . "$PSScriptRoot/Common.ps1"

    function Get-Obstacle {
        # Why no engine can be had here; nothing when it can.
        if (-not $IsLinux) { return 'dockerd runs on Linux only' }
        if ([Environment]::UserName -ne 'root') { return 'dockerd needs root' }
        if (-not (Test-Path /bin/busybox)) { return 'busybox is not installed: apt-get install busybox-static' }
        foreach ($program in 'dockerd', 'docker') {
            if (-not (Get-Command $program -CommandType Application -ErrorAction Ignore)) { return "$program is not installed: apt-get install docker.io" }
        }
    }

    function Open-Dockerd {
        # Starts the engine and returns once it answers, or has ended: then with what it said last.
        $start = [Diagnostics.ProcessStartInfo]::new('dockerd', [string[]] (
                '--data-root', "$folder/root", '--exec-root', "$folder/exec", '--pidfile', "$folder/pid", '--iptables=false', '--ip6tables=false',
                '--ip-forward=false', '--bridge=none', '--storage-driver=vfs', '--host', "unix://$folder/docker.sock"))
        $start.RedirectStandardError = $start.RedirectStandardOutput = $true
        $script:dockerd = [Diagnostics.Process]::Start($start)
        $script:said = $dockerd.StandardError.ReadToEndAsync()
        $null = $dockerd.StandardOutput.ReadToEndAsync()
        Wait-Until { $dockerd.HasExited -or $(docker --host "unix://$folder/docker.sock" version *> $null; $LASTEXITCODE -eq 0) }
        if ($dockerd.HasExited) { "dockerd does not run here: $(($said.Result -split '\n').Where{ $_ }[-1])" }
    }

    $script:docker = {
        $output = docker --host "unix://$folder/docker.sock" @args 2>&1
        if ($LASTEXITCODE -ne 0) { throw "docker $args`: $output" }
        $output
    }

    function Import-Busybox {
        $rootfs = New-Item "$folder/rootfs/bin" -ItemType Directory
        Copy-Item /bin/busybox "$rootfs/busybox"
        foreach ($applet in 'sh', 'sleep', 'echo', 'cat', 'test', 'touch', 'rm', 'kill', 'true', 'false') { $null = New-Item "$rootfs/$applet" -ItemType SymbolicLink -Target busybox }
        $null = New-Item "$folder/rootfs/tmp" -ItemType Directory
        tar -C "$folder/rootfs" -cf "$folder/rootfs.tar" .
        $null = & $docker import -c 'CMD ["/bin/sh"]' -c 'ENV PATH=/bin' "$folder/rootfs.tar" bb:1
    }

    $script:folder = New-Folder
    $script:missing = Get-Obstacle
    if (-not $missing) { $script:missing = Open-Dockerd }
    if ($missing) {
        if ('dockerd' -in ("$env:HOMELAB_REQUIRE_PEERS" -split ' ')) { throw "dockerd was installed for these tests and cannot be used: $missing." }
        return
    }

    Import-Busybox
    $loop = 'trap "exit 0" TERM; echo ready; echo trouble >&2; while :; do sleep 1 & wait $!; done'
    $null = & $docker run -d --name web --network none --label tier=front --health-cmd 'test ! -e /tmp/sick' --health-interval 500ms bb:1 sh -c $loop
    $null = & $docker run -d --name plain --network none bb:1 sh -c $loop
    $null = & $docker run -d --name ended --network none bb:1 sh -c 'exit 7'
    Set-Content "$folder/homelab.yaml" @"
apiVersion: homelab/v1
kind: Lab
metadata: { name: real }
hosts:
  here: { docker: "unix://$folder/docker.sock" }
policy:
  commands:
    - { name: say, run: [ sh, -c, "echo out; echo err >&2; exit 3" ], on: [ "container:web@here" ], reads: true }
"@
    $null = Connect-Hl "$folder/homelab.yaml"
    Wait-Until { (Get-HlContainer web).Health -eq 'Healthy' -and (Get-HlContainer ended).State -eq 'Exited' }
}

AfterAll {
    Disconnect-Hl
    if ($dockerd) {
        if (-not $dockerd.HasExited) {
            & $docker ps -aq | ForEach-Object { & $docker rm -f $_ } | Out-Null
            # SIGTERM: it takes its containerd with it and unmounts what it mounted.
            kill -TERM $dockerd.Id
            if (-not $dockerd.WaitForExit(240000)) { $dockerd.Kill($true) }
        }
        $dockerd.Dispose()
    }
    Remove-Item $folder -Recurse -Force
}

Describe 'The container cmdlets and a real Docker Engine' {
    BeforeEach {
        if ($missing) { Set-ItResult -Skipped -Because $missing }
    }

    It 'list its containers' {
        $all = Get-HlContainer | Sort-Object Name
        $all.Name | Should -Be 'ended', 'plain', 'web'
        $all.State | Should -Be 'Exited', 'Running', 'Running'
        (Get-HlContainer -Label tier=front).Name | Should -Be 'web'
    }

    It 'show one in detail' {
        (Get-HlContainer -State Exited | Get-HlContainerDetail).ExitCode | Should -Be 7
    }

    It 'read a log with the source of each line, and follow it' {
        Wait-Until { @(Get-HlContainerLog web@here).Count -ge 2 }
        (Get-HlContainerLog web@here | Where-Object Source -eq Error).Text | Should -Be 'trouble'
        (Get-HlContainerLog web@here -Follow | Where-Object Source -eq Output | Select-Object -First 1).Text | Should -Be 'ready'
    }

    It 'measure what runs' {
        $usage = Get-HlContainerUsage web@here
        $usage.MemoryUsed | Should -BeGreaterThan 0
        $usage.Processes | Should -BeGreaterThan 0
        (Get-Caught { Get-HlContainerUsage ended@here }).FullyQualifiedErrorId | Should -BeLike 'ContainerNotRunning,*'
    }

    It 'do nothing under -WhatIf' {
        $before = & $docker inspect -f '{{.State.StartedAt}}' web
        Get-HlContainer web | Restart-HlContainer -WhatIf
        & $docker inspect -f '{{.State.StartedAt}}' web | Should -Be $before
    }

    It 'run in one what the lab file allows, and nothing else' {
        $result = Get-HlContainer web | Invoke-HlContainerCommand -Command sh, -c, 'echo out; echo err >&2; exit 3' -AllowFailure
        $result.Output.Trim() | Should -BeExactly 'out'
        $result.Error.Trim() | Should -BeExactly 'err'
        $result.ExitCode | Should -Be 3
        (Get-Caught { Invoke-HlContainerCommand web@here sh, -c, 'touch /tmp/canary' }).FullyQualifiedErrorId | Should -BeLike 'CommandNotAllowed,*'
        & $docker exec web sh -c 'test ! -e /tmp/canary; echo $?' | Should -Be '0'
    }

    It 'restart one that became unhealthy, and wait until it is healthy' {
        $null = & $docker exec web touch /tmp/sick
        Wait-Until { (Get-HlContainer web).Health -eq 'Unhealthy' }
        (Test-HlContainer web).IsUp | Should -BeFalse
        $null = & $docker exec web rm /tmp/sick
        $before = & $docker inspect -f '{{.State.StartedAt}}' web
        Wait-Until { @(Get-HlContainerLog web@here).Count -ge 2 }
        $lines = @(Get-HlContainerLog web@here).Count
        (Restart-HlContainer web@here -Grace 5s -Timeout 5m -PassThru).Health | Should -Be 'Healthy'
        & $docker inspect -f '{{.State.StartedAt}}' web | Should -Not -Be $before
        # Both that it says at its start: nothing comes after these.
        Wait-Until { @(Get-HlContainerLog web@here).Count -ge $lines + 2 }
    }

    It 'stop and start one, and take both twice' {
        foreach ($time in 1..2) { (Stop-HlContainer plain -Grace 2s -PassThru).State | Should -Be 'Exited' }
        & $docker inspect -f '{{.State.Running}}' plain | Should -Be 'false'
        foreach ($time in 1..2) { (Start-HlContainer plain -PassThru).State | Should -Be 'Running' }
        & $docker inspect -f '{{.State.Running}}' plain | Should -Be 'true'
    }

    It 'limit one while it runs, and make it anew' {
        $id = & $docker inspect -f '{{.Id}}' plain
        $limits = Set-HlContainer plain@here -RestartPolicy OnFailure -RestartLimit 2 -PassThru
        "$($limits.RestartPolicy) $($limits.RestartLimit)" | Should -Be 'on-failure 2'
        & $docker inspect -f '{{.HostConfig.RestartPolicy.Name}} {{.HostConfig.RestartPolicy.MaximumRetryCount}} {{.Id}}' plain | Should -Be "on-failure 2 $id"
        (Reset-HlContainer plain@here -Grace 2s -Settle 0s -PassThru).Id | Should -Not -Be $id
        & $docker inspect -f '{{.HostConfig.RestartPolicy.Name}} {{.State.Running}}' plain | Should -Be 'on-failure true'
    }

    It 'cut a log, which goes on afterwards' {
        Wait-Until { @(Get-HlContainerLog web@here).Count -ge 2 }
        $cut = Get-HlContainer web | Clear-HlContainerLog -PassThru
        $cut | Should -BeOfType ([Homelab.ContainerLogCut])
        $cut.SizeBefore | Should -BeGreaterThan 0
        $cut.Freed | Should -BeGreaterThan 0
        Get-HlContainerLog web@here | Should -BeNullOrEmpty
        Restart-HlContainer web@here -Grace 5s -Timeout 5m
        Wait-Until { @(Get-HlContainerLog web@here).Count -ge 2 }
    }

    It 'count what images take, and delete those that nobody uses' {
        $unnamed = & $docker import -c 'CMD ["/bin/true"]' "$folder/rootfs.tar"
        # With a layer of its own, so that something is freed.
        $null = New-Item "$folder/more" -ItemType Directory
        [IO.File]::WriteAllBytes("$folder/more/file", [byte[]]::new(1MB))
        tar -C "$folder/more" -cf "$folder/more.tar" .
        $null = & $docker import "$folder/more.tar" unused:1
        $before = Get-HlDockerSpace here | Where-Object Kind -EQ Images
        $before.Count | Should -Be 3
        $before.InUse | Should -Be 1
        $before.Reclaimable | Should -BeGreaterThan 0
        (Clear-HlImage here -PassThru).Deleted | Should -Contain $unnamed
        (& $docker images --format '{{.Repository}}:{{.Tag}}') | Sort-Object | Should -Be 'bb:1', 'unused:1'
        $cleared = Get-HlDockerSpace here | Select-Object -First 1 | Clear-HlImage -All -PassThru
        $cleared.Deleted | Should -Contain 'unused:1'
        $cleared.Freed | Should -BeGreaterOrEqual 1MB
        & $docker images --format '{{.Repository}}:{{.Tag}}' | Should -Be 'bb:1'
    }

    It 'tell what happens as it happens' {
        $session = Open-Session
        try {
            $null = Invoke-InSession $session { param($file) Connect-Hl $file } "$folder/homelab.yaml"
            $watching = Start-InSession $session { Watch-HlContainer plain | Where-Object Action -eq die | Select-Object -First 1 }
            # Until the engine is asked for its events nothing is told: it is killed again and again.
            Wait-Until {
                if (-not $watching.IsCompleted) {
                    $null = & $docker start plain
                    $null = & $docker kill plain
                }
                $watching.IsCompleted
            }
            $happened = $session.EndInvoke($watching)
            $happened.ExitCode | Should -Be 137
            "$happened" | Should -Be 'plain@here die'
        } finally {
            Close-Session $session
        }
    }

    It 'say what is not there' {
        $caught = Get-Caught { Restart-HlContainer nosuch }
        $caught.FullyQualifiedErrorId | Should -Be 'ContainerNotFound,Homelab.PowerShell.RestartHlContainerCommand'
        $caught.TargetObject | Should -Be 'nosuch'
    }
}
