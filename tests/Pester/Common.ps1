# Every file of this suite begins by dot-sourcing this one in its BeforeAll: it imports the module as it is laid out for installing, and knows how to start a
# simulated homelab, to break something in it, and to see what was done to it.
#
# Without the module there is nothing to test: `dotnet publish src/Homelab.PowerShell` lays it out. HOMELAB_MODULE names another folder to test.

function Find-LaidOutModule {
    # The folder of the module that is tested.
    $found = if ($env:HOMELAB_MODULE) {
        Get-Item "$env:HOMELAB_MODULE/Homelab.PowerShell.psd1" -ErrorAction Ignore
    } else {
        Get-Item "$PSScriptRoot/../../artifacts/module/Homelab.PowerShell/*/Homelab.PowerShell.psd1" -ErrorAction Ignore
    }
    if (@($found).Count -ne 1) {
        $where = if ($env:HOMELAB_MODULE) { "$env:HOMELAB_MODULE (HOMELAB_MODULE)" } else { 'artifacts/module' }
        throw "There must be one module in $where, and there are $(@($found).Count). Lay it out: dotnet publish src/Homelab.PowerShell"
    }
    $found.Directory.FullName
}

function Wait-Until {
    # Goes on as soon as a condition holds, and fails when it does not in time.
    # It only keeps a test from waiting for ever: what stands still for a minute on a busy machine is not what is tested.
    param([Parameter(Mandatory)] [scriptblock] $Condition, [int] $Seconds = 240)
    $clock = [Diagnostics.Stopwatch]::StartNew()
    $never = [Threading.ManualResetEventSlim]::new()
    try {
        while (-not (& $Condition)) {
            if ($clock.Elapsed.TotalSeconds -ge $Seconds) { throw "Not so within $Seconds seconds: $Condition" }
            # Those that are waited for need the processor more than the next look does.
            $null = $never.Wait(15)
        }
    } finally {
        $never.Dispose()
    }
}

function Test-Running {
    # True while a process runs. One that has ended and that nobody has asked how, as where a container has no init, does not.
    param([Parameter(Mandatory)] [int] $Id)
    if ($IsLinux) {
        $status = try { [IO.File]::ReadAllText("/proc/$Id/stat") } catch [IO.IOException] { '' }
        return $status -match '\) [^ZX] '
    }
    [bool] (Get-Process -Id $Id -ErrorAction Ignore)
}

function New-Folder {
    # A temporary folder of the test's own; Close-Lab removes those of a lab.
    [Diagnostics.CodeAnalysis.SuppressMessageAttribute('PSUseShouldProcessForStateChangingFunctions', '', Justification = 'Makes a temporary folder for a test.')]
    param()
    [IO.Directory]::CreateTempSubdirectory('hlp').FullName
}

function Get-FreePort {
    # Below those that a system hands to whoever asks for any port: nobody is given one of these between the look at it and its use.
    while ($true) {
        $port = Get-Random -Minimum 20000 -Maximum 32000
        $listener = [Net.Sockets.TcpListener]::new([Net.IPAddress]::Loopback, $port)
        try {
            $listener.Start()
            return $port
        } catch [Net.Sockets.SocketException] {
            Write-Verbose "Port ${port} is taken: another one."
        } finally {
            $listener.Stop()
        }
    }
}

function Open-Lab {
    # Starts a simulated homelab: its lab file, its control, its process. It ends with Close-Lab, or with us.
    param([string[]] $Option = @())
    $folder = New-Folder
    $start = [Diagnostics.ProcessStartInfo]::new('dotnet', [string[]] (@("$moduleFolder/host/homelab.dll", 'lab', '--write', $folder, '--attached') + $Option))
    $start.RedirectStandardInput = $start.RedirectStandardOutput = $true
    $process = [Diagnostics.Process]::Start($start)
    $line = $process.StandardOutput.ReadLine()
    if (-not $line) {
        $process.WaitForExit()
        Remove-Item $folder -Recurse -Force
        throw "The simulated homelab did not start: exit code $($process.ExitCode)"
    }
    $ready = $line | ConvertFrom-Json
    # Questions that are put stand as long as a file of tests may take.
    Set-Content $ready.lab ((Get-Content $ready.lab -Raw) -replace 'expiry: 5m', 'expiry: 2h') -NoNewline
    # What was healed may take its time to be well: a second restart would be one that nobody expects.
    $runbook = "$folder/runbooks/container-crash-recovery.yaml"
    Set-Content $runbook ((Get-Content $runbook -Raw) -replace 'within: \d+s', 'within: 120s') -NoNewline
    [pscustomobject]@{ File = $ready.lab; Control = $ready.control; Process = $process; Folders = [Collections.Generic.List[string]] $folder }
}

