BeforeAll {
    . "$PSScriptRoot/Common.ps1"
    $script:lab = Open-Lab
    $null = Connect-Hl $lab.File

    function Set-GuestState {
        # Brings the machine that is tried out into a state, whatever the last test did to it.
        [Diagnostics.CodeAnalysis.SuppressMessageAttribute('PSUseShouldProcessForStateChangingFunctions', '', Justification = 'Prepares a guest for a test.')]
        param([Parameter(Mandatory)] [string] $State)
        $now = Get-HlVmStatus sandbox
        if ($now.State -eq 'Paused' -and $State -ne 'Paused') { Resume-HlVm sandbox; $now = Get-HlVmStatus sandbox }
        if ($now.State -ne 'Stopped' -and $State -eq 'Stopped') { Stop-HlVm sandbox -TurnOff }
        if ($now.State -eq 'Stopped' -and $State -ne 'Stopped') { Start-HlVm sandbox }
        if ($State -eq 'Paused') { Suspend-HlVm sandbox }
        $null = Invoke-Control $lab Post reset
    }
}

AfterAll {
    Close-Lab $lab
}

BeforeDiscovery {
    # Three of them take all of these; that the others are made by the same generator is shown by some.
    $script:forms = @(
        @{ as = 'by position'; call = { & $cmdlet sandbox } }
        @{ as = 'by parameter'; call = { & $cmdlet -Vm sandbox } }
        @{ as = 'by the name that other modules use'; call = { & $cmdlet -Name sandbox } }
        @{ as = 'by its VMID as a number'; call = { & $cmdlet 110 } }
        @{ as = 'by its VMID as a text'; call = { & $cmdlet '110' } }
        @{ as = 'on its node'; call = { & $cmdlet pve2/sandbox } }
        @{ as = 'as it is shown'; call = { & $cmdlet 'pve2/110 (sandbox)' } }
        @{ as = 'as text from the pipeline'; call = { 'sandbox' | & $cmdlet } }
        @{ as = 'as a number from the pipeline'; call = { 110 | & $cmdlet } }
        @{ as = 'as an object'; call = { Get-HlVm sandbox | & $cmdlet } }
        @{ as = 'in detail'; call = { Get-HlVmStatus sandbox | & $cmdlet } }
        @{ as = 'from its configuration'; call = { Get-HlVmConfig sandbox | & $cmdlet } }
        @{ as = 'from a row with a name and a node'; call = { [pscustomobject]@{ Name = 'sandbox'; Node = 'pve2' } | & $cmdlet } }
        @{ as = 'from a row with a VMID'; call = { [pscustomobject]@{ Id = 110 } | & $cmdlet } }
        @{ as = 'from a row with a guest'; call = { [pscustomobject]@{ Vm = 'sandbox' } | & $cmdlet } }
        @{ as = 'from a row of a CSV file'; call = { Get-HlVm sandbox | ConvertTo-Csv | ConvertFrom-Csv | & $cmdlet } }
    )
}

