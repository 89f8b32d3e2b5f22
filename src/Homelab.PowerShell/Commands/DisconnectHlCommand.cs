using System.ComponentModel;
using System.Management.Automation;
using Homelab.PowerShell.Labs;
using Homelab.PowerShell.Pipeline;

namespace Homelab.PowerShell.Commands;

/// <summary>Closes the lab that this session works with.</summary>
[Cmdlet(VerbsCommunications.Disconnect, "Hl")]
[Description("Closes the lab that this session works with: its connections, its state, and its simulation if it is simulated; not where another session of this process works with it too. The next cmdlet uses the lab that is found in the usual places.")]
[Example("Disconnect-Hl", "Close the lab.")]
[Example("Connect-Hl -Simulated; Get-HlContainer; Disconnect-Hl", "Look at a simulated homelab and end it.")]
public sealed class DisconnectHlCommand : AsyncCmdlet
{
    /// <inheritdoc/>
    private protected override async Task EndAsync(CmdletPipeline pipeline, CancellationToken cancellationToken)
    {
        var choice = await pipeline.OnPipelineThreadAsync(static () =>
        {
            var was = LabChoice.Current;
            LabChoice.Current = LabChoice.None;
            return was;
        }).ConfigureAwait(false);
        if (LabConnections.Known(choice) is { } open && !LabChoice.IsChosen(open.Place.Path ?? "")) await LabConnections.CloseAsync(open).ConfigureAwait(false);
    }
}
