BeforeAll {
    . "$PSScriptRoot/Common.ps1"
    $script:lab = Open-Lab
    $script:onlyLooking = Copy-LabFile $lab 'interactive: manage' 'interactive: monitor'
    $script:plain = Copy-LabFile $lab '(?s)(truenas:.*?url: )"https://127\.0\.0\.1' '${1}"http://nas.home.arpa'
    $null = Connect-Hl $lab.File
}

AfterAll {
    Close-Lab $lab
}

Describe 'Get-HlNas' {
    It 'tells how the storage server and its pools are' {
        $nas = Get-HlNas
        $nas | Should -BeOfType ([Homelab.NasStatus])
        $nas.Healthy | Should -BeTrue
        $nas.Protocol | Should -Be 'JsonRpc'
        $nas.Pools.Name | Should -Be 'tank'
        $nas.Pools[0].UsedFraction | Should -Be 0.625
        ((Get-HlNas | Out-String -Width 160) -replace '\x1b\[[0-9;]*m') | Should -Match 'Name +Healthy +Version +Uptime +Pools[\s\S]*nas +yes +TrueNAS-25\.10\.1 .*tank online 62\.5%'
    }

    It 'never sends its key without TLS' {
        $null = Connect-Hl $plain
        $caught = Get-Caught { Get-HlNas }
        $caught.FullyQualifiedErrorId | Should -Be 'TrueNasNotEncrypted,Homelab.PowerShell.GetHlNasCommand'
        "$caught" | Should -BeLike '*revokes*'
        $null = Connect-Hl $lab.File
    }

    It 'does not show the key, neither under -Verbose nor -Debug' {
        $lines = Get-HlNas -Verbose -Debug *>&1 | Out-String
        $lines | Should -Match 'system\.info'
        $lines | Should -Not -Match (Get-Content "$(Split-Path $lab.File)/secrets/HOMELAB_SIMULATED_TRUENAS_KEY" -Raw).Trim()
    }
}

Describe 'Get-HlNasAlert' {
    It 'lists none where there is none' {
        Get-HlNasAlert -ErrorAction Stop | Should -BeNullOrEmpty
        Get-HlNasAlert -Minimum Error -Dismissed -ErrorAction Stop | Should -BeNullOrEmpty
    }
}

Describe 'Get-HlDataset' {
    It 'lists every dataset, those that fit, and those that are locked' {
        (Get-HlDataset).Name | Should -Be 'tank', 'tank/media', 'tank/media/films', 'tank/private', 'tank/vm-100'
        (Get-HlDataset 'tank/*/*').Name | Should -Be 'tank/media/films'
        (Get-HlDataset -Locked).Name | Should -Be 'tank/private'
        ((Get-HlDataset | Format-Table | Out-String -Width 160) -replace '\x1b\[[0-9;]*m') | Should -Match 'Name +Used +Available +Quota +Marks[\s\S]*tank/media +3 TiB +1 TiB +4 TiB +1 below'
    }

    It 'shows one <as>' -ForEach @(
        @{ as = 'by position'; call = { Get-HlDataset tank/media } }
        @{ as = 'by parameter'; call = { Get-HlDataset -Dataset tank/media } }
        @{ as = 'by text from the pipeline'; call = { 'tank/media' | Get-HlDataset } }
        @{ as = 'by a dataset from the pipeline'; call = { Get-HlDataset 'tank/medi?' | Get-HlDataset } }
    ) {
        $dataset = & $call
        $dataset | Should -BeOfType ([Homelab.DatasetDetail])
        $dataset.UsedByDataset | Should -Be (1.5 * 1TB)
        $dataset.Comments | Should -Be 'Films and music.'
    }

    It 'says what was meant by a name that is not there' {
        $caught = Get-Caught { Get-HlDataset tank/meida }
        $caught.FullyQualifiedErrorId | Should -Be 'DatasetNotFound,Homelab.PowerShell.Commands.GetHlDatasetCommand'
        "$caught" | Should -BeLike "*Did you mean 'tank/media'?*"
    }
}

Describe 'New-HlDatasetSnapshot and Get-HlDatasetSnapshot' {
    It 'make one and list it <as>' -ForEach @(
        @{ as = 'by position'; name = 'first'; call = { New-HlDatasetSnapshot tank/media first } }
        @{ as = 'by parameter'; name = 'second'; call = { New-HlDatasetSnapshot -Dataset tank/media -Name second } }
        @{ as = 'by text from the pipeline'; name = 'third'; call = { 'tank/media' | New-HlDatasetSnapshot -Name third } }
        @{ as = 'by a dataset from the pipeline'; name = 'fourth'; call = { Get-HlDataset tank/media | New-HlDatasetSnapshot -Name fourth } }
    ) {
        $made = & $call
        $made | Should -BeOfType ([Homelab.DatasetSnapshot])
        "$made" | Should -Be "tank/media@$name"
        (Get-HlDatasetSnapshot tank/media).Name | Should -Contain $name
        (Get-HlDatasetSnapshot -Name $name).Dataset | Should -Be 'tank/media'
    }

    It 'make one of all that is below' {
        (New-HlDatasetSnapshot tank whole -Recursive).Below | Should -Be 4
        (Get-HlDatasetSnapshot -Name whole).Dataset | Should -HaveCount 5
    }

    It 'change nothing where the name is taken' {
        $null = New-HlDatasetSnapshot tank/vm-100 once
        $caught = Get-Caught { New-HlDatasetSnapshot tank/vm-100 once }
        $caught.FullyQualifiedErrorId | Should -Be 'DatasetSnapshotExists,Homelab.PowerShell.NewHlDatasetSnapshotCommand'
        $caught.CategoryInfo.Category | Should -Be 'ResourceBusy'
    }

    It 'make nothing under -WhatIf, nor for somebody who may only look' {
        $said = Invoke-Shell "Connect-Hl '$($lab.File)' | Out-Null; New-HlDatasetSnapshot tank/private never -WhatIf"
        $said.Output.Trim() | Should -BeExactly "What if: Performing the operation `"Make snapshot 'never' of dataset`" on target `"tank/private`"."
        $null = Connect-Hl $onlyLooking
        (Get-Caught { New-HlDatasetSnapshot tank/private never -Force }).FullyQualifiedErrorId | Should -Be 'LevelTooLow,Homelab.PowerShell.NewHlDatasetSnapshotCommand'
        $null = Connect-Hl $lab.File
        Get-HlDatasetSnapshot -Name never | Should -BeNullOrEmpty
    }
}
