BeforeAll {
    . "$PSScriptRoot/Common.ps1"
    $script:lab = Open-Lab
    $script:engine = [regex]::Match((Get-Content $lab.File -Raw), 'tcp://127\.0\.0\.1:\d+').Value
}

AfterAll {
    Close-Lab $lab
}

Describe 'New-HlLab' {
    BeforeEach {
        $script:folder = New-Item (Join-Path $TestDrive ([guid]::NewGuid())) -ItemType Directory
        $script:file = Join-Path $folder homelab.yaml
    }

    It 'writes a lab of the engine that is named and the containers that run there, which works' {
        $written = New-HlLab $file -Name home -Docker "dev=$engine"
        $written | Should -BeOfType ([IO.FileInfo])
        $written.FullName | Should -Be $file
        try {
            $info = $written | Connect-Hl
            $info.Name | Should -Be 'home'
            $info.Hosts | Should -Contain 'dev'
            $info.Services | Should -Contain 'gitea'
            (Get-HlContainer gitea).State | Should -Be 'Running'
        } finally {
            Disconnect-Hl
        }
    }

    It 'writes what passes Test-HlLab -Offline' {
        $rows = New-HlLab $file -Docker "dev=$engine" -KumaUrl http://nas:3001 -Protected gitea@dev | Test-HlLab -Offline
        $rows | Should -Not -BeNullOrEmpty
        $rows.Where{ $_.Status -eq 'Failed' } | Should -BeNullOrEmpty
    }

    It 'writes homelab.yaml in the current location when no file is named' {
        Push-Location $folder
        try {
            (New-HlLab -Docker "dev=$engine").FullName | Should -Be $file
        } finally {
            Pop-Location
        }
    }

    It 'lets nobody else read the file' -Skip:$IsWindows {
        [IO.File]::GetUnixFileMode((New-HlLab $file -Docker "dev=$engine")) | Should -Be ([IO.UnixFileMode]::UserRead -bor [IO.UnixFileMode]::UserWrite)
    }

    It 'overwrites nothing, unless -Force is given' {
        Set-Content $file 'mine'
        $caught = @(Get-Caught { New-HlLab $file -Docker "dev=$engine" })
        $caught | Should -HaveCount 1
        $caught[0].FullyQualifiedErrorId | Should -Be 'LabFileExists,Homelab.PowerShell.Commands.NewHlLabCommand'
        $caught[0].CategoryInfo.Category | Should -Be 'ResourceBusy'
        Get-Content $file | Should -Be 'mine'
        New-HlLab $file -Docker "dev=$engine" -Force | Should -Not -BeNullOrEmpty
        Get-Content $file -Raw | Should -BeLike '*kind: Lab*'
    }

    It 'writes nothing under -WhatIf' {
        New-HlLab $file -Docker "dev=$engine" -WhatIf | Should -BeNullOrEmpty
        Get-ChildItem $folder -Force | Should -BeNullOrEmpty
    }

    It 'writes nothing to the engine either' {
        $null = Invoke-Control $lab Post reset
        $null = New-HlLab $file -Docker "dev=$engine"
        Get-Change $lab | Should -BeNullOrEmpty
    }

    It 'refuses <what>, and writes nothing' -ForEach @(
        @{ what = 'an engine without a host'; given = @{ Docker = 'tcp://nas:2375' } ; says = '*host=endpoint*' }
        @{ what = 'an engine without an endpoint'; given = @{ Docker = 'nas=' } ; says = '*host=endpoint*' }
        @{ what = 'an endpoint that is none'; given = @{ Docker = 'nas=carrier-pigeon' } ; says = '*carrier-pigeon*' }
    ) {
        $caught = @(Get-Caught { New-HlLab $file @given })
        $caught | Should -HaveCount 1
        $caught[0].CategoryInfo.Category | Should -Be 'InvalidArgument'
        "$caught" | Should -BeLike $says
        Get-ChildItem $folder -Force | Should -BeNullOrEmpty
    }

    It 'refuses a key in place of a reference to it, and does not repeat it' {
        $caught = @(Get-Caught { New-HlLab $file -Docker "dev=$engine" -KumaUrl http://nas:3001 -KumaApiKey uk1_pasted-by-mistake })
        $caught | Should -HaveCount 1
        $caught[0].CategoryInfo.Category | Should -Be 'InvalidArgument'
        "$caught" | Should -BeLike '*KumaApiKey*env:NAME*'
        $caught | Format-List * -Force | Out-String | Should -Not -BeLike '*Exception*uk1_pasted*'
        $caught[0].Exception.ToString() | Should -Not -BeLike '*uk1_pasted*'
        "$($caught[0].TargetObject)" | Should -Not -BeLike '*uk1_pasted*'
        Get-ChildItem $folder -Force | Should -BeNullOrEmpty
    }
}
