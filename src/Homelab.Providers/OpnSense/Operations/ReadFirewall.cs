using System.ComponentModel;
using System.Runtime.CompilerServices;

namespace Homelab.Providers.OpnSense;

/// <summary>Tells what the firewall says of itself.</summary>
/// <remarks>OPNsense API: <c>GET core/system/status</c>. Needs the privilege <c>System: Status</c>.</remarks>
[Operation("opnsense_status", Level.Monitor, Risk.Read)]
[Description("Tells what OPNsense says of itself: whether all is well, and what it warns of, such as a full disk, a crash or a pending change.")]
[Example("Get-HlFirewall", "Ask the firewall how it is.")]
[Example("(Get-HlFirewall).Notices | Where-Object Health -eq Error", "Show only what is wrong.")]
public sealed class ReadFirewall : Query<ReadFirewall.Input, FirewallStatus>
{
    private readonly OpnSenseClient? _client;

    internal ReadFirewall(OpnSenseClient? client) => _client = client;

    /// <summary>Nothing: the lab file names the firewall.</summary>
    public sealed record Input;

    /// <inheritdoc/>
    public override Intent Describe(Input input) => new("Read the firewall's state", Target.Lab);

    /// <inheritdoc/>
    protected override async IAsyncEnumerable<FirewallStatus> RunAsync(Input input, OperationContext context, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        yield return await OpnSenseErrors.Need(_client).ReadStatusAsync(cancellationToken).ConfigureAwait(false);
    }
}
