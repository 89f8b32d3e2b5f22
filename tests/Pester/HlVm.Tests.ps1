BeforeAll {
    . "$PSScriptRoot/Common.ps1"
    $script:lab = Open-Lab
    $null = Connect-Hl $lab.File
}

AfterAll {
    Close-Lab $lab
}

Describe 'Get-HlVm' {
    It 'lists the guests of the cluster, one object each, and no templates' {
        $all = @(Get-HlVm)
        $all | Should -BeOfType ([Homelab.Vm])
        $all.Id | Should -Be 100, 102, 103, 110, 111
        $all.Node | Sort-Object -Unique | Should -Be 'pve', 'pve2'
    }

    It 'asks the cluster once, however many nodes it has' {
        $before = Get-RequestCount $lab
        $null = Get-HlVm
        (Get-RequestCount $lab) - $before | Should -Be 1
    }

    It 'takes the name <as>' -ForEach @(
        @{ as = 'by position'; call = { Get-HlVm dev } }
        @{ as = 'by parameter'; call = { Get-HlVm -Name dev } }
        @{ as = 'in other letters'; call = { Get-HlVm DEV } }
        @{ as = 'with its node'; call = { Get-HlVm pve/dev } }
        @{ as = 'as a VMID'; call = { Get-HlVm 100 } }
        @{ as = 'as a VMID on a node'; call = { Get-HlVm pve/100 } }
        @{ as = 'in full'; call = { Get-HlVm 'pve/100 (dev)' } }
        @{ as = 'from the pipeline'; call = { 'dev' | Get-HlVm } }
        @{ as = 'as a number from the pipeline'; call = { 100 | Get-HlVm } }
        @{ as = 'from a row with a name'; call = { "Name,Node`ndev,pve" | ConvertFrom-Csv | Get-HlVm } }
        @{ as = 'from a guest'; call = { Get-HlVm dev | Get-HlVm } }
        @{ as = 'as a pattern'; call = { Get-HlVm de* } }
    ) {
        & $call | ForEach-Object ToString | Should -Be 'pve/100 (dev)'
    }

    It 'filters by <by>' -ForEach @(
        @{ by = 'node'; call = { Get-HlVm -Node pve2 }; expected = 'backup', 'sandbox' }
        @{ by = 'state'; call = { Get-HlVm -State Stopped }; expected = 'sandbox' }
        @{ by = 'kind'; call = { Get-HlVm -Kind Lxc }; expected = 'backup' }
        @{ by = 'tag'; call = { Get-HlVm -Tag prod }; expected = 'backup', 'dev', 'infra' }
        @{ by = 'a pattern of tags'; call = { Get-HlVm -Tag g* }; expected = 'ai' }
        @{ by = 'pool'; call = { Get-HlVm -Pool homelab -Kind Lxc }; expected = 'backup' }
        @{ by = 'another pool'; call = { Get-HlVm -Pool nosuch }; expected = $null }
        @{ by = 'name and state'; call = { Get-HlVm *a* -State Running }; expected = 'ai', 'backup', 'infra' }
        @{ by = 'being a template too'; call = { Get-HlVm d* -Template }; expected = 'debian-13', 'dev' }
    ) {
        & $call | ForEach-Object Name | Sort-Object | Should -Be $expected
    }

    It 'tells what a guest uses, in numbers that can be compared' {
        $ai = Get-HlVm ai
        $ai.MaxMemory | Should -Be 32GB
        $ai.Memory | Should -BeGreaterThan 0
        $ai.Cpu | Should -BeLessOrEqual 1
        $ai.Tags | Should -Be 'docker', 'gpu'
        (Get-HlVm | Where-Object MaxMemory -gt 8GB).Name | Should -Be 'dev', 'ai'
    }

    It 'finds a template by its exact name' {
        (Get-HlVm debian-13).Template | Should -BeTrue
    }

    It 'says of an exact name that it was not found, and goes on with the next' {
        $found = 'nosuch', 'dev' | Get-HlVm -ErrorAction SilentlyContinue -ErrorVariable failed
        $found.Name | Should -Be 'dev'
        $failed | Should -HaveCount 1
        $failed[0].FullyQualifiedErrorId | Should -Be 'VmNotFound,Homelab.PowerShell.GetHlVmCommand'
        $failed[0].CategoryInfo.Category | Should -Be 'ObjectNotFound'
        $failed[0].TargetObject | Should -Be 'nosuch'
    }

    It 'says where a guest is that was looked for on another node' {
        (Get-Caught { Get-HlVm pve2/dev }).Exception.Message | Should -BeLike '*It is on pve: pve/100 (dev).'
    }

    It 'stops at what was not found where that was asked for' {
        { 'nosuch', 'dev' | Get-HlVm -ErrorAction Stop } | Should -Throw -ErrorId 'VmNotFound,Homelab.PowerShell.GetHlVmCommand'
    }

    It 'finds nothing by a pattern without a word' {
        Get-HlVm nosuch* -ErrorAction Stop | Should -BeNullOrEmpty
    }

    It 'refuses <what>' -ForEach @(
        @{ what = 'what names no guest'; call = { Get-HlVm ../etc }; id = 'InputInvalid'; says = '*names no guest*' }
        @{ what = 'what is no VMID'; call = { Get-HlVm 99 }; id = 'InputInvalid'; says = '*names no guest*' }
        @{ what = 'a state that there is not'; call = { Get-HlVm -State Sleeping }; id = 'CannotConvertArgumentNoMessage'; says = '*Running*' }
        @{ what = 'a kind that there is not'; call = { Get-HlVm -Kind docker }; id = 'CannotConvertArgumentNoMessage'; says = '*Lxc*' }
    ) {
        $caught = @(Get-Caught $call)
        $caught | Should -HaveCount 1
        $caught[0].FullyQualifiedErrorId | Should -Be "$id,Homelab.PowerShell.GetHlVmCommand"
        $caught[0].Exception.Message | Should -BeLike $says
    }

    It 'tells each request under -Verbose, and no secret' {
        $lines = Get-HlVm -Verbose 4>&1 | Where-Object { $_ -is [Management.Automation.VerboseRecord] } | ForEach-Object ToString
        $lines | Should -HaveCount 1
        $lines | Should -Match 'GET /cluster/resources\?type=vm -> 200 in [\d.]+ ms$'
        foreach ($secret in Get-ChildItem "$(Split-Path $lab.File)/secrets") { $lines | Should -Not -BeLike "*$(Get-Content $secret)*" }
    }

    It 'changes nothing' {
        $null = Invoke-Control $lab Post reset
        $null = Get-HlVm
        $null = Get-HlVm | Get-HlVmStatus
        Get-NodeChange $lab | Should -BeNullOrEmpty
    }
}

