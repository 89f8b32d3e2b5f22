# Real servers of monitoring systems on loopback ports, and a web server that answers as one that nobody can have here. Files that need one dot-source this one after
# Common.ps1.

function Get-PeerObstacle {
    # Why a program cannot be had here; nothing when it can. Where it was installed for the tests, its absence is a failure.
    param([Parameter(Mandatory)] [string] $Name, [Parameter(Mandatory)] [string] $Package)
    if (Get-Command $Name -CommandType Application -ErrorAction Ignore) { return }
    $obstacle = "$Name is not installed: apt-get install $Package"
    if ($Name -in ("$env:HOMELAB_REQUIRE_PEERS" -split ' ')) { throw "$Name was installed for these tests and cannot be used: $obstacle." }
    $obstacle
}

function Test-Answer {
    # True when a server answers well at an address.
    param([Parameter(Mandatory)] [uri] $Url)
    try {
        (Invoke-WebRequest $Url -TimeoutSec 60 -Verbose:$false).StatusCode -eq 200
    } catch [Net.Http.HttpRequestException], [OperationCanceledException], [IO.IOException] {
        $false
    }
}

function Open-Peer {
    # Starts a server in a folder and waits until it answers at an address.
    param([Parameter(Mandatory)] [string] $Program, [Parameter(Mandatory)] [string[]] $Argument, [Parameter(Mandatory)] [string] $Url, [Parameter(Mandatory)] [string] $Folder)
    $start = [Diagnostics.ProcessStartInfo]::new($Program, $Argument)
    $start.RedirectStandardError = $start.RedirectStandardOutput = $true
    $start.WorkingDirectory = $Folder
    $process = [Diagnostics.Process]::Start($start)
    # Read, so that it never waits for somebody to.
    $said = $process.StandardError.ReadToEndAsync()
    $null = $process.StandardOutput.ReadToEndAsync()
    $address = [uri] $Url
    try {
        Wait-Until { $process.HasExited -or (Test-Answer $address) }
        if ($process.HasExited) { throw "$Program does not run: $($said.Result)" }
    } catch {
        # Nobody else knows of it yet.
        if (-not $process.HasExited) { $process.Kill($true) }
        throw
    }
    $process
}

function Close-Peer {
    # Ends a server, and removes its folder.
    param([Parameter(Mandatory)] [AllowNull()] $Process, [Parameter(Mandatory)] [string] $Folder)
    if ($Process) {
        if (-not $Process.HasExited) { $Process.Kill($true) }
        $Process.WaitForExit()
        $Process.Dispose()
    }
    Remove-Item $Folder -Recurse -Force
}

function Open-Answer {
    # A web server that says the same to everybody who asks: what it says can be changed, and what it was asked is kept.
    param([string] $Body = '{}')
    $port = Get-FreePort
    $listener = [Net.HttpListener]::new()
    $listener.Prefixes.Add("http://127.0.0.1:$port/")
    $listener.Start()
    $answer = [hashtable]::Synchronized(@{ Url = "http://127.0.0.1:$port"; Status = 200; Body = $Body; Asked = [Collections.Generic.List[string]]::new(); Listener = $listener })
    $answer.Serving = [powershell]::Create()
    $null = $answer.Serving.AddScript({
            param($Answer)
            while ($true) {
                try {
                    $context = $Answer.Listener.GetContext()
                } catch [Net.HttpListenerException], [ObjectDisposedException] {
                    # It was closed: the tests are over.
                    return
                }
                $Answer.Asked.Add("$($context.Request.HttpMethod) $($context.Request.RawUrl) $($context.Request.Headers['Authorization'])")
                $bytes = [Text.Encoding]::UTF8.GetBytes($Answer.Body)
                $context.Response.StatusCode = $Answer.Status
                $context.Response.ContentType = 'application/json'
                try {
                    $context.Response.Close($bytes, $true)
                } catch [Net.HttpListenerException], [ObjectDisposedException], [IO.IOException] {
                    # Whoever asked has left: the next one is answered all the same.
                    $null = $_
                }
            }
        }).AddArgument($answer)
    $answer.Served = $answer.Serving.BeginInvoke()
    $answer
}

function Close-Answer {
    param([Parameter(Mandatory)] [AllowNull()] $Answer)
    if ($null -eq $Answer) { return }
    $Answer.Listener.Close()
    $null = $Answer.Serving.EndInvoke($Answer.Served)
    $Answer.Serving.Dispose()
}
