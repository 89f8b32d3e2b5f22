namespace Homelab.Providers.Proxmox;

/// <summary>The nodes of the cluster, and what each of them has to tell.</summary>
internal sealed class NodeDirectory(ProxmoxWire wire)
{
    // The cluster's word for a node that it sees.
    private const string Seen = "online";

    /// <summary>All nodes, in one call.</summary>
    /// <remarks><c>GET /nodes</c>.</remarks>
    internal async Task<IReadOnlyList<NodeWire>> ListAsync(CancellationToken cancellationToken) =>
        [.. (await wire.GetAsync($"/nodes", ProxmoxJson.Default.NodeWireArray, cancellationToken).ConfigureAwait(false)).Where(static n => n.Node is not null).OrderBy(static n => n.Node, StringComparer.Ordinal)];

    internal static bool IsOnline(NodeWire node) => node.Status is Seen;

    /// <summary>The nodes that a name or pattern means; all of them for null.</summary>
    /// <exception cref="HomelabException"><c>NodeNotFound</c> (NotFound), of an exact name.</exception>
    internal static IReadOnlyList<NodeWire> Choose(IReadOnlyList<NodeWire> all, string? name)
    {
        if (string.IsNullOrEmpty(name)) return all;
        var chosen = all.Where(n => Wildcard.Matches(name, n.Node!)).ToArray();
        if (chosen.Length > 0 || Wildcard.IsPattern(name)) return chosen;
        throw new HomelabException(
            ErrorKind.NotFound,
            "NodeNotFound",
            $"The cluster has no node '{name}'. {NearestName.Hint(name, [.. all.Select(static n => n.Node!)])}",
            name)
        { NothingHappened = true };
    }

    /// <summary>Asks the nodes that are meant, all at once.</summary>
    /// <exception cref="HomelabException"><c>NodeNotFound</c> (NotFound); <c>NodeOffline</c> (Unavailable); and what every call throws. The other nodes are told before.</exception>
    internal async IAsyncEnumerable<T> AskAsync<T>(
        string? name,
        Func<string, CancellationToken, Task<IReadOnlyList<T>>> ask,
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var nodes = Choose(await ListAsync(cancellationToken).ConfigureAwait(false), name);
        var items = Round.AskAsync(nodes, (node, leaving) => IsOnline(node) ? ask(node.Node!, leaving) : Task.FromException<IReadOnlyList<T>>(Offline(node.Node!)), cancellationToken);
        await foreach (var item in items.ConfigureAwait(false)) yield return item;
    }

    private static HomelabException Offline(string node) =>
        new(ErrorKind.Unavailable, "NodeOffline", $"Node {node} is not online. Look whether it runs and has joined the cluster: Get-HlNode.", node) { NothingHappened = true };
}
