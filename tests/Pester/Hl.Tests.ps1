BeforeAll {
    . "$PSScriptRoot/Common.ps1"
    $script:lab = Open-Lab
    $script:other = Open-Lab '--containers', '3'
}

AfterAll {
    Close-Lab $other
    Close-Lab $lab
}

Describe 'Connect-Hl' {
    AfterEach {
        Disconnect-Hl
        $env:HOMELAB_LAB = $null
    }

    It 'works with the lab file that is named, and says which it is' {
        $info = Connect-Hl $lab.File
        $info | Should -BeOfType ([Homelab.LabInfo])
        $info.Source | Should -Be $lab.File
        $info.Level | Should -Be 'Manage'
        $info.Simulated | Should -BeFalse
    }

    It 'starts a relative path at the current location, which is not the process''s' {
        Push-Location (Split-Path $lab.File)
        try {
            (Connect-Hl ./homelab.yaml).Source | Should -Be $lab.File
        } finally {
            Pop-Location
        }
    }

    It 'takes the lab file that HOMELAB_LAB names when none is named' {
        $env:HOMELAB_LAB = $lab.File
        (Connect-Hl).Source | Should -Be $lab.File
    }

    It 'takes homelab.yaml in the current location when nothing else is said' {
        Push-Location (Split-Path $lab.File)
        try {
            (Connect-Hl).Source | Should -Be $lab.File
        } finally {
            Pop-Location
        }
    }

    It 'says that a named file is not there, and keeps the lab that was chosen' {
        $null = Connect-Hl $lab.File
        $caught = Get-Caught { Connect-Hl ./nosuch.yaml }
        $caught.FullyQualifiedErrorId | Should -Be 'LabFileNotFound,Homelab.PowerShell.Commands.ConnectHlCommand'
        $caught.CategoryInfo.Category | Should -Be 'ObjectNotFound'
        (Get-HlLab).Source | Should -Be $lab.File
    }

    It 'tells every mistake of a lab file with its place' {
        $broken = Copy-LabFile $lab 'tier: critical' 'tier: urgent'
        $caught = Get-Caught { Connect-Hl $broken }
        $caught.CategoryInfo.Category | Should -Be 'InvalidArgument'
        $caught.Exception | Should -BeOfType ([Homelab.HomelabException])
        "$caught" | Should -BeLike "*$broken`:*urgent*"
    }

    It 'reads the file anew each time' {
        $file = Copy-LabFile $lab 'name: thinmint' 'name: before'
        (Connect-Hl $file).Name | Should -Be 'before'
        Set-Content $file ((Get-Content $file -Raw) -replace 'name: before', 'name: after')
        (Connect-Hl $file).Name | Should -Be 'after'
    }

    It 'makes of the session a job that nobody watches with -Unattended' {
        $info = Connect-Hl $lab.File -Unattended
        $info.Caller | Should -Be "schedule:$([Environment]::UserName)"
        $info.Level | Should -Be 'Operate'
    }

    It 'starts a simulated lab that ends with the connection and leaves nothing' {
        $before = @(Get-ChildProcess).Id
        $info = Connect-Hl -Simulated
        $info.Simulated | Should -BeTrue
        @(Get-HlContainer).Count | Should -Be 11
        $started = Get-ChildProcess | Where-Object Id -notin $before
        $started | Should -HaveCount 1
        Disconnect-Hl
        @(Get-ChildProcess).Id.Where{ $_ -notin $before } | Should -BeNullOrEmpty
        Split-Path $info.Source | Should -Not -Exist
    }

    It 'takes either a file or a simulated lab' {
        (Get-Caught { Connect-Hl -Path $lab.File -Simulated }).FullyQualifiedErrorId | Should -Be 'AmbiguousParameterSet,Homelab.PowerShell.Commands.ConnectHlCommand'
    }
}

Describe 'Disconnect-Hl' {
    It 'does nothing where nothing is connected' {
        Disconnect-Hl -ErrorAction Stop | Should -BeNullOrEmpty
    }

    It 'closes every connection to the lab' {
        $null = Connect-Hl $lab.File
        Get-HlContainer | Out-Null
        Get-OpenConnection $lab | Should -Not -BeNullOrEmpty
        Disconnect-Hl
        Wait-Until { -not (Get-OpenConnection $lab) }
    }

    It 'lets a cmdlet that still works with the lab come to its end' {
        $null = Connect-Hl $lab.File
        $names = Get-HlContainer | ForEach-Object {
            Disconnect-Hl
            $_.Name
        }
        $names | Should -HaveCount 11
        Wait-Until { -not (Get-OpenConnection $lab) }
    }
}

Describe 'Sessions in one process' {
    BeforeEach {
        $script:one = Open-Session
        $script:two = Open-Session
    }

    AfterEach {
        Close-Session $one
        Close-Session $two
    }

    It 'work with a lab each' {
        $null = Invoke-InSession $one { param($file) Connect-Hl $file } $lab.File
        $null = Invoke-InSession $two { param($file) Connect-Hl $file -Unattended } $other.File
        (Invoke-InSession $one { @(Get-HlContainer).Count; (Get-HlLab).Caller }).Output | Should -Be 11, "interactive:$([Environment]::UserName)"
        (Invoke-InSession $two { @(Get-HlContainer).Count; (Get-HlLab).Caller }).Output | Should -Be 14, "schedule:$([Environment]::UserName)"
        $null = Invoke-InSession $one { Restart-HlContainer gitea@dev }
        Get-Change $lab | Should -Be 'restart gitea@dev'
        Get-Change $other | Should -BeNullOrEmpty
    }

    It 'keep the lab that one of them disconnects from, and that another one has chosen' {
        $simulated = (Invoke-InSession $one { Connect-Hl -Simulated }).Output[0].Source
        $null = Invoke-InSession $two { param($file) Connect-Hl $file; Disconnect-Hl } $simulated
        (Invoke-InSession $one { @(Get-HlContainer).Count }).Output | Should -Be 11
    }

    It 'keep their labs when the module is removed from one of them' {
        $null = Invoke-InSession $one { Connect-Hl -Simulated }
        $null = Invoke-InSession $two { Remove-Module Homelab.PowerShell }
        (Invoke-InSession $one { @(Get-HlContainer).Count }).Output | Should -Be 11
    }

    It 'do not cut one another off by connecting, as in ForEach-Object -Parallel' {
        $file, $module = $lab.File, $moduleFolder
        $counts = 1..12 | ForEach-Object -ThrottleLimit 4 -Parallel {
            Import-Module "$using:module/Homelab.PowerShell.psd1"
            $null = Connect-Hl $using:file
            1..3 | ForEach-Object { @(Get-HlContainer).Count }
        } 2>&1
        $counts | Should -HaveCount 36
        $counts | Sort-Object -Unique | Should -Be 11
    }
}