Describe 'Get-HlVmStatus' {
    It 'asks the guest''s own node, by <by>' -ForEach @(
        @{ by = 'name'; call = { Get-HlVmStatus dev } }
        @{ by = 'VMID'; call = { Get-HlVmStatus 100 } }
        @{ by = 'an object'; call = { Get-HlVm dev | Get-HlVmStatus } }
    ) {
        $detail = & $call
        $detail | Should -BeOfType ([Homelab.VmDetail])
        "$detail" | Should -Be 'pve/100 (dev)'
        $detail.State | Should -Be 'Running'
        $detail.Pid | Should -BeGreaterThan 0
        $detail.QmpStatus | Should -Be 'running'
        $detail.AgentEnabled | Should -BeTrue
        $detail.Task | Should -BeNullOrEmpty
    }

    It 'tells at once what the list would tell later' {
        $null = Invoke-Control $lab Post guests/103/crash
        (Get-HlVmStatus ai).State | Should -Be 'Stopped'
        (Get-HlVmStatus ai).Pid | Should -BeNullOrEmpty
        Start-HlVm ai
    }

    It 'tells why Proxmox keeps a guest locked' {
        $null = Invoke-Control $lab Post 'guests/102/lock?reason=backup'
        (Get-HlVmStatus infra).Lock | Should -Be 'backup'
        $null = Invoke-Control $lab Delete guests/102/lock
        (Get-HlVmStatus infra).Lock | Should -BeNullOrEmpty
    }

    It 'knows a guest that is gone by an error' {
        $caught = Get-Caught { Get-HlVmStatus 4711 }
        $caught.FullyQualifiedErrorId | Should -Be 'VmNotFound,Homelab.PowerShell.GetHlVmStatusCommand'
        $caught.TargetObject | Should -Be '4711'
    }
}

Describe 'Guests of a node that is down' {
    BeforeAll {
        $null = Invoke-Control $lab Post nodes/pve2/down
        $null = Invoke-Control $lab Post reset
    }

    AfterAll {
        $null = Invoke-Control $lab Post nodes/pve2/up
    }

    It 'are listed as unknown, never as running or stopped' {
        (Get-HlVm -Node pve2).State | Should -Be 'Unknown', 'Unknown'
        (Get-HlVm -Node pve -State Running).Name | Should -Be 'dev', 'infra', 'ai'
    }

    It 'cannot be changed, and nothing is tried' {
        $caught = Get-Caught { Start-HlVm sandbox }
        $caught | Should -HaveCount 1
        $caught.CategoryInfo.Category | Should -Be 'ResourceUnavailable'
        $caught.Exception.Kind | Should -Be 'Unavailable'
        Get-NodeChange $lab | Should -BeNullOrEmpty
    }
}
