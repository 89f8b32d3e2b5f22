#!/usr/bin/env pwsh
<#
.SYNOPSIS
    Runs the files of this suite beside one another, each by Pester in one of a few PowerShells, and tells what came of all of them.
.DESCRIPTION
    Much of a test is waiting for another process. The files share nothing, so that several can wait at once. Those that took longest the last time, or else the largest, begin.

    What it prints last is for other programs: `Pester: <passed> <failed> <skipped>`, then a line for each test that was skipped, with its reason, and for each that failed, with its
    message indented below. A file whose tests did not run, a PowerShell that died, and a file that did not end in time are failures. It ends with 1 when anything failed.
.EXAMPLE
    tests/Pester/Run.ps1
    Runs everything.
.EXAMPLE
    tests/Pester/Run.ps1 HlVm.Gate
    Runs one file.
.EXAMPLE
    tests/Pester/Run.ps1 HlVm*, Views* -Worker 1
    Runs some files one after the other.
#>
[CmdletBinding()]
param(
    # The files: their names without .Tests.ps1; * and ? stand for any text and any character.
    [Parameter(Position = 0)]
    [ValidateNotNullOrEmpty()]
    [string[]] $Name = '*',

    # How many PowerShells run them.
    [ValidateRange(1, 64)]
    [int] $Worker = [Environment]::ProcessorCount + 1,

    # How many minutes a file may take: many times what it does, as a busy machine is no hanging one.
    [ValidateRange(0.01, 120)]
    [double] $Minutes = 30,

    # How many minutes a PowerShell may take to end when no file is left.
    [ValidateRange(0.01, 120)]
    [double] $EndMinutes = 5,

    # The folder of the files.
    [ValidateNotNullOrEmpty()]
    [string] $Path = $PSScriptRoot
)

$ErrorActionPreference = 'Stop'
Set-StrictMode -Version 3

# How long each file took, for the order of the next run.
$timesFile = "$PSScriptRoot/../../artifacts/pester-times.json"

function Get-Time {
    if (Test-Path $timesFile) { Get-Content $timesFile -Raw | ConvertFrom-Json -AsHashtable } else { @{} }
}

function Save-Time {
    # Keeps what was measured now; of a folder of somebody else nothing is kept.
    param([object[]] $Result)
    if ($Path -ne $PSScriptRoot -or -not (Test-Path (Split-Path $timesFile))) { return }
    $times = Get-Time
    foreach ($one in $Result.Where{ $_.Seconds -gt 0 }) { $times[$one.File] = $one.Seconds }
    $times | ConvertTo-Json | Set-Content $timesFile
}

function Get-Order {
    # The files, longest first. One that was never measured may be the longest of all.
    $patterns = ($Name -split ',').Trim()
    $files = @(Get-ChildItem $Path -Filter *.Tests.ps1 -File).Where({ $file = $_.Name -replace '\.Tests\.ps1$'; $patterns.Where({ $file -like $_ }) })
    $times = Get-Time
    $files | Sort-Object { $times.ContainsKey($_.Name) ? $times[$_.Name] : [double]::MaxValue }, Length -Descending
}

function Start-Worker {
    [Diagnostics.CodeAnalysis.SuppressMessageAttribute('PSUseShouldProcessForStateChangingFunctions', '', Justification = 'Starts a child process that ends with us.')]
    param()
    $program = [Environment]::ProcessPath
    # As a .NET tool PowerShell is a library that dotnet runs.
    $library = if ([IO.Path]::GetFileNameWithoutExtension($program) -eq 'dotnet') { "$PSHOME/pwsh.dll" }
    $start = [Diagnostics.ProcessStartInfo]::new($program, [string[]] (@($library).Where{ $_ } + '-NoProfile' + '-File' + "$PSScriptRoot/Worker.ps1" + $folder))
    $start.RedirectStandardInput = $start.RedirectStandardOutput = $start.RedirectStandardError = $true
    # They and all that they start write no profile of what they compiled: it is one file of the account, and many that end at once can spoil it for each other.
    $start.Environment['DOTNET_MultiCoreJitMinNumCpus'] = '1000'
    # Nobody looks into them, and one that is killed would leave its doors for that in the temporary folder.
    $start.Environment['DOTNET_EnableDiagnostics'] = '0'
    $process = [Diagnostics.Process]::Start($start)
    # Nobody is there to be asked.
    $process.StandardInput.Close()
    [pscustomobject]@{ Process = $process; Output = $process.StandardOutput.ReadToEndAsync(); Errors = $process.StandardError.ReadToEndAsync(); Idle = [Diagnostics.Stopwatch]::new() }
}

function Get-Claim {
    # What each worker has begun: the number of the file, its process, and since when.
    foreach ($claim in Get-ChildItem $folder -Filter *.claim) {
        $id = Get-Content $claim -Raw
        # Between its making and its writing it is empty.
        if ($id) { [pscustomobject]@{ Number = [int] $claim.BaseName; Id = [int] $id; Since = $claim.CreationTimeUtc } }
    }
}

function Read-Result {
    # What came of a file; null while nothing did.
    param([int] $Number)
    if (Test-Path "$folder/$Number.json") { Get-Content "$folder/$Number.json" -Raw | ConvertFrom-Json }
}

