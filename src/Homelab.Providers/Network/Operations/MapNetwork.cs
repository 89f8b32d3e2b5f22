using System.ComponentModel;
using System.Runtime.CompilerServices;

namespace Homelab.Providers.Network;

/// <summary>Draws the lab as a tree: hosts under those they run on, services under their hosts, each with how it is right now.</summary>
[Operation("network_map", Level.Monitor, Risk.Read)]
[Description("Shows the lab as a tree of hosts and their services, with address, role, status and latency of each.")]
[Example("Get-HlNetworkMap", "Draw the whole lab with what is up and what is not.")]
[Example("Get-HlNetworkMap -NoProbe", "Draw it from the lab file alone, without asking anybody.")]
public sealed class MapNetwork : Query<MapNetwork.Input, NetworkMapEntry>
{
    private readonly LabDefinition _lab;
    private readonly PingProbe _ping;
    private readonly ServiceProbes _services;

    internal MapNetwork(LabDefinition lab, PingProbe ping, ServiceProbes services)
    {
        _lab = lab;
        _ping = ping;
        _services = services;
    }

    /// <summary>How to look.</summary>
    public sealed record Input
    {
        /// <summary>Ask nobody.</summary>
        [Description("Asks nobody: shows what the lab file says, without status and latency.")]
        public bool NoProbe { get; init; }

        /// <summary>How long to wait.</summary>
        [Description("How long to wait for a host. Checks of services have times of their own.")]
        [DurationRange("10ms", "1m")]
        public TimeSpan Timeout { get; init; } = PingOptions.Usual.Timeout;
    }

    /// <inheritdoc/>
    public override Intent Describe(Input input) => new("Map network", Target.Lab);

    /// <inheritdoc/>
    protected override async IAsyncEnumerable<NetworkMapEntry> RunAsync(Input input, OperationContext context, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(input);
        var entries = NetworkTree.Of(_lab);
        if (input.NoProbe)
        {
            foreach (var entry in entries) yield return entry;
            yield break;
        }

        // They come as they answer and are told in the order of the tree: each waits for those above it only.
        var found = new NetworkMapEntry?[entries.Count];
        var next = 0;
        await foreach (var (index, entry) in Sweep.RunAsync(entries.Index(), Sweep.AtOnce, LookAsync, cancellationToken).ConfigureAwait(false))
        {
            found[index] = entry;
            for (; next < found.Length && found[next] is { } ready; next++) yield return ready;
        }

        async Task<(int Index, NetworkMapEntry Entry)> LookAsync((int Index, NetworkMapEntry Item) place, CancellationToken token) =>
            (place.Index, place.Item.Kind is NetworkMapKind.Host ? await HostAsync(place.Item, input.Timeout, token).ConfigureAwait(false) : await ServiceAsync(place.Item, token).ConfigureAwait(false));
    }

    private async Task<NetworkMapEntry> HostAsync(NetworkMapEntry entry, TimeSpan timeout, CancellationToken cancellationToken)
    {
        if (entry.Address.Length == 0) return entry;
        var reading = await _ping.AskAsync(PingTarget.Of(entry.Name, _lab.Hosts[entry.Name]), PingOptions.Usual with { Timeout = timeout }, cancellationToken).ConfigureAwait(false);
        return entry with { Status = reading.Status, Latency = reading.Latency, Detail = reading.Detail };
    }

    private async Task<NetworkMapEntry> ServiceAsync(NetworkMapEntry entry, CancellationToken cancellationToken)
    {
        var check = _lab.Services[entry.Name].Check;
        if (!ServiceProbes.IsDefined(check)) return entry;
        var results = await Task.WhenAll(_services.Of(entry.Name, check!).Select(look => look(cancellationToken))).ConfigureAwait(false);
        // The worst of several is how the service is.
        var worst = results.FirstOrDefault(static r => r.Status is not ProbeStatus.Up) ?? results[0];
        return entry with { Status = worst.Status, Latency = results.Max(static r => r.Latency), Detail = $"{worst.Kind}: {worst.Detail}" };
    }
}
