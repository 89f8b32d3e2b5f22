BeforeAll {
    . "$PSScriptRoot/Common.ps1"
    $script:lab = Open-Lab
    $null = Connect-Hl $lab.File
    $null = Invoke-Control $lab Post reset
}

AfterAll {
    Close-Lab $lab
}

Describe 'Get-HlCluster' {
    It 'tells how the cluster is as a whole' {
        $cluster = Get-HlCluster
        $cluster | Should -BeOfType ([Homelab.ClusterStatus])
        "$cluster" | Should -Be 'thinmint'
        $cluster.Ok | Should -BeTrue
        $cluster.Problems | Should -BeNullOrEmpty
        $cluster.Quorate | Should -BeTrue
        "$($cluster.NodesOnline)/$($cluster.Nodes)" | Should -Be '2/2'
        "$($cluster.GuestsRunning)/$($cluster.Guests)" | Should -Be '4/5'
        $cluster.Version | Should -Match '^\d+\.\d+'
        $cluster.MaxMemory | Should -Be 128GB
    }
}

Describe 'Get-HlNode' {
    It 'lists the nodes, each with what it says of itself' {
        $all = @(Get-HlNode)
        $all | Should -BeOfType ([Homelab.ClusterNode])
        $all.Name | Should -Be 'pve', 'pve2'
        $all.Online | Should -Be $true, $true
        $all[0].Problem | Should -BeNullOrEmpty
        $all[0].MaxMemory | Should -Be 64GB
        $all[0].Kernel | Should -BeLike '*-pve'
        $all[0].Load | Should -HaveCount 3
        $all[0].Cpu | Should -BeLessOrEqual 1
    }

    It 'takes the name <as>' -ForEach @(
        @{ as = 'by position'; call = { Get-HlNode pve2 } }
        @{ as = 'by parameter'; call = { Get-HlNode -Node pve2 } }
        @{ as = 'by the name that other modules use'; call = { Get-HlNode -Name pve2 } }
        @{ as = 'from the pipeline'; call = { 'pve2' | Get-HlNode } }
        @{ as = 'from a guest'; call = { Get-HlVm sandbox | Get-HlNode } }
        @{ as = 'as a pattern'; call = { Get-HlNode *2 } }
    ) {
        (& $call).Name | Should -Be 'pve2'
    }

    It 'knows a node that is not there by an error, and a pattern without' {
        $caught = Get-Caught { Get-HlNode nosuch }
        $caught.FullyQualifiedErrorId | Should -Be 'NodeNotFound,Homelab.PowerShell.GetHlNodeCommand'
        $caught.CategoryInfo.Category | Should -Be 'ObjectNotFound'
        $caught.TargetObject | Should -Be 'nosuch'
        Get-HlNode nosuch* -ErrorAction Stop | Should -BeNullOrEmpty
    }
}

Describe 'Get-HlStorage' {
    It 'lists the storages, a shared one once' {
        $all = @(Get-HlStorage)
        $all | Should -BeOfType ([Homelab.ProxmoxStorage])
        $all.Name | Should -Be 'local', 'local', 'nas'
        $all.State | Sort-Object -Unique | Should -Be 'Available'
        $nas = $all[2]
        $nas.Shared | Should -BeTrue
        $nas.Nodes | Should -Be 'pve', 'pve2'
        $nas.Size | Should -Be 8TB
        $nas.UsedFraction | Should -Be 0.375
    }

    It 'filters by <by>' -ForEach @(
        @{ by = 'name'; call = { Get-HlStorage nas }; expected = 'nas@pve' }
        @{ by = 'a pattern'; call = { Get-HlStorage l* }; expected = 'local@pve', 'local@pve2' }
        @{ by = 'node'; call = { Get-HlStorage -Node pve2 }; expected = 'local@pve2', 'nas@pve' }
        @{ by = 'being shared'; call = { Get-HlStorage -Shared }; expected = 'nas@pve' }
        @{ by = 'what it may hold'; call = { Get-HlStorage -Content Snippets }; expected = 'local@pve', 'local@pve2' }
        @{ by = 'how full it is'; call = { Get-HlStorage | Where-Object UsedFraction -gt 0.3 }; expected = 'nas@pve' }
    ) {
        & $call | ForEach-Object { "$($_.Name)@$($_.Node)" } | Should -Be $expected
    }

    It 'knows a storage that is not there by an error' {
        $caught = Get-Caught { Get-HlStorage nosuch }
        $caught.FullyQualifiedErrorId | Should -Be 'StorageNotFound,Homelab.PowerShell.GetHlStorageCommand'
        $caught.CategoryInfo.Category | Should -Be 'ObjectNotFound'
    }
}

Describe 'Get-HlStorageContent' {
    It 'lists what lies there, with whom it belongs to' {
        $all = @(Get-HlStorageContent)
        $all | Should -BeOfType ([Homelab.StorageVolume])
        $all.VmId | Sort-Object | Should -Be 100, 102, 103, 110, 111, 9000
        ($all | Where-Object VmId -eq 100).Size | Should -Be 8GB
    }

    It 'filters by <by>' -ForEach @(
        @{ by = 'guest'; call = { Get-HlStorageContent -Vm dev }; expected = 100 }
        @{ by = 'VMID'; call = { Get-HlStorageContent -Vm 110 }; expected = 110 }
        @{ by = 'kind'; call = { Get-HlStorageContent -Content Rootdir }; expected = 111 }
        @{ by = 'node'; call = { Get-HlStorageContent -Node pve2 }; expected = 110, 111 }
        @{ by = 'storage and node'; call = { Get-HlStorageContent pve2/local }; expected = 110, 111 }
        @{ by = 'a storage from the pipeline'; call = { Get-HlStorage nas | Get-HlStorageContent }; expected = $null }
        @{ by = 'one storage of two of a name from the pipeline'; call = { Get-HlStorage -Node pve2 local | Get-HlStorageContent }; expected = 110, 111 }
    ) {
        & $call | ForEach-Object VmId | Sort-Object | Should -Be $expected
    }

    It 'knows a storage that is not there by an error' {
        (Get-Caught { Get-HlStorageContent nosuch }).FullyQualifiedErrorId | Should -Be 'StorageNotFound,Homelab.PowerShell.GetHlStorageContentCommand'
    }
}

