using System.ComponentModel;
using System.Management.Automation;
using Homelab.Composition;
using Homelab.Configuration;
using Homelab.PowerShell.Labs;
using Homelab.PowerShell.Pipeline;

namespace Homelab.PowerShell.Commands;

/// <summary>Writes a first lab file from what is found on this machine and its tailnet, from parameters, and by asking.</summary>
[Cmdlet(VerbsCommon.New, "HlLab", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Low)]
[OutputType(typeof(FileInfo))]
[Description("Writes a first lab file: finds the Docker Engines and containers of this machine and the machines of its tailnet, and takes or asks for the rest. It is checked before it is written, and nothing is overwritten unless -Force is given.")]
[Example("New-HlLab | Connect-Hl", "Write homelab.yaml here from what is found, and work with it.")]
[Example("New-HlLab ./lab/homelab.yaml -Name home -KumaUrl http://nas:3001 -KumaApiKey env:UPTIME_KUMA_API_KEY -Protected traefik@nas", "Write it somewhere else, with Uptime Kuma and a protected container.")]
public sealed class NewHlLabCommand : AsyncCmdlet
{
    /// <summary>The file.</summary>
    [Parameter(Position = 0)]
    [ValidateNotNullOrEmpty]
    [Description("The file to write. homelab.yaml in the current folder when not given.")]
    public string Path { get; set; } = LabLocator.DefaultFile;

    /// <summary>The lab's name.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [Description("The lab's name. home when not given.")]
    public string Name { get; set; } = "home";

    /// <summary>Engines.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [Description("Docker Engines as host=endpoint, such as nas=tcp://nas:2375 or dev=ssh. Those found on this machine when not given.")]
    public string[]? Docker { get; set; }

    /// <summary>Uptime Kuma.</summary>
    [Parameter]
    [Description("Where Uptime Kuma listens.")]
    public Uri? KumaUrl { get; set; }

    /// <summary>Its key.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [Description("The reference to Uptime Kuma's API key: env:NAME, file:path or vault:name. Never the key itself.")]
    public string KumaApiKey { get; set; } = "env:UPTIME_KUMA_API_KEY";

    /// <summary>What is protected.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [Description("What needs two confirmations before it is touched, such as traefik@infra.")]
    public string[] Protected { get; set; } = [];

    /// <summary>Asks.</summary>
    [Parameter]
    [Description("Asks for the lab's name and for Uptime Kuma, where they are not given.")]
    public SwitchParameter Ask { get; set; }

    /// <summary>Overwrites.</summary>
    [Parameter]
    [Description("Replaces a file that is there.")]
    public SwitchParameter Force { get; set; }

    /// <inheritdoc/>
    private protected override async Task EndAsync(CmdletPipeline pipeline, CancellationToken cancellationToken)
    {
        CallScope.Enter(pipeline);
        var path = await pipeline.OnPipelineThreadAsync(() => GetUnresolvedProviderPathFromPSPath(Path)).ConfigureAwait(false);
        if (Ask) await AskAsync(pipeline).ConfigureAwait(false);
        var draft = new LabDraft { Name = Name, Kuma = KumaUrl is null ? null : new DraftKuma(KumaUrl, Reference(KumaApiKey)), Protected = Protected };
        draft = await new LabDiscovery(pipeline, Docker).FillAsync(draft, cancellationToken).ConfigureAwait(false);
        if (!await pipeline.ShouldProcessAsync(path, $"Write a lab file of {draft.Hosts.Count} hosts and {draft.Services.Count} services").ConfigureAwait(false)) return;
        await LabDraftFile.WriteAsync(draft, path, Force, ProviderList.Settings, cancellationToken).ConfigureAwait(false);
        await pipeline.WriteAsync(new FileInfo(path)).ConfigureAwait(false);
    }

    private async Task AskAsync(CmdletPipeline pipeline)
    {
        const string Caption = "A new lab";
        if (!MyInvocation.BoundParameters.ContainsKey(nameof(Name)) && await pipeline.AskForTextAsync(Caption, $"What is the lab called? Nothing means '{Name}'.", nameof(Name)).ConfigureAwait(false) is { Length: > 0 } name) Name = name;
        if (KumaUrl is null && await pipeline.AskForTextAsync(Caption, "Where does Uptime Kuma listen, such as http://nas:3001? Nothing means that there is none.", nameof(KumaUrl)).ConfigureAwait(false) is { Length: > 0 } url)
        {
            KumaUrl = Uri.TryCreate(url, UriKind.Absolute, out var given) ? given : throw new InputException([new InputProblem(nameof(KumaUrl), url, "is no URL", "Give it with its scheme: http://nas:3001.")]);
        }
    }

    private static SecretReference Reference(string text) =>
        SecretReference.TryParse(text, null, out var reference)
            ? reference
            // The text itself may be the secret that somebody pasted: it is not repeated.
            : throw new InputException([new InputProblem(nameof(KumaApiKey), null, "is no reference to a secret", "Give env:NAME, file:path or vault:name, never the key itself.")]);
}
