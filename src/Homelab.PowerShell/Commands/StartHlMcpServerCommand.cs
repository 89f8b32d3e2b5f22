using System.ComponentModel;
using System.Diagnostics;
using System.Management.Automation;
using Homelab.PowerShell.Hosting;
using Homelab.PowerShell.Labs;
using Homelab.PowerShell.Pipeline;

namespace Homelab.PowerShell.Commands;

/// <summary>Serves the lab to an AI client over this process's standard input and output.</summary>
[Cmdlet(VerbsLifecycle.Start, "HlMcpServer")]
[Description("Serves the lab to an AI client as MCP over the standard input and output of this process, at the level that access.mcp gives. The client starts it: command pwsh, arguments -NoProfile -Command Start-HlMcpServer. What it tells goes to standard error; the pipeline gets nothing, because standard output carries the protocol.")]
[Example("Connect-Hl ~/homelab.yaml | Out-Null; Start-HlMcpServer -Name claude", "What the client's configuration gives to pwsh -NoProfile -Command.")]
[Example("Start-HlMcpServer -Name claude 2> claude.log", "Serve the lab of this session, and keep what is told of it in a file.")]
public sealed class StartHlMcpServerCommand : LabCmdlet
{
    // A client that leaves closes standard input, and Ctrl+C reaches the program as well: both end it by themselves.
    private static readonly TimeSpan s_ending = TimeSpan.FromSeconds(5);

    /// <summary>Who the client is.</summary>
    [Parameter]
    [ValidatePattern("^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$")]
    [Description("Who the client is, for access.identities (mcp:<name>) and the audit. stdio when not given.")]
    public string Name { get; set; } = "stdio";

    /// <inheritdoc/>
    private protected override async Task RunAsync(CmdletPipeline pipeline, CancellationToken cancellationToken)
    {
        var program = await HostProgram.FindAsync(ModuleFolder.Host, Environment.GetEnvironmentVariable, cancellationToken).ConfigureAwait(false);
        var start = new ProcessStartInfo(program.FileName, [.. program.Arguments, "mcp", "--name", Name]) { UseShellExecute = false };
        if (Lab.Place.Path is { } path)
        {
            start.ArgumentList.Add("--lab");
            start.ArgumentList.Add(path);
        }

        start.Environment["HOMELAB_STATE"] = Lab.Runtime.StatePath;
        using var process = new Process { StartInfo = start };
        process.Start();
        try
        {
            await process.WaitForExitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            await EndAsync(process).ConfigureAwait(false);
            throw;
        }

        if (process.ExitCode != 0) throw new HomelabException(ErrorKind.Failed, "HostFailed", $"The program homelab ended with exit code {process.ExitCode}; standard error says why.", program.FileName);
    }

    private static async Task EndAsync(Process process)
    {
        using var patience = new CancellationTokenSource(s_ending);
        await process.WaitForExitAsync(patience.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (!process.HasExited) process.Kill(entireProcessTree: true);
    }
}
