BeforeAll {
    . "$PSScriptRoot/Common.ps1"
    $script:lab = Open-Lab
    $null = Connect-Hl $lab.File

    function Start-HeldTask {
        # A start of the machine that is off, which goes on until it is released or stopped.
        [Diagnostics.CodeAnalysis.SuppressMessageAttribute('PSUseShouldProcessForStateChangingFunctions', '', Justification = 'Begins a task for a test.')]
        param()
        $null = Invoke-Control $lab Post 'tasks/hold?type=qmstart'
        Start-HlVm sandbox -NoWait
    }
}

AfterAll {
    Close-Lab $lab
}

Describe 'A change with -NoWait' {
    AfterEach {
        $null = Invoke-Control $lab Delete tasks/hold
        $null = Get-HlTask -Running | Wait-HlTask
        Stop-HlVm sandbox -TurnOff
    }

    It 'returns the task that does it, and leaves' {
        $task = Start-HeldTask
        $task | Should -BeOfType ([Homelab.ProxmoxTask])
        $task.Upid | Should -BeLike 'UPID:pve2:*:qmstart:110:homelab@pve!lab:'
        $task.Type | Should -Be 'qmstart'
        $task.Subject | Should -Be '110'
        $task.Node | Should -Be 'pve2'
        $task.State | Should -Be 'Running'
        $task.EndedAt | Should -BeNullOrEmpty
        (Get-HlVmStatus sandbox).State | Should -Be 'Stopped'
    }

    It 'returns it once with -PassThru too' {
        $null = Invoke-Control $lab Post 'tasks/hold?type=qmstart'
        $task = @(Start-HlVm sandbox -NoWait -PassThru)
        $task | Should -HaveCount 1
        $task[0] | Should -BeOfType ([Homelab.ProxmoxTask])
    }

    It 'returns nothing where there was nothing to do' {
        Stop-HlVm sandbox -NoWait | Should -BeNullOrEmpty
    }

    It 'says what it would do with -WhatIf, and begins nothing' {
        $null = Invoke-Control $lab Post reset
        Start-HlVm sandbox -NoWait -WhatIf | Should -BeNullOrEmpty
        Get-NodeChange $lab | Should -BeNullOrEmpty
        Get-HlTask -Running | Should -BeNullOrEmpty
    }
}

