# The package as a gallery gets it: `dotnet pack src/Homelab.PowerShell` makes it, and nothing here does. Everything is installed into temporary folders.

BeforeAll {
    $root = (Resolve-Path "$PSScriptRoot/../..").Path
    $script:manifest = Import-PowerShellDataFile "$root/module/Homelab.PowerShell.psd1"
    $fileName = "Homelab.PowerShell.$($manifest.ModuleVersion).nupkg"
    $script:package = "$root/artifacts/packages/$fileName"
    $script:runtime = [Runtime.InteropServices.RuntimeInformation]::RuntimeIdentifier
    $script:selfContained = "$root/artifacts/packages/$runtime/$fileName"
    if (-not (Test-Path $package)) { throw "There is no $package. Make it: dotnet pack src/Homelab.PowerShell" }
    $script:laidOut = "$root/artifacts/module/Homelab.PowerShell/$($manifest.ModuleVersion)"

    $zip = [IO.Compression.ZipFile]::OpenRead($package)
    try {
        # These are the package's own, and no gallery client installs them.
        $script:files = $zip.Entries.FullName.Where({ $_ -notmatch '^(_rels/|package/|\[Content_Types\]\.xml$|[^/]+\.nuspec$)' })
        $reader = [IO.StreamReader]::new($zip.GetEntry('Homelab.PowerShell.nuspec').Open())
        $script:nuspec = ([xml] $reader.ReadToEnd()).package.metadata
        $reader.Dispose()
    } finally {
        $zip.Dispose()
    }

    function Expand-Package {
        # The module as one has it who unpacks a package by hand into a folder of PSModulePath: where it lies.
        param([Parameter(Mandatory)] [string] $Path, [Parameter(Mandatory)] [string] $Destination)
        $module = [IO.Path]::Combine($Destination, 'Homelab.PowerShell', $manifest.ModuleVersion)
        [IO.Compression.ZipFile]::ExtractToDirectory($Path, $module)
        $module
    }

    function Invoke-Child {
        # Runs a script in a PowerShell that knows no folder of this user: what it printed, or an error with what it said.
        param([Parameter(Mandatory)] [string] $Script, [Parameter(Mandatory)] [string] $Folder, [hashtable] $Environment = @{})
        $library = if ([IO.Path]::GetFileNameWithoutExtension([Environment]::ProcessPath) -eq 'dotnet') { "$PSHOME/pwsh.dll" }
        $start = [Diagnostics.ProcessStartInfo]::new([Environment]::ProcessPath, [string[]] (@($library).Where{ $_ } + '-NoProfile', '-NonInteractive', '-Command', "`$ErrorActionPreference = 'Stop'; $Script"))
        $start.RedirectStandardInput = $start.RedirectStandardOutput = $start.RedirectStandardError = $true
        $start.WorkingDirectory = $Folder
        # PSResourceGet installs into the home folder even where XDG_DATA_HOME tells PowerShell to look elsewhere.
        foreach ($name in 'HOMELAB_LAB', 'PSModulePath', 'XDG_DATA_HOME') { $null = $start.Environment.Remove($name) }
        $start.Environment['NO_COLOR'] = '1'
        $start.Environment['HOME'] = $Folder
        foreach ($name in $Environment.Keys) { $start.Environment[$name] = $Environment[$name] }
        $process = [Diagnostics.Process]::Start($start)
        try {
            $process.StandardInput.Close()
            $errors = $process.StandardError.ReadToEndAsync()
            $output = $process.StandardOutput.ReadToEnd()
            $process.WaitForExit()
            if ($process.ExitCode -ne 0) { throw "It ended with $($process.ExitCode): $($errors.Result) $output" }
            $output.Trim() -split '\r?\n'
        } finally {
            $process.Dispose()
        }
    }

    # What a person does first, and what it tells: where the module lies, how many cmdlets it has, whether it works.
    $script:firstSteps = @'
Import-Module Homelab.PowerShell
(Get-Module Homelab.PowerShell).ModuleBase
(Get-Command -Module Homelab.PowerShell).Count
(Connect-Hl -Simulated).Simulated
(Get-HlContainer traefik).Name
'@
}

