BeforeAll {
    . "$PSScriptRoot/Common.ps1"
    $script:lab = Open-Lab
    $null = Connect-Hl $lab.File
}

AfterAll {
    Close-Lab $lab
}

Describe 'Get-HlProcedure' {
    It 'lists what there is, without the texts' {
        $all = @(Get-HlProcedure)
        $all | Should -BeOfType ([Homelab.Procedure])
        $all.Name | Should -Contain 'change-with-approval'
        $all.Origin | Should -Not -Contain 'Lab'
        $all.Lines | Should -BeNullOrEmpty
    }

    It 'reads one by its name, by a pattern and from the pipeline' {
        (Get-HlProcedure placement).Lines[0] | Should -Be '# Where to put it'
        (Get-HlProcedure 'place*').Title | Should -Be 'Where to put it'
        ('placement' | Get-HlProcedure).Lines.Count | Should -BeGreaterThan 20
        (Get-HlProcedure | Where-Object Name -EQ placement | Get-HlProcedure).Lines[0] | Should -Be '# Where to put it'
    }

    It 'says what is meant when there is none' {
        Get-HlProcedure placment -ErrorVariable failure -ErrorAction SilentlyContinue | Should -BeNullOrEmpty
        $failure[0].FullyQualifiedErrorId | Should -BeLike 'ProcedureNotFound*'
        $failure[0].Exception.Message | Should -BeLike "*Did you mean 'placement'?*"
    }
}
