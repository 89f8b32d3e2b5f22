BeforeAll {
    . "$PSScriptRoot/Common.ps1"
    $script:lab = Open-Lab
    $null = Connect-Hl $lab.File
}

AfterAll {
    Close-Lab $lab
}

Describe 'Get-HlLab' {
    It 'says which lab it is, who I am to it, and what there is' {
        $info = Get-HlLab
        $info | Should -BeOfType ([Homelab.LabInfo])
        $info.Name | Should -Be 'thinmint'
        $info.Source | Should -Be $lab.File
        $info.Caller | Should -Be "interactive:$([Environment]::UserName)"
        $info.Level | Should -Be 'Manage'
        $info.Hosts | Should -Be 'dev', 'infra', 'ai', 'windows', 'proxmox'
        $info.Services | Should -Contain 'gitea'
        $info.State | Should -Be (Join-Path (Split-Path $lab.File) 'homelab.db')
    }

    It 'asks no machine' {
        $before = Get-RequestCount $lab
        Get-HlLab | Out-Null
        Get-RequestCount $lab | Should -Be $before
    }

    It 'names the level that the lab file gives to this caller alone' {
        $null = Connect-Hl (Copy-LabFile $lab 'interactive: manage' "interactive: manage, identities: { `"interactive:$([Environment]::UserName)`": monitor }")
        try {
            (Get-HlLab).Level | Should -Be 'Monitor'
        } finally {
            $null = Connect-Hl $lab.File
        }
    }
}

Describe 'A session that has chosen no lab' {
    It 'uses the one that is found in the current folder' {
        $said = Invoke-Shell "Set-Location '$(Split-Path $lab.File)'; (Get-HlLab).Source" -Environment @{ HOMELAB_LAB = '' }
        $said.Output | Should -Be $lab.File
    }

    It 'is told what is missing where none is found, and writes nothing to the current folder' {
        $folder = New-Folder
        $lab.Folders.Add($folder)
        $here = New-Item "$folder/here" -ItemType Directory
        $said = Invoke-Shell "Set-Location '$here'; (Get-HlLab).Source; try { Get-HlContainer -ErrorAction Stop } catch { `$_.FullyQualifiedErrorId }" -Environment @{
            HOMELAB_LAB = ''; HOME = $folder; XDG_CONFIG_HOME = "$folder/config"; XDG_DATA_HOME = "$folder/data"; APPDATA = "$folder/config"; LOCALAPPDATA = "$folder/data"
        }
        $said.Output -split '\r?\n' | Should -Be 'environment variables', 'DockerHostNotFound,Homelab.PowerShell.GetHlContainerCommand'
        Get-ChildItem $here -Force | Should -BeNullOrEmpty
    }
}
