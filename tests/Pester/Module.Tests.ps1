BeforeAll {
    . "$PSScriptRoot/Common.ps1"
    $script:lab = Open-Lab
    $script:manifest = "$moduleFolder/Homelab.PowerShell.psd1"
}

AfterAll {
    Close-Lab $lab
}

Describe 'The module' {
    It 'has a manifest that is well' {
        $tested = Test-ModuleManifest $manifest -ErrorAction Stop
        $tested.PowerShellVersion | Should -Be '7.6'
        $tested.Version | Should -Be (Split-Path $moduleFolder -Leaf)
    }

    It 'exports what its manifest lists, and nothing else' {
        $module = Get-Module Homelab.PowerShell
        $module.ExportedCmdlets.Keys | Sort-Object | Should -Be ((Import-PowerShellDataFile $manifest).CmdletsToExport | Sort-Object)
        $module.ExportedFunctions.Keys | Should -BeNullOrEmpty
        $module.ExportedAliases.Keys | Should -BeNullOrEmpty
        $module.ExportedVariables.Keys | Should -BeNullOrEmpty
    }

    It 'has a test of each of its cmdlets' {
        # In code, and not in a comment.
        $code = foreach ($file in Get-ChildItem $PSScriptRoot -Filter *.Tests.ps1) {
            $tokens = $null
            $null = [Management.Automation.Language.Parser]::ParseFile($file, [ref] $tokens, [ref] $null)
            $tokens.Where{ $_.Kind -ne 'Comment' }.Text
        }
        $text = $code -join "`n"
        (Import-PowerShellDataFile $manifest).CmdletsToExport.Where{ $text -notmatch "(?<!\w)$_(?!\w)" } | Should -BeNullOrEmpty
    }

    It 'adds nothing but itself to the session' {
        $said = Invoke-Shell "Get-Command Connect-Hl | Out-Null; (Get-Module | Where-Object Path -like '$moduleFolder*').Name"
        $said.Output | Should -Be 'Homelab.PowerShell'
        $said.Errors | Should -BeNullOrEmpty
    }

    It 'lets its types be named' {
        [Homelab.Container].Assembly.GetName().Name | Should -Be 'Homelab.Core'
        "$([Homelab.ContainerRef] 'gitea@dev')" | Should -Be 'gitea@dev'
        ([Homelab.ContainerRef] 'gitea@dev').Host | Should -Be 'dev'
        { [Homelab.ContainerRef] '../etc' } | Should -Throw '*not a container name*'
    }

    It 'throws failures that scripts can tell apart' {
        $null = Connect-Hl $lab.File
        try {
            Restart-HlContainer nosuch -ErrorAction Stop
        } catch [Homelab.HomelabException] {
            $caught = $_
        } finally {
            Disconnect-Hl
        }
        $caught.Exception.Id | Should -Be 'ContainerNotFound'
        $caught.Exception.Kind | Should -Be ([Homelab.ErrorKind]::NotFound)
        $caught.Exception.Target | Should -Be 'nosuch'
    }
}

Describe 'Importing again' {
    It 'works after <what>' -ForEach @(
        @{ what = 'nothing, with -Force'; again = 'Import-Module $manifest -Force' }
        @{ what = 'Remove-Module'; again = 'Remove-Module Homelab.PowerShell; Import-Module $manifest' }
        @{ what = 'Remove-Module, twice'; again = '1..2 | ForEach-Object { Remove-Module Homelab.PowerShell; Import-Module $manifest }' }
    ) {
        $said = Invoke-InSession ($session = Open-Session) ([scriptblock]::Create(@"
param(`$manifest, `$file)
`$null = Connect-Hl `$file
@(Get-HlContainer).Count
$again
`$null = Connect-Hl `$file
@(Get-HlContainer).Count
(Get-Module Homelab.PowerShell).ExportedCmdlets.Count
"@)) $manifest, $lab.File
        Close-Session $session
        $said.Errors | Should -BeNullOrEmpty
        $said.Output | Should -Be 11, 11, (Get-Module Homelab.PowerShell).ExportedCmdlets.Count
    }
}

Describe 'Remove-Module' {
    It 'ends the simulated lab, closes every connection and leaves no file' {
        # In a process of its own: what another session has open must not count.
        $said = Invoke-Shell @"
. '$PSScriptRoot/Common.ps1'
`$simulated = Connect-Hl -Simulated
Get-HlContainer gitea | Restart-HlContainer
`$null = Connect-Hl '$($lab.File)'
Get-HlContainer gitea | Out-Null
`$null = Connect-Hl `$simulated.Source
@{ processes = @(Get-ChildProcess).Count; folder = Split-Path `$simulated.Source } | ConvertTo-Json -Compress
Remove-Module Homelab.PowerShell
@{ processes = @(Get-ChildProcess).Count; exists = Test-Path (Split-Path `$simulated.Source) } | ConvertTo-Json -Compress
Import-Module '$manifest'
`$null = Connect-Hl '$($lab.File)'
"`$(Get-HlContainer gitea)"
"@
        $said.Errors | Should -BeNullOrEmpty
        $before, $after, $again = $said.Output -split '\r?\n'
        ($before | ConvertFrom-Json).processes | Should -Be 1
        ($after | ConvertFrom-Json).processes | Should -Be 0
        ($after | ConvertFrom-Json).exists | Should -BeFalse
        $again | Should -Be 'gitea@dev'
        Get-ChildItem (Split-Path $lab.File) -Filter 'homelab.db-*' | Should -BeNullOrEmpty
    }

    It 'closes the connections and the state of a lab' {
        $session = Open-Session
        $null = Invoke-InSession $session { param($file) Connect-Hl $file; Get-HlContainer } $lab.File
        Get-OpenConnection $lab | Should -Not -BeNullOrEmpty
        Get-ChildItem (Split-Path $lab.File) -Filter 'homelab.db-wal' | Should -Not -BeNullOrEmpty
        $null = Invoke-InSession $session { Remove-Module Homelab.PowerShell }
        Wait-Until { -not (Get-OpenConnection $lab) }
        Get-ChildItem (Split-Path $lab.File) -Filter 'homelab.db-*' | Should -BeNullOrEmpty
        $session.Runspace.Dispose()
        $session.Dispose()
    }
}

Describe 'A PowerShell that ends' {
    It 'takes its simulated lab with it, and its files' {
        $said = Invoke-Shell 'Split-Path (Connect-Hl -Simulated).Source; (Get-Process).Where{ $_.Parent.Id -eq $PID }.Id'
        $said.Errors | Should -BeNullOrEmpty
        $folder, $process = $said.Output -split '\r?\n'
        Wait-Until { -not (Test-Running $process) }
        $folder | Should -Not -Exist
    }

    It 'that is killed does so too' {
        $start = [Diagnostics.ProcessStartInfo]::new($pwsh[0])
        foreach ($word in @($pwsh | Select-Object -Skip 1) + '-NoProfile', '-NonInteractive', '-Command', "Import-Module '$manifest'; Split-Path (Connect-Hl -Simulated).Source; (Get-Process).Where{ `$_.Parent.Id -eq `$PID }.Id; [Threading.Thread]::CurrentThread.Join()") { $start.ArgumentList.Add($word) }
        $start.RedirectStandardOutput = $true
        $shell = [Diagnostics.Process]::Start($start)
        try {
            $folder = $shell.StandardOutput.ReadLine()
            $process = $shell.StandardOutput.ReadLine()
            $folder | Should -Exist
        } finally {
            $shell.Kill()
            $shell.Dispose()
        }
        Wait-Until { -not (Test-Running $process) }
        $folder | Should -Not -Exist
    }
}