function New-Failure {
    # The result of a file that has none of its own.
    [Diagnostics.CodeAnalysis.SuppressMessageAttribute('PSUseShouldProcessForStateChangingFunctions', '', Justification = 'Makes an object.')]
    param([string] $File, [string[]] $Message)
    [pscustomobject]@{ File = $File; Seconds = 0.0; Passed = 0; Failed = 1; Skipped = @(); Failures = @([pscustomobject]@{ Name = $File; Message = $Message }) }
}

function Show-Result {
    # A line for a file that has ended, and what failed there.
    param($Result)
    $skipped = $Result.Skipped.Count -gt 0 ? ", $($Result.Skipped.Count) skipped" : ''
    Write-Output ('[{0}] {1} {2:n1}s ({3} passed{4})' -f ($Result.Failed ? '-' : '+'), $Result.File, $Result.Seconds, $Result.Passed, $skipped)
    foreach ($failure in $Result.Failures) {
        "  [-] $($failure.Name)"
        $failure.Message | ForEach-Object { "      $_" }
    }
}

$files = @(Get-Order)
if ($files.Count -eq 0) { throw "No file in $Path is named so: $Name. Give its name without .Tests.ps1." }
$folder = [IO.Directory]::CreateTempSubdirectory('hlp-run').FullName
$workers = [Collections.Generic.List[object]]::new()
$told = @{}
$stuck = [Collections.Generic.List[object]]::new()
$left = [Collections.Generic.List[object]]::new()
$clock = [Diagnostics.Stopwatch]::StartNew()
try {
    Set-Content "$folder/files" $files.FullName
    foreach ($number in 1..[Math]::Min($Worker, $files.Count)) { $workers.Add((Start-Worker)) }
    while ($workers.Count -gt 0) {
        $null = [Threading.Tasks.Task]::WaitAny([Threading.Tasks.Task[]] $workers.Output, 500)
        foreach ($number in 0..($files.Count - 1)) {
            if (-not $told.ContainsKey($number) -and ($result = Read-Result $number)) { Show-Result ($told[$number] = $result) }
        }

        foreach ($one in $workers.ToArray()) {
            # Asked before the claims are read: whoever has ended begins nothing more.
            $ended = $one.Process.HasExited
            $begun = @(Get-Claim).Where{ $_.Id -eq $one.Process.Id }
            $open = $begun.Where{ -not $told.ContainsKey($_.Number) -and -not (Read-Result $_.Number) }
            if (-not $ended) {
                if ($open -and [DateTime]::UtcNow - $open[0].Since -gt [TimeSpan]::FromMinutes($Minutes)) {
                    Show-Result ($told[$open[0].Number] = New-Failure $files[$open[0].Number].Name "It did not end within $Minutes minutes, and was ended. -Minutes gives it more.")
                    $one.Process.Kill($true)
                }

                # With nothing left to do it ends, unless a test has left something in it that does not.
                if ($open -or $told.Count -lt $files.Count) { $one.Idle.Reset() } else { $one.Idle.Start() }
                if ($one.Idle.Elapsed.TotalMinutes -gt $EndMinutes -and $one -notin $stuck) {
                    $ran = @($begun | Sort-Object Since | ForEach-Object { $files[$_.Number].Name })
                    $stuck.Add($one)
                    $left.Add((New-Failure ($ran[-1] ?? 'no file') "The PowerShell that ran it did not end within $EndMinutes minutes after the last file, and was ended."))
                    Show-Result $left[-1]
                    $one.Process.Kill($true)
                }

                continue
            }

            $null = $workers.Remove($one)
            # A process that it has left behind may hold its output.
            $said = $one.Output.Wait(5000) -and $one.Errors.Wait(5000) ? @(($one.Output.Result + $one.Errors.Result) -split '\r?\n').Where{ $_ } : @()
            $how = "died with exit code $($one.Process.ExitCode)."
            if ($open) { Show-Result ($told[$open[0].Number] = New-Failure $files[$open[0].Number].Name (@("The PowerShell that ran it $how") + ($said | Select-Object -Last 6))) }
            elseif ($one.Process.ExitCode -ne 0 -and -not $begun) { @("A PowerShell $how") + $said }
            # Each that is replaced had begun a file, so that this ends.
            if ($begun -and @(Get-Claim).Count -lt $files.Count) { $workers.Add((Start-Worker)) }
            $one.Process.Dispose()
        }
    }

    foreach ($number in 0..($files.Count - 1)) {
        if ($told.ContainsKey($number)) { continue }
        Show-Result ($told[$number] = (Read-Result $number) ?? (New-Failure $files[$number].Name 'No PowerShell ran it.'))
    }
} finally {
    foreach ($one in $workers) { if (-not $one.Process.HasExited) { $one.Process.Kill($true) } }
    Remove-Item $folder -Recurse -Force
}

$results = @($told.GetEnumerator() | Sort-Object { $files[$_.Key].Name } | ForEach-Object Value) + $left.ToArray()
Save-Time $results
$failed = ($results | Measure-Object Failed -Sum).Sum
'{0} files in {1:n0}s' -f $files.Count, $clock.Elapsed.TotalSeconds
$skipped = @($results | ForEach-Object Skipped)
"Pester: $(($results | Measure-Object Passed -Sum).Sum) $failed $($skipped.Count)"
foreach ($skip in $skipped) { "Skipped: $($skip.Name): $($skip.Reason)" }
foreach ($failure in $results | ForEach-Object Failures) {
    "Failed: $($failure.Name)"
    $failure.Message | Select-Object -First 7 | ForEach-Object { "  $_" }
}
exit [int]($failed -gt 0)
