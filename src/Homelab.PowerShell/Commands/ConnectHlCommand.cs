using System.ComponentModel;
using System.Management.Automation;
using Homelab.Composition;
using Homelab.PowerShell.Hosting;
using Homelab.PowerShell.Labs;
using Homelab.PowerShell.Pipeline;

namespace Homelab.PowerShell.Commands;

/// <summary>Chooses the lab that this session works with, and reads it anew.</summary>
[Cmdlet(VerbsCommunications.Connect, "Hl", DefaultParameterSetName = FileParameterSet)]
[OutputType(typeof(LabInfo))]
[Description("Chooses the lab that this session works with, and reads its file anew. Without it, cmdlets use the lab that HOMELAB_LAB names, homelab.yaml in the current folder, or the one in your configuration folder.")]
[Example("Connect-Hl ./homelab.yaml", "Work with the lab that a file describes.")]
[Example("Connect-Hl -Simulated", "Start a simulated homelab of five machines and work with it: nothing real can be touched. It ends with Disconnect-Hl or with the session.")]
public sealed class ConnectHlCommand : AsyncCmdlet
{
    private const string FileParameterSet = "File";
    private const string SimulatedParameterSet = "Simulated";

    /// <summary>The lab file.</summary>
    [Parameter(Position = 0, ValueFromPipelineByPropertyName = true, ParameterSetName = FileParameterSet)]
    [Alias("FullName")]
    [ValidateNotNullOrEmpty]
    [Description("The lab file. The one that is found in the usual places when not given.")]
    public string? Path { get; set; }

    /// <summary>A simulated lab.</summary>
    [Parameter(Mandatory = true, ParameterSetName = SimulatedParameterSet)]
    [Description("Starts a simulated homelab and connects to it.")]
    public SwitchParameter Simulated { get; set; }

    /// <summary>Nobody can be asked.</summary>
    [Parameter]
    [Description("Nobody sits here: what you do is treated like a scheduled job's. The policy's limits hold, and what needs a person asks for an approval instead of asking here.")]
    public SwitchParameter Unattended { get; set; }

    /// <inheritdoc/>
    private protected override async Task ProcessAsync(CmdletPipeline pipeline, CancellationToken cancellationToken)
    {
        CallScope.Enter(pipeline);
        var (path, folder, module) = await pipeline.OnPipelineThreadAsync(() => (Path is null ? null : GetUnresolvedProviderPathFromPSPath(Path), Folder, ModuleFolder.Path)).ConfigureAwait(false);
        var locator = new LabLocator(folder, Environment.GetEnvironmentVariable);
        LabConnection connection;
        if (Simulated)
        {
            var program = await HostProgram.FindAsync(ModuleFolder.Host, Environment.GetEnvironmentVariable, cancellationToken).ConfigureAwait(false);
            var (simulator, file) = await LabSimulator.StartAsync(program, folder, cancellationToken).ConfigureAwait(false);
            connection = await LabConnections.ReopenAsync(locator.Locate(file), simulator, cancellationToken).ConfigureAwait(false);
        }
        else
        {
            connection = await LabConnections.ReopenAsync(locator.Locate(path), simulator: null, cancellationToken).ConfigureAwait(false);
        }

        foreach (var warning in connection.Place.File.Warnings) pipeline.Warn(warning.ToString());
        var choice = new LabChoice(connection.Place.Path, Unattended);
        await pipeline.OnPipelineThreadAsync(() => LabChoice.Current = choice).ConfigureAwait(false);
        await pipeline.WriteAsync(LabSummary.Of(connection, choice.Caller)).ConfigureAwait(false);
    }
}