Describe '<verb>-HlVm' -ForEach @(
    @{ verb = 'Start'; wire = 'start'; type = 'qmstart'; before = 'Stopped'; after = 'Running'; class = 'Homelab.PowerShell.StartHlVmCommand' }
    @{ verb = 'Stop'; wire = 'shutdown'; type = 'qmshutdown'; before = 'Running'; after = 'Stopped'; class = 'Homelab.PowerShell.Commands.StopHlVmCommand' }
    @{ verb = 'Restart'; wire = 'reboot'; type = 'qmreboot'; before = 'Running'; after = 'Running'; class = 'Homelab.PowerShell.RestartHlVmCommand' }
    @{ verb = 'Reset'; wire = 'reset'; type = 'qmreset'; before = 'Running'; after = 'Running'; class = 'Homelab.PowerShell.ResetHlVmCommand' }
    @{ verb = 'Suspend'; wire = 'suspend'; type = 'qmpause'; before = 'Running'; after = 'Paused'; class = 'Homelab.PowerShell.SuspendHlVmCommand' }
    @{ verb = 'Resume'; wire = 'resume'; type = 'qmresume'; before = 'Paused'; after = 'Running'; class = 'Homelab.PowerShell.ResumeHlVmCommand' }
) {
    BeforeAll {
        $script:cmdlet = "$verb-HlVm"
        $script:request = "POST pve2/qemu/110/status/$wire"
    }

    BeforeEach {
        Set-GuestState $before
    }

    It 'takes the guest <as>' -ForEach ($verb -in 'Start', 'Stop', 'Restart' ? $forms : $forms.Where{ $_.as -match '^(by position|by its VMID as a number|as an object|from a row of a CSV file)$' }) {
        & $call | Should -BeNullOrEmpty
        Get-NodeChange $lab | Should -Be $request
        (Get-HlVmStatus sandbox).State | Should -Be $after
    }

    It 'returns the guest as it was seen afterwards with -PassThru' {
        $seen = & $cmdlet sandbox -PassThru
        $seen | Should -BeOfType ([Homelab.VmDetail])
        "$seen" | Should -Be 'pve2/110 (sandbox)'
        $seen.State | Should -Be $after
        $seen.Task.Type | Should -Be $type
        $seen.Task.State | Should -Be 'Succeeded'
    }

    It 'does nothing under -WhatIf' {
        & $cmdlet sandbox -WhatIf -PassThru -ErrorAction Stop | Should -BeNullOrEmpty
        Get-NodeChange $lab | Should -BeNullOrEmpty
    }

    It 'asks nobody with -Confirm:$false' {
        & $cmdlet sandbox -Confirm:$false
        Get-NodeChange $lab | Should -Be $request
    }

    It 'does the others when one is not found' {
        'nosuch', 'sandbox' | & $cmdlet -ErrorAction SilentlyContinue -ErrorVariable failed
        Get-NodeChange $lab | Should -Be $request
        $failed | Should -HaveCount 1
        $failed[0].FullyQualifiedErrorId | Should -Be "VmNotFound,$class"
        $failed[0].CategoryInfo.Category | Should -Be 'ObjectNotFound'
        $failed[0].TargetObject | Should -Be 'nosuch'
        $failed[0].Exception | Should -BeOfType ([Homelab.HomelabException])
    }

    It 'does nothing with a guest that Proxmox keeps locked' {
        $null = Invoke-Control $lab Post 'guests/110/lock?reason=backup'
        $caught = Get-Caught { & $cmdlet sandbox }
        $null = Invoke-Control $lab Delete guests/110/lock
        $caught.FullyQualifiedErrorId | Should -Be "VmLocked,$class"
        $caught.CategoryInfo.Category | Should -Be 'ResourceBusy'
        $caught.TargetObject | Should -Be 'pve2/110 (sandbox)'
        $caught.Exception.Kind | Should -Be 'Conflict'
        $caught.Exception.Message | Should -BeLike '*is locked: backup.*'
        Get-NodeChange $lab | Should -BeNullOrEmpty
    }

    It 'is an error where Proxmox took it and its task failed' {
        $null = Invoke-Control $lab Post "tasks/fail?type=$type&exit=no+space+left"
        $caught = Get-Caught { & $cmdlet sandbox }
        $caught.FullyQualifiedErrorId | Should -Be "ProxmoxTaskFailed,$class"
        $caught.CategoryInfo.Category | Should -Be 'InvalidResult'
        $caught.TargetObject | Should -BeLike "UPID:pve2:*:${type}:110:*"
        $caught.Exception.Message | Should -BeLike '*failed: no space left.*Get-HlTask*-Log*'
        Get-NodeChange $lab | Should -Be $request
        (Get-HlVmStatus sandbox).State | Should -Be $before
    }

    It 'refuses <what>, and does nothing' -ForEach @(
        @{ what = 'a time out of range'; call = { & $cmdlet sandbox -Timeout 5h }; id = 'InputInvalid'; says = '*from 1s to *' }
        @{ what = 'a number without a unit'; call = { & $cmdlet sandbox -Timeout 5 }; id = 'ParameterArgumentTransformationError'; says = '*5 is a number without a unit. Write 5s*' }
        @{ what = 'what is no name'; call = { & $cmdlet ../etc }; id = 'CannotConvertArgumentNoMessage'; says = '*names no guest*' }
        @{ what = 'what is no VMID'; call = { & $cmdlet 99 }; id = 'CannotConvertArgumentNoMessage'; says = '*is no VMID*' }
        @{ what = 'a pattern'; call = { & $cmdlet sand* }; id = 'CannotConvertArgumentNoMessage'; says = '*names no guest*' }
        @{ what = 'a list'; call = { & $cmdlet 100, 110 }; id = 'ParameterArgumentTransformationError'; says = "*2 things are given where one is taken. Pipe them: '100', '110' | *" }
        @{ what = 'no name'; call = { & $cmdlet '' }; id = '*'; says = '*' }
    ) {
        $caught = @(Get-Caught $call)
        $caught | Should -HaveCount 1
        $caught[0].FullyQualifiedErrorId | Should -BeLike "$id,$class"
        $caught[0].Exception.Message | Should -BeLike $says
        Get-NodeChange $lab | Should -BeNullOrEmpty
    }
}