Describe 'The package of the module' {
    BeforeEach {
        $folder = [IO.Directory]::CreateTempSubdirectory('hlp').FullName
        $null = New-Item "$folder/.local/share" -ItemType Directory
    }

    AfterEach {
        Remove-Item $folder -Recurse -Force
    }

    It 'says what the manifest says' {
        $data = $manifest.PrivateData.PSData
        $nuspec.id | Should -BeExactly 'Homelab.PowerShell'
        $nuspec.version | Should -BeExactly $manifest.ModuleVersion
        $nuspec.authors | Should -BeExactly $manifest.Author
        $nuspec.description | Should -BeExactly $manifest.Description
        $nuspec.copyright | Should -BeExactly $manifest.Copyright
        $nuspec.projectUrl | Should -BeExactly $data.ProjectUri
        $nuspec.releaseNotes | Should -BeExactly $data.ReleaseNotes
        $nuspec.license.type | Should -BeExactly 'expression'
        $nuspec.license.InnerText | Should -BeExactly 'MIT'
    }

    It 'is found by the tags of the manifest and by each cmdlet' {
        $expected = @('PSModule') + $manifest.PrivateData.PSData.Tags + 'PSIncludes_Cmdlet' + $manifest.CmdletsToExport.ForEach({ "PSCommand_$_" })
        $nuspec.tags -split ' ' | Sort-Object | Should -BeExactly ($expected | Sort-Object)
        # The gallery's limit.
        $nuspec.tags.Length | Should -BeLessThan 4000
    }

    It 'depends on nothing' {
        $nuspec.SelectNodes('//*[local-name()="dependency"]').Count | Should -Be 0
    }

    It 'holds the module as it is laid out, with the manifest at its top' {
        $expected = (Get-ChildItem $laidOut -Recurse -File).ForEach({ [IO.Path]::GetRelativePath($laidOut, $_.FullName).Replace('\', '/') })
        $files | Sort-Object | Should -BeExactly ($expected | Sort-Object)
        $files | Should -Contain 'Homelab.PowerShell.psd1'
        $files | Should -Contain 'host/homelab.dll'
        $files | Should -Contain 'LICENSE'
    }

    It 'brings SQLite for the platforms that people have, and nothing that only a web server reads' {
        $platforms = 'linux-arm', 'linux-arm64', 'linux-musl-x64', 'linux-x64', 'osx-arm64', 'osx-x64', 'win-arm64', 'win-x64'
        foreach ($part in 'bin', 'host') {
            $files.Where({ $_ -like "$part/runtimes/*" }).ForEach({ ($_ -split '/')[2] }) | Sort-Object -Unique | Should -BeExactly $platforms
        }
        $files.Where({ $_ -match 'web\.config$|staticwebassets' }) | Should -BeNullOrEmpty
    }

    It 'is installed from a folder by Install-PSResource' {
        if (-not (Get-Module -ListAvailable Microsoft.PowerShell.PSResourceGet)) { Set-ItResult -Skipped -Because 'the module Microsoft.PowerShell.PSResourceGet is not here' }
        if ($IsWindows) { Set-ItResult -Skipped -Because 'on Windows it would install into the Documents folder of the user' }
        $gallery = "$folder/gallery"
        $null = New-Item $gallery -ItemType Directory
        Copy-Item $package $gallery
        $lines = Invoke-Child -Folder $folder @"
            Register-PSResourceRepository gallery -Uri '$gallery' -Trusted
            Install-PSResource Homelab.PowerShell -Repository gallery
            (Get-InstalledPSResource Homelab.PowerShell).Version.ToString()
            $firstSteps
"@
        $lines | Should -BeExactly @("$([version]$manifest.ModuleVersion)", "$folder/.local/share/powershell/Modules/Homelab.PowerShell/$($manifest.ModuleVersion)", "$($manifest.CmdletsToExport.Count)", 'True', 'traefik')
    }

    It 'works where it is unpacked by hand' {
        $module = Expand-Package $package "$folder/modules"
        $lines = Invoke-Child -Folder $folder -Environment @{ PSModulePath = "$folder/modules" } $firstSteps
        $lines | Should -BeExactly @($module, "$($manifest.CmdletsToExport.Count)", 'True', 'traefik')
    }

    It 'starts its program without any .NET where it is the self-contained one' {
        if (-not (Test-Path $selfContained)) { Set-ItResult -Skipped -Because "there is no package for $runtime (dotnet pack src/Homelab.PowerShell -p:HostRuntime=$runtime makes it)" }
        $module = Expand-Package $selfContained "$folder/modules"
        $nowhere = "$folder/nowhere"
        # This PowerShell may itself need the .NET of the machine; what it starts must not.
        $lines = Invoke-Child -Folder $folder -Environment @{ PSModulePath = "$folder/modules"; PATH = $nowhere; DOTNET_ROOT = $nowhere } @"
            $firstSteps
            (Get-Process homelab).Where({ `$_.Path -like '$module*' }).Count
"@
        $lines | Should -BeExactly @($module, "$($manifest.CmdletsToExport.Count)", 'True', 'traefik', '1')
    }
}
