using System.ComponentModel;
using System.Management.Automation;
using Homelab.Composition;
using Homelab.Composition.Deployment;
using Homelab.PowerShell.Hosting;
using Homelab.PowerShell.Labs;
using Homelab.PowerShell.Pipeline;

namespace Homelab.PowerShell.Commands;

/// <summary>Makes <c>homelab serve</c> a systemd service of this machine.</summary>
[Cmdlet(VerbsLifecycle.Install, "HlService", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.High)]
[OutputType(typeof(string))]
[Description("Makes 'homelab serve' a systemd service that starts with this machine and runs as an account of its own, with few rights. Uses the program that comes with the module, which must be installed for all users.")]
[Example("Install-HlService /etc/homelab/homelab.yaml", "Install, start and enable the service.")]
[Example("Install-HlService /etc/homelab/homelab.yaml -AsText > homelab.service", "Write the unit for another machine, and install nothing.")]
public sealed class InstallHlServiceCommand : AsyncCmdlet
{
    /// <summary>The lab file.</summary>
    [Parameter(Position = 0)]
    [ValidateNotNullOrEmpty]
    [Description("The lab file. The service's account must be able to read it. /etc/homelab/homelab.yaml when not given.")]
    public string LabFile { get; set; } = "/etc/homelab/homelab.yaml";

    /// <summary>The account.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [Description("The account that it runs as; it must exist. homelab when not given.")]
    public string User { get; set; } = "homelab";

    /// <summary>Docker.</summary>
    [Parameter]
    [Description("Gives it access to the Docker socket of this machine, which is as good as root.")]
    public SwitchParameter DockerGroup { get; set; }

    /// <summary>Only the text.</summary>
    [Parameter]
    [Description("Returns the unit as text and installs nothing. Works on every machine.")]
    public SwitchParameter AsText { get; set; }

    /// <summary>Skips the question.</summary>
    [Parameter]
    [Description("Skips the question that -Confirm would ask.")]
    public SwitchParameter Force { get; set; }

    /// <inheritdoc/>
    private protected override async Task EndAsync(CmdletPipeline pipeline, CancellationToken cancellationToken)
    {
        // First what no other path or account would mend.
        if (!AsText) Systemd.Require();
        var program = await HostProgram.FindAsync(ModuleFolder.Host, Environment.GetEnvironmentVariable, cancellationToken).ConfigureAwait(false);
        var lab = await pipeline.OnPipelineThreadAsync(() => GetUnresolvedProviderPathFromPSPath(LabFile)).ConfigureAwait(false);
        var text = new ServiceUnit { Program = program.FileName, Arguments = program.Arguments, LabFile = lab, User = User, UsesDockerGroup = DockerGroup }.Render();
        if (AsText)
        {
            await pipeline.WriteAsync(text).ConfigureAwait(false);
            return;
        }

        new LabLocator("/", Environment.GetEnvironmentVariable).Locate(lab);
        if (!(await File.ReadAllLinesAsync("/etc/passwd", cancellationToken).ConfigureAwait(false)).Any(l => l.StartsWith(User + ":", StringComparison.Ordinal)))
        {
            throw new HomelabException(ErrorKind.NotFound, "AccountNotFound", $"There is no account '{User}'. Make it: useradd --system --no-create-home --shell /usr/sbin/nologin {User}", User);
        }

        if ((IsWhatIf || !Force) && !await pipeline.ShouldProcessAsync(Systemd.PathOf(ServiceUnit.Name), $"Install and start the service for {lab}").ConfigureAwait(false)) return;
        await File.WriteAllTextAsync(Systemd.PathOf(ServiceUnit.Name), text, cancellationToken).ConfigureAwait(false);
        await Systemd.CallAsync(["daemon-reload"], cancellationToken).ConfigureAwait(false);
        await Systemd.CallAsync(["enable", "--now", ServiceUnit.Name], cancellationToken).ConfigureAwait(false);
    }
}