Describe 'What a change of power would do' {
    It 'is said under -WhatIf by its name and its guest, and not done' {
        Set-GuestState Running
        $calls = 'Start-HlVm sandbox', 'Stop-HlVm sandbox', 'Stop-HlVm 110 -TurnOff', 'Stop-HlVm sandbox -ForceStop', 'Restart-HlVm pve2/110', 'Reset-HlVm sandbox', 'Suspend-HlVm sandbox', 'Suspend-HlVm sandbox -ToDisk', 'Resume-HlVm sandbox'
        $said = Invoke-Shell "Connect-Hl '$($lab.File)' | Out-Null; $($calls.ForEach{ "$_ -WhatIf" } -join '; ')"
        $deeds = 'Start guest', 'Shut down guest', 'Switch off guest', 'Shut down guest, or switch it off', 'Restart guest', 'Reset guest', 'Pause guest', 'Hibernate guest', 'Resume guest'
        $said.Output -split '\r?\n' | Should -Be $deeds.ForEach{ "What if: Performing the operation `"$_`" on target `"sandbox@pve2`"." }
        $said.Errors | Should -BeNullOrEmpty
        Get-NodeChange $lab | Should -BeNullOrEmpty
    }
}

Describe 'A guest that is <as> already' -ForEach @(
    @{ as = 'running'; state = 'Running'; call = { Start-HlVm sandbox -PassThru } }
    @{ as = 'running, and should go on,'; state = 'Running'; call = { Resume-HlVm sandbox -PassThru } }
    @{ as = 'off'; state = 'Stopped'; call = { Stop-HlVm sandbox -PassThru } }
    @{ as = 'off, and should be switched off,'; state = 'Stopped'; call = { Stop-HlVm sandbox -TurnOff -PassThru } }
    @{ as = 'paused'; state = 'Paused'; call = { Suspend-HlVm sandbox -PassThru } }
) {
    It 'is left as it is' {
        Set-GuestState $state
        $seen = & $call
        $seen.State | Should -Be $state
        $seen.Task | Should -BeNullOrEmpty
        Get-NodeChange $lab | Should -BeNullOrEmpty
    }
}

Describe 'A guest in the wrong state' {
    It 'is <id> for <call>' -ForEach @(
        @{ state = 'Stopped'; id = 'VmNotRunning'; call = { Restart-HlVm sandbox }; says = '*-StartIfStopped*' }
        @{ state = 'Stopped'; id = 'VmNotRunning'; call = { Reset-HlVm sandbox }; says = '*Start-HlVm 110 starts it*' }
        @{ state = 'Stopped'; id = 'VmNotRunning'; call = { Suspend-HlVm sandbox }; says = '*nothing to pause*' }
        @{ state = 'Stopped'; id = 'VmNotRunning'; call = { Resume-HlVm sandbox }; says = '*Start-HlVm 110 starts it*' }
        @{ state = 'Paused'; id = 'VmPaused'; call = { Start-HlVm sandbox }; says = '*Resume-HlVm 110*' }
        @{ state = 'Paused'; id = 'VmPaused'; call = { Stop-HlVm sandbox }; says = '*Resume-HlVm 110*' }
        @{ state = 'Paused'; id = 'VmPaused'; call = { Restart-HlVm sandbox }; says = '*Resume-HlVm 110*' }
        @{ state = 'Stopped'; id = 'VmIsTemplate'; call = { Start-HlVm debian-13 }; says = '*Copy-HlVm 9000*' }
    ) {
        Set-GuestState $state
        $caught = Get-Caught $call
        $caught.FullyQualifiedErrorId | Should -BeLike "$id,Homelab.PowerShell.*"
        $caught.CategoryInfo.Category | Should -Be 'ResourceBusy'
        $caught.Exception.Message | Should -BeLike $says
        Get-NodeChange $lab | Should -BeNullOrEmpty
    }

    It 'that no container can be in is refused: <call>' -ForEach @(
        @{ call = { Reset-HlVm backup } }
        @{ call = { Suspend-HlVm backup } }
        @{ call = { Resume-HlVm backup } }
    ) {
        $null = Invoke-Control $lab Post reset
        $caught = Get-Caught $call
        $caught.FullyQualifiedErrorId | Should -BeLike 'VmIsContainer,*'
        $caught.CategoryInfo.Category | Should -Be 'InvalidArgument'
        Get-NodeChange $lab | Should -BeNullOrEmpty
    }
}

Describe 'A change that takes longer than its time' {
    It 'is an error that tells how to wait on: <verb>-HlVm' -ForEach @(
        @{ verb = 'Start'; type = 'qmstart'; before = 'Stopped' }
        @{ verb = 'Suspend'; type = 'qmpause'; before = 'Running' }
    ) {
        Set-GuestState $before
        $null = Invoke-Control $lab Post "tasks/hold?type=$type"
        $caught = Get-Caught { & "$verb-HlVm" sandbox -Timeout 1s }
        $running = (Get-HlTask -Running).Upid
        $null = Invoke-Control $lab Delete tasks/hold
        # A task that runs may yet do it, or not.
        $caught.FullyQualifiedErrorId | Should -Be "OutcomeUnknown,Homelab.PowerShell.${verb}HlVmCommand"
        $caught.Exception.InnerException.Id | Should -Be 'ProxmoxTaskTimeout'
        $caught.Exception.Message | Should -BeLike "*still runs after 1s*Wait-HlTask '$running'*"
    }
}

Describe 'Other ways to stop and start' {
    It '<call> asks for <expected>' -ForEach @(
        @{ state = 'Running'; call = { Stop-HlVm sandbox -TurnOff }; expected = 'POST pve2/qemu/110/status/stop'; after = 'Stopped' }
        @{ state = 'Running'; call = { Stop-HlVm sandbox -ForceStop -Timeout 2m }; expected = 'POST pve2/qemu/110/status/shutdown'; after = 'Stopped' }
        @{ state = 'Paused'; call = { Stop-HlVm sandbox -TurnOff }; expected = 'POST pve2/qemu/110/status/stop'; after = 'Stopped' }
        @{ state = 'Stopped'; call = { Restart-HlVm sandbox -StartIfStopped }; expected = 'POST pve2/qemu/110/status/start'; after = 'Running' }
        @{ state = 'Running'; call = { Restart-HlVm sandbox -ForceStop }; expected = 'POST pve2/qemu/110/status/shutdown', 'POST pve2/qemu/110/status/start'; after = 'Running' }
        @{ state = 'Running'; call = { Suspend-HlVm sandbox -ToDisk }; expected = 'POST pve2/qemu/110/status/suspend'; after = 'Stopped' }
    ) {
        Set-GuestState $state
        & $call
        Get-NodeChange $lab | Should -Be $expected
        (Get-HlVmStatus sandbox).State | Should -Be $after
    }

    It 'lets a hibernated machine wake, and runs another process for a restarted one' {
        Set-GuestState Running
        Suspend-HlVm sandbox -ToDisk
        (Get-HlVmStatus sandbox).Lock | Should -Be 'suspended'
        (Resume-HlVm sandbox -PassThru).State | Should -Be 'Running'
        $before = (Get-HlVmStatus sandbox).Pid
        (Restart-HlVm sandbox -PassThru).Pid | Should -Not -Be $before
    }

    It 'takes a container as it takes a machine' {
        $null = Invoke-Control $lab Post reset
        (Stop-HlVm backup -PassThru).State | Should -Be 'Stopped'
        (Start-HlVm backup -PassThru).State | Should -Be 'Running'
        Restart-HlVm 111
        Get-NodeChange $lab | Should -Be 'POST pve2/lxc/111/status/shutdown', 'POST pve2/lxc/111/status/start', 'POST pve2/lxc/111/status/reboot'
    }
}

Describe 'Several guests by a pipeline' {
    BeforeEach {
        Set-GuestState Stopped
    }

    It 'are named one by one under -WhatIf, and none is touched' {
        $said = Invoke-Shell "Connect-Hl '$($lab.File)' | Out-Null; Get-HlVm -Tag prod | Stop-HlVm -WhatIf"
        $said.Output -split '\r?\n' | Should -Be ('dev@pve', 'infra@pve', 'backup@pve2').ForEach{ "What if: Performing the operation `"Shut down guest`" on target `"$_`"." }
        $said.Errors | Should -BeNullOrEmpty
        Get-NodeChange $lab | Should -BeNullOrEmpty
    }

    It 'are stopped and started, and no other' {
        Get-HlVm -Tag prod | Stop-HlVm
        (Get-HlVm -State Running).Name | Should -Be 'ai'
        Get-HlVm -Tag prod | Start-HlVm -PassThru | ForEach-Object State | Should -Be 'Running', 'Running', 'Running'
        (Get-NodeChange $lab) -replace '^POST ' | Should -Be @(
            'pve/qemu/100/status/shutdown', 'pve/qemu/102/status/shutdown', 'pve2/lxc/111/status/shutdown'
            'pve/qemu/100/status/start', 'pve/qemu/102/status/start', 'pve2/lxc/111/status/start'
        )
    }

    It 'stop where one fails and that was asked for' {
        { 'nosuch', 'dev' | Restart-HlVm -ErrorAction Stop } | Should -Throw -ErrorId 'VmNotFound,*'
        Get-NodeChange $lab | Should -BeNullOrEmpty
    }
}
