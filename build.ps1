#!/usr/bin/env pwsh
<#
.SYNOPSIS
    The PowerShell front door to what `dotnet` does in this repository.
.DESCRIPTION
    Each task is one dotnet command; nothing happens here that a shell without PowerShell could not do.
.EXAMPLE
    ./build.ps1
    Builds everything.
.EXAMPLE
    ./build.ps1 Build, Test -Configuration Release
    Builds for release and runs every test.
.EXAMPLE
    ./build.ps1 Demo
    Breaks a simulated homelab and heals it.
#>
[CmdletBinding()]
param(
    # What to do, in this order.
    [Parameter(Position = 0)]
    [ValidateSet('Build', 'Test', 'Demo', 'Benchmark')]
    [string[]] $Task = @('Build'),

    # For whom to build. Benchmarks are always for release.
    [ValidateSet('Debug', 'Release')]
    [string] $Configuration = 'Debug'
)

$commands = @{
    Build     = 'build', '--configuration', $Configuration
    Test      = 'test', '--configuration', $Configuration
    Demo      = 'run', '--configuration', $Configuration, '--project', 'src/Homelab.Host', '--', 'demo'
    Benchmark = 'run', '--configuration', 'Release', '--project', 'tests/Homelab.Benchmarks'
}

Push-Location $PSScriptRoot
try {
    foreach ($name in $Task) {
        $arguments = $commands[$name]
        Write-Verbose "dotnet $arguments"
        dotnet @arguments
        if ($LASTEXITCODE -ne 0) { exit $LASTEXITCODE }
    }
} finally {
    Pop-Location
}
