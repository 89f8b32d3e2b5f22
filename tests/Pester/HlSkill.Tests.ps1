BeforeAll {
    . "$PSScriptRoot/Common.ps1"
    $script:lab = Open-Lab
    $null = Connect-Hl $lab.File
    $script:class = 'Homelab.PowerShell.Commands.ExportHlSkillCommand'
    $script:names = 'docker-control', 'n8n-workflows', 'network-diagnostics', 'proxmox-control', 'uptime-kuma'
}

AfterAll {
    Close-Lab $lab
}

Describe 'Export-HlSkill' {
    BeforeEach {
        $script:folder = Join-Path $TestDrive ([guid]::NewGuid())
    }

    It 'writes all skills for OpenClaw, each a folder with what its services are' {
        $written = Export-HlSkill $folder
        $written | Should -BeOfType ([IO.FileInfo])
        $written.Directory.Name | Should -Be $names
        foreach ($name in $names) {
            $text = Get-Content "$folder/$name/SKILL.md" -Raw
            $text | Should -BeLike "---`nname: $name`ndescription: *`nmetadata: *mcp.servers.homelab*`n---`n*"
            $text | Should -BeLike '*approval_wait*'
        }
        Get-Content "$folder/docker-control/SKILL.md" -Raw | Should -BeLike '*| gitea | gitea@dev |*'
    }

    It 'writes those that are named for Claude, without what is for OpenClaw alone' {
        (Export-HlSkill $folder -Client Claude -Name uptime-kuma, docker-control -Server lab2).Directory.Name | Should -Be 'uptime-kuma', 'docker-control'
        $text = Get-Content "$folder/uptime-kuma/SKILL.md" -Raw
        $text | Should -Not -BeLike '*metadata:*'
        $text | Should -Match '`lab2`'
    }

    It 'holds no secret, and no address where none is wanted' {
        $null = Export-HlSkill $folder -NoAddress
        $text = (Get-ChildItem $folder -Recurse -File | Get-Content -Raw) -join "`n"
        foreach ($secret in (Get-ChildItem "$(Split-Path $lab.File)/secrets" -File -ErrorAction Ignore | Get-Content)) { $text | Should -Not -BeLike "*$secret*" }
        $text | Should -Not -Match '127\.0\.0\.1|\b100\.\d+\.\d+\.\d+'
        $null = Export-HlSkill $folder -Name network-diagnostics
        Get-Content "$folder/network-diagnostics/SKILL.md" -Raw | Should -Match '127\.0\.0\.1|\b100\.\d+\.\d+\.\d+'
    }

    It 'says what the client is allowed by the name it comes in with' {
        $made = Copy-LabFile $lab 'access: \{' 'access: { identities: { "mcp:boss": manage },'
        $null = Connect-Hl $made
        try {
            $null = Export-HlSkill $folder -Name docker-control -Identity boss
            Get-Content "$folder/docker-control/SKILL.md" -Raw | Should -Match '(?s)docker_stop_container.*a person is asked.*is \*manage\*'
            $null = Export-HlSkill $folder -Name docker-control
            Get-Content "$folder/docker-control/SKILL.md" -Raw | Should -BeLike '*docker_stop_container*not offered*'
        } finally {
            $null = Connect-Hl $lab.File
        }
    }

    It 'changes nothing the second time, and nothing that somebody has edited' {
        $null = Export-HlSkill $folder
        $file = Get-Item "$folder/docker-control/SKILL.md"
        $was = $file.LastWriteTimeUtc
        Export-HlSkill $folder | Should -HaveCount 5
        (Get-Item $file).LastWriteTimeUtc | Should -Be $was

        Add-Content $file 'And mind the cat.'
        $written = Export-HlSkill $folder -Client Claude -ErrorAction SilentlyContinue -ErrorVariable failed
        $written | Should -HaveCount 4
        $failed.FullyQualifiedErrorId | Should -Be "SkillEdited,$class"
        $failed[0].CategoryInfo.Category | Should -Be 'ResourceBusy'
        Get-Content $file -Raw | Should -BeLike '*mind the cat*'
        Export-HlSkill $folder -Client Claude -Force | Should -HaveCount 5
        Get-Content $file -Raw | Should -Not -BeLike '*mind the cat*'
    }

    It 'writes nothing under -WhatIf' {
        Export-HlSkill $folder -WhatIf | Should -BeNullOrEmpty
        Test-Path $folder | Should -BeFalse
    }

    It 'says which skills there are when one is not, and writes the others' {
        $written = Export-HlSkill $folder -Name nosuch, uptime-kuma -ErrorAction SilentlyContinue -ErrorVariable failed
        $written.Directory.Name | Should -Be 'uptime-kuma'
        $failed.FullyQualifiedErrorId | Should -Be "SkillNotFound,$class"
        "$failed" | Should -BeLike '*docker-control*'
    }

    It 'completes the names of skills' {
        (Complete-Line 'Export-HlSkill ./x -Name n').CompletionText | Should -Be 'n8n-workflows', 'network-diagnostics'
    }
}