Describe 'Get-HlTask' {
    BeforeAll {
        Restart-HlVm dev
        Restart-HlVm backup
        $null = Invoke-Control $lab Post 'tasks/fail?type=qmstart&exit=no+space+left'
        Start-HlVm sandbox -ErrorAction SilentlyContinue
        $script:held = Start-HeldTask
    }

    AfterAll {
        $null = Invoke-Control $lab Delete tasks/hold
        $null = $held | Wait-HlTask
        Stop-HlVm sandbox -TurnOff
    }

    It 'lists the tasks of all nodes, the latest first' {
        $all = @(Get-HlTask)
        $all | Should -BeOfType ([Homelab.ProxmoxTask])
        $all[0].StartedAt | Should -BeGreaterOrEqual $all[-1].StartedAt
        $all.Node | Sort-Object -Unique | Should -Be 'pve', 'pve2'
        $all.Upid | Should -Contain $held.Upid
    }

    It 'takes the task <as>' -ForEach @(
        @{ as = 'by position'; call = { Get-HlTask $held.Upid } }
        @{ as = 'by parameter'; call = { Get-HlTask -Task $held.Upid } }
        @{ as = 'from the pipeline'; call = { $held.Upid | Get-HlTask } }
        @{ as = 'as an object'; call = { $held | Get-HlTask } }
        @{ as = 'from a row of a CSV file'; call = { $held | ConvertTo-Csv | ConvertFrom-Csv | Get-HlTask } }
    ) {
        $seen = @(& $call)
        $seen | Should -HaveCount 1
        $seen[0].Upid | Should -Be $held.Upid
        $seen[0].State | Should -Be 'Running'
    }

    It 'filters by <by>' -ForEach @(
        @{ by = 'being at it'; call = { Get-HlTask -Running }; expected = 'qmstart 110' }
        @{ by = 'having failed'; call = { Get-HlTask -Failed }; expected = 'qmstart 110' }
        @{ by = 'guest'; call = { Get-HlTask -Vm dev }; expected = 'qmreboot 100' }
        @{ by = 'VMID, also of a guest that is gone'; call = { Get-HlTask -Vm 4711 }; expected = $null }
        @{ by = 'node'; call = { Get-HlTask -Node pve }; expected = 'qmreboot 100' }
        @{ by = 'type'; call = { Get-HlTask -Type vzreboot }; expected = 'vzreboot 111' }
        @{ by = 'a pattern of types'; call = { Get-HlTask -Type *reboot }; expected = 'qmreboot 100', 'vzreboot 111' }
        @{ by = 'age'; call = { Get-HlTask -Since 1h -Type qmreboot }; expected = 'qmreboot 100' }
        @{ by = 'number'; call = { Get-HlTask -Last 1 -Node pve2 -Running }; expected = 'qmstart 110' }
    ) {
        & $call | ForEach-Object { "$($_.Type) $($_.Subject)" } | Sort-Object | Should -Be $expected
    }

    It 'tells how one failed, with what it wrote' {
        $failed = Get-HlTask -Failed -Log
        $failed.State | Should -Be 'Failed'
        $failed.ExitStatus | Should -Be 'no space left'
        $failed.Log | Should -Contain 'TASK ERROR: no space left'
        $failed.EndedAt | Should -BeGreaterOrEqual $failed.StartedAt
    }

    It 'refuses <what>' -ForEach @(
        @{ what = 'what is no task'; call = { Get-HlTask nosuch }; id = 'CannotConvertArgumentNoMessage'; says = '*is no task: give its UPID*' }
        @{ what = 'two filters that contradict one another'; call = { Get-HlTask -Running -Failed }; id = 'InputInvalid'; says = "*contradicts 'running'*" }
        @{ what = 'a task and a filter'; call = { Get-HlTask $held.Upid -Running }; id = 'PositionalParameterNotFound'; says = '*' }
        @{ what = 'no number'; call = { Get-HlTask -Last 0 }; id = 'InputInvalid'; says = '*from 1 to 1000*' }
        @{ what = 'a guest that is not there'; call = { Get-HlTask -Vm nosuch }; id = 'VmNotFound'; says = '*no guest*' }
    ) {
        $caught = @(Get-Caught $call)
        $caught | Should -HaveCount 1
        $caught[0].FullyQualifiedErrorId | Should -Be "$id,Homelab.PowerShell.Commands.GetHlTaskCommand"
        $caught[0].Exception.Message | Should -BeLike $says
    }

    It 'knows a task that never was by an error: <call>' -ForEach @(
        @{ call = { Get-HlTask $args[0] } }
        @{ call = { Wait-HlTask $args[0] } }
        @{ call = { Stop-HlTask $args[0] } }
    ) {
        $never = 'UPID:pve:000010C4:0006078F:6B00E49D:qmstart:110:root@pam:'
        $caught = @(Get-Caught { & $call $never })
        $caught | Should -HaveCount 1
        $caught[0].FullyQualifiedErrorId | Should -BeLike 'ProxmoxTaskNotFound,Homelab.PowerShell.*'
        $caught[0].CategoryInfo.Category | Should -Be 'ObjectNotFound'
        $caught[0].TargetObject | Should -Be $never
    }
}

Describe 'Wait-HlTask' {
    AfterEach {
        $null = Invoke-Control $lab Delete tasks/hold
        $null = Get-HlTask -Running | Wait-HlTask -AllowFailure
        Stop-HlVm sandbox -TurnOff
    }

    It 'waits for the end and yields it, for <as>' -ForEach @(
        @{ as = 'what a change has left'; call = { $args[0] | Wait-HlTask } }
        @{ as = 'a UPID'; call = { Wait-HlTask $args[0].Upid } }
    ) {
        $task = Start-HlVm sandbox -NoWait -ErrorAction Stop
        (& $call $task).State | Should -Be 'Succeeded'
        (Get-HlTask $task.Upid).ExitStatus | Should -Be 'OK'
        (Get-HlVmStatus sandbox).State | Should -Be 'Running'
    }

    It 'waits for what runs' {
        $task = Start-HeldTask
        # Released once it is listed.
        $ended = Get-HlTask -Running | ForEach-Object { $null = Invoke-Control $lab Delete tasks/hold; $_ } | Wait-HlTask
        $ended.State | Should -Be 'Succeeded'
        $ended.Upid | Should -Be $task.Upid
        (Get-HlVmStatus sandbox).State | Should -Be 'Running'
    }

    It 'yields one that has ended long ago at once' {
        $task = Start-HlVm sandbox -NoWait -ErrorAction Stop
        $null = Wait-HlTask $task.Upid
        (Wait-HlTask $task.Upid).State | Should -Be 'Succeeded'
    }

    It 'writes an error of one that failed, and goes on with the next' {
        $null = Invoke-Control $lab Post 'tasks/fail?type=qmstart&exit=no+space+left'
        $failing = Start-HlVm sandbox -NoWait
        Restart-HlVm dev
        $good = Get-HlTask -Vm dev -Last 1
        $ended = $failing, $good | Wait-HlTask -ErrorAction SilentlyContinue -ErrorVariable failed
        $ended.Upid | Should -Be $good.Upid
        $failed | Should -HaveCount 1
        $failed[0].FullyQualifiedErrorId | Should -Be 'ProxmoxTaskFailed,Homelab.PowerShell.WaitHlTaskCommand'
        $failed[0].CategoryInfo.Category | Should -Be 'InvalidResult'
        $failed[0].TargetObject | Should -Be $failing.Upid
        $failed[0].Exception.Message | Should -BeLike '*no space left*'
        $seen = $failing | Wait-HlTask -AllowFailure -ErrorAction Stop
        $seen.State | Should -Be 'Failed'
        $seen.Log | Should -Contain 'TASK ERROR: no space left'
    }

    It 'gives up after its time, and leaves the task alone' {
        $task = Start-HeldTask
        $caught = Get-Caught { $task | Wait-HlTask -Timeout 1s }
        $caught.FullyQualifiedErrorId | Should -Be 'ProxmoxTaskTimeout,Homelab.PowerShell.WaitHlTaskCommand'
        $caught.CategoryInfo.Category | Should -Be 'OperationTimeout'
        $caught.TargetObject | Should -Be $task.Upid
        (Get-HlTask $task.Upid).State | Should -Be 'Running'
    }

    It 'changes nothing' {
        $task = Start-HlVm sandbox -NoWait -ErrorAction Stop
        $null = Invoke-Control $lab Post reset
        $null = $task | Wait-HlTask
        Get-NodeChange $lab | Should -BeNullOrEmpty
    }
}

