using System.ComponentModel;
using System.Runtime.CompilerServices;

namespace Homelab.Providers.Tailscale;

/// <summary>Lists the machines of the tailnet, this one first.</summary>
/// <remarks>LocalAPI: <c>GET /localapi/v0/status</c>. The CLI's <c>tailscale status --json</c>.</remarks>
[Operation("tailscale_status", Level.Monitor, Risk.Read)]
[Description("Lists the machines of the tailnet: name, addresses, whether they are online, and whether they are reached directly or by a relay.")]
[Example("Get-HlTailscalePeer", "List every machine of the tailnet.")]
[Example("Get-HlTailscalePeer web* -Online", "List the machines whose name begins with web and that are online.")]
public sealed class ListPeers : Query<ListPeers.Input, TailscalePeer>
{
    private readonly TailscaleClient _client;

    internal ListPeers(TailscaleClient client) => _client = client;

    /// <summary>Which machines.</summary>
    public sealed record Input
    {
        /// <summary>The name.</summary>
        [Subject]
        [Description("The machine's name, its whole DNS name or an address; * and ? stand for any text and any character. Every machine when not given.")]
        public string? Name { get; init; }

        /// <summary>Those online.</summary>
        [Description("Only those that are online.")]
        public bool Online { get; init; }
    }

    /// <inheritdoc/>
    public override Intent Describe(Input input)
    {
        ArgumentNullException.ThrowIfNull(input);
        return input.Name is null ? new Intent("List machines of the tailnet", Target.Lab) : new Intent("List machine of the tailnet", new Target("peer", input.Name));
    }

    /// <inheritdoc/>
    protected override async IAsyncEnumerable<TailscalePeer> RunAsync(Input input, OperationContext context, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var status = await _client.ReadStatusAsync(cancellationToken).ConfigureAwait(false);
        var found = false;
        foreach (var peer in status.Peers)
        {
            if (input.Name is { } name && !IsNamed(peer, name)) continue;
            found = true;
            if (!input.Online || peer.Online) yield return peer;
        }

        if (found || input.Name is null || Wildcard.IsPattern(input.Name)) yield break;
        throw new HomelabException(
            ErrorKind.NotFound,
            "PeerNotFound",
            $"The tailnet has no machine '{input.Name}'. {NearestName.Hint(input.Name, [.. status.Peers.Select(static p => p.Name)])}",
            input.Name);
    }

    private static bool IsNamed(TailscalePeer peer, string name) =>
        Wildcard.Matches(name, peer.Name) || Wildcard.Matches(name, peer.DnsName) || peer.Addresses.Any(a => Wildcard.Matches(name, a));
}
