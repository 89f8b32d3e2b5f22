BeforeAll {
    . "$PSScriptRoot/Common.ps1"
    $script:lab = Open-Lab
    $script:lenient = Copy-LabFile $lab 'policy:' "policy:`n  approvals: { docker_compose_down: ask }"
    $script:onlyLooking = Copy-LabFile $lab 'interactive: manage' 'interactive: configure'
    $null = Connect-Hl $lenient
}

AfterAll {
    Close-Lab $lab
}

Describe 'Get-HlStackFile' {
    It 'reads the stack <as>' -ForEach @(
        @{ as = 'by position'; call = { Get-HlStackFile notes } }
        @{ as = 'by name and host'; call = { Get-HlStackFile -Stack notes@dev } }
        @{ as = 'by text from the pipeline'; call = { 'notes' | Get-HlStackFile } }
        @{ as = 'by what it returned before'; call = { Get-HlStackFile notes | Get-HlStackFile } }
    ) {
        $file = & $call
        $file | Should -BeOfType ([Homelab.StackFile])
        $file.Path | Should -Be '/opt/stacks/notes/compose.yaml'
        $file.Services | Should -Be 'notes', 'search'
    }

    It 'shows no secret' {
        $file = Get-HlStackFile notes
        $file.Content | Should -Match 'NOTES_PASSWORD: \*\*\*1\*\*\*'
        $file | Format-List | Out-String | Should -Not -Match 'horse'
        $file.Hidden | Should -Be 1
    }

    It 'takes no path for a name: <name>' -ForEach @(
        @{ name = '../notes' }
        @{ name = '/opt/stacks/notes' }
        @{ name = 'a/b' }
    ) {
        (Get-Caught { Get-HlStackFile $name }).CategoryInfo.Category | Should -BeIn 'InvalidData', 'InvalidArgument'
    }

    It 'says that there is no such stack' {
        $caught = Get-Caught { Get-HlStackFile nowhere }
        $caught.FullyQualifiedErrorId | Should -Be 'StackNotFound,Homelab.PowerShell.GetHlStackFileCommand'
        $caught.CategoryInfo.Category | Should -Be 'ObjectNotFound'
    }
}

Describe 'Set-HlStackFile' {
    It 'writes over what was read, keeps what was hidden, and puts it back' {
        $file = Get-HlStackFile notes
        $written = Set-HlStackFile notes -Content ($file.Content -replace 'notes:1', 'notes:2') -Hash $file.Hash -PassThru
        $written | Should -BeOfType ([Homelab.StackFileChange])
        $written.HashBefore | Should -Be $file.Hash
        (Get-HlStackFile notes).Content | Should -Match 'notes:2[\s\S]*\*\*\*1\*\*\*'
        (Get-HlStackFile notes).Backups | Should -Be $written.Backup
        (Set-HlStackFile notes -Backup $written.Backup -Hash $written.Hash -PassThru).Hash | Should -Be $file.Hash
    }

    It 'writes nothing over what somebody else has changed' {
        $caught = Get-Caught { Set-HlStackFile notes -Content 'services: { a: { image: a } }' -Hash ('0' * 64) }
        $caught.FullyQualifiedErrorId | Should -Be 'StackFileChanged,Homelab.PowerShell.SetHlStackFileCommand'
        $caught.CategoryInfo.Category | Should -Be 'ResourceBusy'
    }

    It 'writes nothing under -WhatIf' {
        $file = Get-HlStackFile notes
        Set-HlStackFile notes -Content 'services: { a: { image: a } }' -Hash $file.Hash -WhatIf
        (Get-HlStackFile notes).Hash | Should -Be $file.Hash
    }

    It 'is not for a person who may only read, even with -Force' {
        $null = Connect-Hl $onlyLooking
        try {
            $file = Get-HlStackFile notes
            (Get-Caught { Set-HlStackFile notes -Content 'x' -Hash $file.Hash -Force }).FullyQualifiedErrorId | Should -Be 'LevelTooLow,Homelab.PowerShell.SetHlStackFileCommand'
        } finally {
            $null = Connect-Hl $lenient
        }
    }
}

Describe 'Start-HlStack and Stop-HlStack' {
    It 'begin nothing under -WhatIf' {
        Start-HlStack notes -WhatIf
        Get-HlContainer notes-* | Should -BeNullOrEmpty
    }

    It 'bring a stack up and take it down' {
        $up = Start-HlStack notes -Settle 0s -PassThru -Confirm:$false
        $up | Should -BeOfType ([Homelab.StackState])
        $up.Up | Should -BeTrue
        $up.Compose | Should -Be 'docker compose 2.39.1'
        (Get-HlContainer notes-* | Sort-Object Name).Name | Should -Be 'notes-notes-1', 'notes-search-1'
        ($up | Format-List | Out-String) | Should -Match 'notes: running'
        $down = Stop-HlStack notes -PassThru -Confirm:$false
        $down.Removed | Should -Be 'notes-notes-1', 'notes-search-1'
        $down.Volumes | Should -Be 'index'
        Get-HlContainer notes-* | Should -BeNullOrEmpty
    }

    It 'say that there is no such stack: <cmdlet>' -ForEach @(
        @{ cmdlet = 'Start-HlStack'; class = 'StartHlStackCommand' }
        @{ cmdlet = 'Stop-HlStack'; class = 'StopHlStackCommand' }
    ) {
        (Get-Caught { & $cmdlet nowhere -Force }).FullyQualifiedErrorId | Should -Be "StackNotFound,Homelab.PowerShell.$class"
    }
}
