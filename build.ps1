#!/usr/bin/env pwsh
<#
.SYNOPSIS
    The PowerShell front door to what `dotnet` does in this repository.
.DESCRIPTION
    Each task is one command; nothing happens here that could not be typed. All but Install and Pester are dotnet commands, which a shell without PowerShell can run
    just as well; those two need PowerShell 7.6, as the module itself does.

    Build      builds everything.
    Test       runs every test but those of Pester.
    Pack       makes the module's package in artifacts/packages.
    Install    installs that package for the current user, from the folder as from a gallery.
    Pester     tests the module in PowerShell, as it was packed before, several files at once.
    Demo       breaks a simulated homelab and heals it.
    Benchmark  measures.
.EXAMPLE
    ./build.ps1
    Builds everything.
.EXAMPLE
    ./build.ps1 Build, Test -Configuration Release
    Builds for release and runs every test.
.EXAMPLE
    ./build.ps1 Pack, Install
    Installs the module from this source.
.EXAMPLE
    ./build.ps1 Pack, Install -HostRuntime linux-arm64
    The same for a machine without the ASP.NET Core runtime: .NET is in the package.
.EXAMPLE
    ./build.ps1 Pester -File HlVm*
    Runs some files of Pester.
.EXAMPLE
    ./build.ps1 Demo
    Breaks a simulated homelab and heals it.
#>
[CmdletBinding()]
param(
    # What to do, in this order.
    [Parameter(Position = 0)]
    [ValidateSet('Build', 'Test', 'Pack', 'Install', 'Pester', 'Demo', 'Benchmark')]
    [string[]] $Task = @('Build'),

    # For whom to build. Packages and benchmarks are always for release.
    [ValidateSet('Debug', 'Release')]
    [string] $Configuration = 'Debug',

    # The platform whose .NET is put into the package, such as linux-x64, linux-arm64, win-x64, osx-arm64. Without it the machine must have the runtime.
    [ValidatePattern('^[a-z0-9.-]+$')]
    [string] $HostRuntime,

    # Which files of Pester: their names without .Tests.ps1; * and ? stand for any text and any character.
    [ValidateNotNullOrEmpty()]
    [string[]] $File = '*'
)

$commands = @{
    Build     = 'build', '--configuration', $Configuration
    Test      = 'test', '--configuration', $Configuration
    Pack      = @('pack', 'src/Homelab.PowerShell') + @(if ($HostRuntime) { "-p:HostRuntime=$HostRuntime" })
    Demo      = 'run', '--configuration', $Configuration, '--project', 'src/Homelab.Host', '--', 'demo'
    Benchmark = 'run', '--configuration', 'Release', '--project', 'tests/Homelab.Benchmarks'
}

function Install-Homelab {
    # From the folder of packages, as from any gallery. It is registered no longer than that takes.
    $repository = "Homelab.PowerShell-$PID"
    Register-PSResourceRepository $repository -Uri "$PSScriptRoot/artifacts/packages/$HostRuntime" -Trusted -ErrorAction Stop
    try {
        Install-PSResource Homelab.PowerShell -Repository $repository -Reinstall -PassThru -ErrorAction Stop
    } finally {
        Unregister-PSResourceRepository $repository
    }
}

Push-Location $PSScriptRoot
try {
    foreach ($name in $Task) {
        if ($name -in 'Install', 'Pester') {
            if ($PSVersionTable.PSVersion -lt '7.6') { throw "$name needs PowerShell 7.6, and this is $($PSVersionTable.PSVersion). Start ./build.ps1 in pwsh." }
            if ($name -eq 'Install') { Install-Homelab; continue }
            tests/Pester/Run.ps1 $File
            if ($LASTEXITCODE -ne 0) { exit $LASTEXITCODE }
            continue
        }
        $arguments = $commands[$name]
        Write-Verbose "dotnet $arguments"
        dotnet @arguments
        if ($LASTEXITCODE -ne 0) { exit $LASTEXITCODE }
    }
} finally {
    Pop-Location
}
