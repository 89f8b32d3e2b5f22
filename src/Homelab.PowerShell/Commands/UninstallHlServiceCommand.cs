using System.ComponentModel;
using System.Management.Automation;
using Homelab.Composition.Deployment;
using Homelab.PowerShell.Hosting;
using Homelab.PowerShell.Pipeline;

namespace Homelab.PowerShell.Commands;

/// <summary>Stops the systemd service and takes its unit away. Lab file and state stay.</summary>
[Cmdlet(VerbsLifecycle.Uninstall, "HlService", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.High)]
[Description("Stops the systemd service that Install-HlService made, and takes its unit away. The lab file and the state stay where they are.")]
[Example("Uninstall-HlService", "Stop the service and remove its unit.")]
[Example("Uninstall-HlService -WhatIf", "Say what would be removed.")]
public sealed class UninstallHlServiceCommand : AsyncCmdlet
{
    /// <summary>Skips the question.</summary>
    [Parameter]
    [Description("Skips the question that -Confirm would ask.")]
    public SwitchParameter Force { get; set; }

    /// <inheritdoc/>
    private protected override async Task EndAsync(CmdletPipeline pipeline, CancellationToken cancellationToken)
    {
        Systemd.Require();
        var unit = Systemd.PathOf(ServiceUnit.Name);
        if (!File.Exists(unit)) throw new HomelabException(ErrorKind.NotFound, "ServiceNotFound", $"There is no unit {unit}. Install-HlService makes it.", unit);
        if ((IsWhatIf || !Force) && !await pipeline.ShouldProcessAsync(unit, "Stop the service and remove its unit").ConfigureAwait(false)) return;
        await Systemd.CallAsync(["disable", "--now", ServiceUnit.Name], cancellationToken).ConfigureAwait(false);
        File.Delete(unit);
        await Systemd.CallAsync(["daemon-reload"], cancellationToken).ConfigureAwait(false);
    }
}