function Close-Lab {
    # Closes what we have open of a simulated homelab, ends its process and removes its files.
    param([Parameter(Mandatory)] [AllowNull()] $Lab)
    if ($null -eq $Lab) { return }
    Disconnect-Hl
    $Lab.Process.StandardInput.Close()
    if (-not $Lab.Process.WaitForExit(240000)) {
        $Lab.Process.Kill($true)
        throw 'The simulated homelab did not end by itself within 4 minutes.'
    }
    $Lab.Process.Dispose()
    foreach ($folder in $Lab.Folders) { Remove-Item $folder -Recurse -Force }
}

function Copy-LabFile {
    # Another lab file for the same homelab, with lines added or replaced, and a state of its own.
    param([Parameter(Mandatory)] $Lab, [Parameter(Mandatory)] [string] $Pattern, [Parameter(Mandatory)] [AllowEmptyString()] [string] $Replacement)
    $folder = New-Folder
    $Lab.Folders.Add($folder)
    Copy-Item "$(Split-Path $Lab.File)/secrets", "$(Split-Path $Lab.File)/runbooks" $folder -Recurse
    $was = Get-Content $Lab.File -Raw
    $is = $was -replace $Pattern, $Replacement
    if ($is -ceq $was) { throw "Nothing in the lab file matches '$Pattern'." }
    Set-Content "$folder/homelab.yaml" $is
    "$folder/homelab.yaml"
}

function Wait-Monitor {
    # Goes on once Uptime Kuma has looked at everything, and has found it well. One connection asks it at most once a second, which is what it bears.
    param([Parameter(Mandatory)] [int] $Count)
    $all = $Count
    Wait-Until { $null = Connect-Hl (Get-HlLab).Source; @(Get-HlMonitor).Where{ $_.Status -eq 'Up' }.Count -eq $all }
}

function Invoke-Control {
    # Plays fate in a simulated homelab: docs/lab-simulator.md lists the routes.
    param([Parameter(Mandatory)] $Lab, [Parameter(Mandatory)] [string] $Method, [Parameter(Mandatory)] [string] $Route)
    Invoke-RestMethod "$($Lab.Control)/$Route" -Method $Method -Verbose:$false
}

function Get-Change {
    # Every request that could have changed something, as the homelab itself has seen it: 'restart gitea@dev'.
    param([Parameter(Mandatory)] $Lab)
    # An empty list comes as one empty object.
    foreach ($change in (Invoke-Control $Lab Get changes).Where{ $_.method }) { "$(($change.path -split '[/?]')[3]) $($change.container)@$($change.host)" }
}

function Get-NodeChange {
    # Every request that could have changed something, as the simulated hypervisors have seen it: 'POST pve/qemu/100/status/start'.
    param([Parameter(Mandatory)] $Lab)
    foreach ($change in (Invoke-Control $Lab Get changes).Where{ $_.method -and -not $_.container }) { "$($change.method) $($change.path -replace '^/nodes/')" }
}

function Get-RequestCount {
    # How many requests the homelab's engines and nodes have had.
    param([Parameter(Mandatory)] $Lab)
    (Invoke-Control $Lab Get requests).count
}

function Get-OpenConnection {
    # Our connections to the engines of a lab that are not closed.
    param([Parameter(Mandatory)] $Lab)
    $ports = [regex]::Matches((Get-Content $Lab.File -Raw), 'docker: "tcp://127\.0\.0\.1:(\d+)"').ForEach({ [int] $_.Groups[1].Value })
    [Net.NetworkInformation.IPGlobalProperties]::GetIPGlobalProperties().GetActiveTcpConnections() |
        Where-Object { $_.RemoteEndPoint.Port -in $ports -and $_.State -eq 'Established' }
}

function Get-ChildProcess {
    # The processes that we have started and that run.
    (Get-Process).Where{ $_.Parent.Id -eq $PID -and -not $_.HasExited }
}

function Get-Caught {
    # Runs something and returns the errors that it wrote or threw, and nothing else.
    param([Parameter(Mandatory)] [scriptblock] $Script)
    try {
        & $Script 2>&1 | Where-Object { $_ -is [Management.Automation.ErrorRecord] }
    } catch {
        $_
    }
}