Describe 'Get-HlPool' {
    It 'lists the pools with their guests' {
        $pool = Get-HlPool
        $pool.Name | Should -Be 'homelab'
        @($pool.Members).Count | Should -Be 6
    }
}

Describe 'Get-HlDisk and Get-HlZfsPool' {
    It 'lists the disks of every node, with what they say of themselves' {
        $disks = Get-HlDisk
        $disks.Path | Should -Be '/dev/sda', '/dev/sdb', '/dev/sda', '/dev/sdb'
        $disks.Node | Sort-Object -Unique | Should -Be 'pve', 'pve2'
        $disks | Should -BeOfType Homelab.NodeDisk
    }

    It 'lists the pools of one node' {
        $pool = Get-HlZfsPool -Node pve2
        "$pool" | Should -Be 'rpool@pve2'
        $pool.Health | Should -Be 'Online'
        $pool.Size | Should -Be 2TB
    }
}

Describe 'Get-HlHaResource' {
    It 'asks the cluster, and is silent where there is nothing' {
        $before = Get-RequestCount $lab
        Get-HlHaResource -ErrorAction Stop | Should -BeNullOrEmpty
        Get-RequestCount $lab | Should -BeGreaterThan $before
    }
}

Describe 'Get-HlNodeUpdate' {
    It 'says which right is missing, once for all nodes that lack it' {
        $caught = @(Get-Caught { Get-HlNodeUpdate })
        $caught | Should -HaveCount 1
        $caught[0].CategoryInfo.Category | Should -Be 'PermissionDenied'
        $caught[0].Exception.Message | Should -BeLike '*Sys.Modify*/nodes/pve2*'
    }
}

Describe 'Looking at the cluster' {
    It 'changes nothing' {
        Get-NodeChange $lab | Should -BeNullOrEmpty
    }

    It 'needs a level that lets one see it: <cmdlet>' -ForEach @(
        @{ cmdlet = 'Get-HlNode' }, @{ cmdlet = 'Get-HlStorage' }, @{ cmdlet = 'Get-HlStorageContent' }, @{ cmdlet = 'Get-HlPool' }, @{ cmdlet = 'Get-HlDisk' }, @{ cmdlet = 'Get-HlBackup' }
    ) {
        $null = Connect-Hl (Copy-LabFile $lab 'interactive: manage' 'interactive: operate')
        try {
            (Get-Caught { & $cmdlet }).FullyQualifiedErrorId | Should -BeLike 'LevelTooLow,*'
            (Get-HlCluster).Ok | Should -BeTrue
        } finally {
            $null = Connect-Hl $lab.File
        }
    }
}

Describe 'A cluster of which a node is down' {
    BeforeAll {
        $null = Invoke-Control $lab Post nodes/pve2/down
    }

    AfterAll {
        $null = Invoke-Control $lab Post nodes/pve2/up
    }

    It 'is not well, and says why' {
        $cluster = Get-HlCluster
        $cluster.Ok | Should -BeFalse
        $cluster.NodesOnline | Should -Be 1
        $cluster.Problems | Should -Contain 'Node pve2 is not online.'
    }

    It 'lists the node as what does not answer' {
        $nodes = Get-HlNode
        $nodes.Name | Should -Be 'pve', 'pve2'
        $nodes.Online | Should -Be $true, $false
        $nodes[1].Problem | Should -Not -BeNullOrEmpty
        (Get-HlNode | Where-Object { -not $_.Online }).Name | Should -Be 'pve2'
    }

    It 'has a storage of which nothing is known, and one that is there' {
        Get-HlStorage | ForEach-Object { "$($_.Name) $($_.State)" } | Should -Be 'local Available', 'local Unknown', 'nas Available'
    }

    It 'tells what it knows and that this is not all: <cmdlet>' -ForEach @(
        @{ cmdlet = 'Get-HlStorageContent'; known = 4 }
        @{ cmdlet = 'Get-HlBackup'; known = 0 }
    ) {
        $seen = @(& $cmdlet -ErrorAction SilentlyContinue -ErrorVariable failed)
        $seen.Count | Should -Be $known
        $failed | Should -HaveCount 1
        $failed[0].CategoryInfo.Category | Should -Be 'ResourceUnavailable'
        $failed[0].Exception.Message | Should -BeLike '*local on pve2*'
    }
}

Describe 'A node that its peer does not reach' {
    BeforeAll {
        # The lab file names pve, which passes on what is asked of pve2.
        $null = Invoke-Control $lab Post 'nodes/pve/fault?kind=unreachable&path=/nodes/pve2/*'
    }

    AfterAll {
        $null = Invoke-Control $lab Delete nodes/pve/fault
    }

    It 'does not keep the other from being listed' {
        $nodes = @(Get-HlNode)
        $nodes.Name | Should -Be 'pve', 'pve2'
        $nodes[0].Problem | Should -BeNullOrEmpty
        $nodes[1].Problem | Should -Not -BeNullOrEmpty
    }
}