Describe 'Stop-HlTask' {
    BeforeEach {
        $script:task = Start-HeldTask
        $null = Invoke-Control $lab Post reset
    }

    AfterEach {
        $null = Invoke-Control $lab Delete tasks/hold
        $null = Get-HlTask -Running | Wait-HlTask -AllowFailure
        Stop-HlVm sandbox -TurnOff
    }

    It 'ends the task <as>' -ForEach @(
        @{ as = 'by its UPID'; call = { Stop-HlTask $task.Upid } }
        @{ as = 'as an object'; call = { $task | Stop-HlTask } }
        @{ as = 'that runs'; call = { Get-HlTask -Running | Stop-HlTask } }
    ) {
        & $call | Should -BeNullOrEmpty
        Get-NodeChange $lab | Should -Be "DELETE pve2/tasks/$($task.Upid)"
        (Get-HlTask $task.Upid).State | Should -Be 'Failed'
        (Get-HlVmStatus sandbox).State | Should -Be 'Stopped'
    }

    It 'returns it as it ended with -PassThru' {
        $ended = Stop-HlTask $task.Upid -PassThru
        $ended.Upid | Should -Be $task.Upid
        $ended.ExitStatus | Should -Be 'unexpected status'
    }

    It 'ends nothing under -WhatIf' {
        $said = Invoke-Shell "Connect-Hl '$($lab.File)' | Out-Null; Get-HlTask -Running | Stop-HlTask -WhatIf"
        $said.Output | Should -BeExactly "What if: Performing the operation `"Stop task qmstart`" on target `"$($task.Upid)`"."
        Get-NodeChange $lab | Should -BeNullOrEmpty
        (Get-HlTask $task.Upid).State | Should -Be 'Running'
    }

    It 'leaves one that has ended as it is' {
        $null = Invoke-Control $lab Delete tasks/hold
        $null = $task | Wait-HlTask
        (Stop-HlTask $task.Upid -PassThru).State | Should -Be 'Succeeded'
        Get-NodeChange $lab | Should -BeNullOrEmpty
    }
}

# The last of this file: others count the tasks that have failed.
Describe 'A change with -NoWait that is quicker than a look at it' {
    AfterEach {
        $null = Invoke-Control $lab Delete nodes/pve/fault
        Stop-HlVm sandbox -TurnOff
    }

    It 'returns its task all the same, which has ended <how>' -ForEach @(
        @{ how = 'well'; exit = $null; state = 'Succeeded' }
        @{ how = 'and failed'; exit = 'no+space+left'; state = 'Failed' }
    ) {
        if ($exit) { $null = Invoke-Control $lab Post "tasks/fail?type=qmstart&exit=$exit" }
        # It takes 20 ms, and the look at it comes after a second.
        $null = Invoke-Control $lab Post 'nodes/pve/fault?kind=slow&delay=1s&times=1&path=/nodes/pve2/tasks/*/status'
        $task = Start-HlVm sandbox -NoWait
        $task | Should -BeOfType ([Homelab.ProxmoxTask])
        $task.State | Should -Be $state
        ($task | Wait-HlTask -AllowFailure).Upid | Should -Be $task.Upid
    }
}