function Complete-Line {
    # What real tab completion offers at the end of a line.
    param([Parameter(Mandatory)] [string] $Line)
    (TabExpansion2 $Line $Line.Length).CompletionMatches
}

function Open-Session {
    # A session beside ours in the same process: a runspace of its own, with the module, where nobody can be asked.
    $session = [powershell]::Create()
    $null = $session.AddCommand('Import-Module').AddParameter('Name', "$moduleFolder/Homelab.PowerShell.psd1").Invoke()
    $session
}

function Close-Session {
    # Ends a session, and the labs that it alone has chosen.
    param([Parameter(Mandatory)] [AllowNull()] [powershell] $Session)
    if ($null -eq $Session) { return }
    $Session.Stop()
    $null = Invoke-InSession $Session { Remove-Module Homelab.PowerShell }
    $Session.Runspace.Dispose()
    $Session.Dispose()
}

function Start-InSession {
    # Begins to run something in a session.
    [Diagnostics.CodeAnalysis.SuppressMessageAttribute('PSUseShouldProcessForStateChangingFunctions', '', Justification = 'Runs a script block for a test.')]
    param([Parameter(Mandatory)] [powershell] $Session, [Parameter(Mandatory)] [scriptblock] $Script, [object[]] $ArgumentList = @())
    $Session.Commands.Clear()
    $Session.Streams.ClearStreams()
    $null = $Session.AddScript($Script)
    foreach ($argument in $ArgumentList) { $null = $Session.AddArgument($argument) }
    $Session.BeginInvoke()
}

function Invoke-InSession {
    # Runs something in a session: what it wrote, and its errors.
    param([Parameter(Mandatory)] [powershell] $Session, [Parameter(Mandatory)] [scriptblock] $Script, [object[]] $ArgumentList = @())
    $running = Start-InSession $Session $Script $ArgumentList
    $output = @($Session.EndInvoke($running))
    [pscustomobject]@{ Output = $output; Errors = @($Session.Streams.Error) }
}

function Invoke-Shell {
    # Runs a script in a PowerShell of its own: what it printed, and how it ended. Where it asks, it reads the answers from the input; without any, nobody can be asked.
    param([Parameter(Mandatory)] [string] $Script, [string] $Answer = '', [hashtable] $Environment = @{}, [string[]] $Prefix = @())
    $options = if ($Answer) { @('-NoProfile') } else { '-NoProfile', '-NonInteractive' }
    $import = "Import-Module '$moduleFolder/Homelab.PowerShell.psd1'"
    $words = @($Prefix) + $pwsh + $options + '-Command' + "$import; $Script"
    $start = [Diagnostics.ProcessStartInfo]::new($words[0], [string[]] $words[1..($words.Count - 1)])
    $start.RedirectStandardInput = $start.RedirectStandardOutput = $start.RedirectStandardError = $true
    $start.Environment['NO_COLOR'] = '1'
    foreach ($name in $Environment.Keys) { $start.Environment[$name] = $Environment[$name] }
    $process = [Diagnostics.Process]::Start($start)
    try {
        if ($Answer) { $process.StandardInput.WriteLine($Answer) }
        $process.StandardInput.Close()
        $errors = $process.StandardError.ReadToEndAsync()
        $output = $process.StandardOutput.ReadToEnd()
        $process.WaitForExit()
        [pscustomobject]@{ Output = $output.Trim(); Errors = $errors.Result.Trim(); ExitCode = $process.ExitCode; Id = $process.Id }
    } finally {
        $process.Dispose()
    }
}

$script:moduleFolder = Find-LaidOutModule
# The PowerShell that runs the tests; as a .NET tool it is a library that dotnet runs.
$script:pwsh = @([Diagnostics.Process]::GetCurrentProcess().MainModule.FileName)
if ([IO.Path]::GetFileNameWithoutExtension($pwsh[0]) -eq 'dotnet') { $script:pwsh += "$PSHOME/pwsh.dll" }
Import-Module "$moduleFolder/Homelab.PowerShell.psd1"
# Whatever another file in this PowerShell has left open.
Disconnect-Hl
# What is there answers at once, unless the machine is busy; where silence is what is tested, a test says itself how long.
# No variable: it would be one of each file.
'Get-HlNetworkMap', 'Test-HlCertificate', 'Test-HlDns', 'Test-HlHost', 'Test-HlPort' | ForEach-Object { $global:PSDefaultParameterValues["${_}:Timeout"] = '60s' }
