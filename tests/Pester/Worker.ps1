# One of the PowerShells that Run.ps1 starts: takes one file after the other from the list in a folder, as long as one is left that nobody has begun, and writes
# what came of it beside the list. It sets no preference: the tests would have it too.
param([Parameter(Mandatory)] [string] $Folder)

function Request-File {
    # True for the one that comes first.
    param([string] $Claim)
    try {
        $file = [IO.File]::Open($Claim, 'CreateNew', 'Write', 'Read')
    } catch [IO.IOException] {
        return $false
    }
    $file.Write([Text.Encoding]::ASCII.GetBytes("$PID"))
    $file.Dispose()
    $true
}

function Get-Message {
    # The first lines of what went wrong, and where.
    param($Thing)
    $record = @($Thing.ErrorRecord).Where{ $_ }
    if (-not $record) { return }
    "$($record[0])" -split '\r?\n' | Where-Object { $_ } | Select-Object -First 12
    $trace = "$($record[0].ScriptStackTrace)" -split '\r?\n'
    $trace.Where({ $_ -like '*.Tests.ps1:*' }, 'First')[0] ?? $trace[0]
}

function ConvertTo-Result {
    # What Pester found in one file, as far as it is told.
    param($Run, [string] $File, [double] $Seconds)
    $broken = @($Run.FailedBlocks) + @($Run.FailedContainers)
    # A test whose block failed before it has nothing to tell of its own.
    $failures = @(@($Run.Failed).Where{ $_.ErrorRecord } + $broken | ForEach-Object { @{ Name = "$($_.PSObject.Properties['ExpandedPath'] ? $_.ExpandedPath : $File)"; Message = @(Get-Message $_) } })
    if ($Run.PassedCount + $Run.FailedCount + $Run.SkippedCount -eq 0 -and $failures.Count -eq 0) { $failures = @(@{ Name = $File; Message = @('No test was run.') }); $broken = @($File) }
    @{
        File = $File
        Seconds = $Seconds
        Passed = $Run.PassedCount
        Failed = $Run.FailedCount + $broken.Count
        Skipped = @(@($Run.Skipped).ForEach{ @{ Name = $_.ExpandedPath; Reason = $_.ErrorRecord ? "$($_.ErrorRecord)".Split("`n")[0] : 'by -Skip' } })
        Failures = $failures
    }
}

$number = 0
foreach ($path in Get-Content "$Folder/files") {
    if (Request-File "$Folder/$number.claim") {
        $clock = [Diagnostics.Stopwatch]::StartNew()
        $run = Invoke-Pester $path -PassThru -Output None
        $result = ConvertTo-Result $run (Split-Path $path -Leaf) ([Math]::Round($clock.Elapsed.TotalSeconds, 1))
        # Whole from the moment that it is seen.
        ConvertTo-Json $result -Depth 5 -Compress | Set-Content "$Folder/$number.part"
        Move-Item "$Folder/$number.part" "$Folder/$number.json"
    }
    $number++
}
