namespace Homelab.Host.Web.Rest;

/// <summary>The cluster as the old clients expect it.</summary>
internal sealed record RestCluster
{
    public required string Name { get; init; }

    /// <summary>Whether a majority of the nodes agrees; null where nobody can tell.</summary>
    public required bool? Quorate { get; init; }

    public required IReadOnlyList<RestClusterNode> Nodes { get; init; }

    /// <summary>The version of the node that answered.</summary>
    public required string Version { get; init; }

    /// <summary>True when nobody answers: this is how it was.</summary>
    public required bool Stale { get; init; }

    internal static RestCluster Of(ClusterStatus status) => new()
    {
        Name = status.Name,
        Quorate = status.Quorate,
        Nodes = [.. status.Members.Select(static n => new RestClusterNode(n.Name, n.Online, n.Address.Length > 0 ? n.Address : null))],
        Version = status.Version,
        Stale = false,
    };

    /// <summary>The same when nobody answers any more.</summary>
    internal RestCluster Aged() => this with { Quorate = null, Nodes = [.. Nodes.Select(static n => n with { Online = null })], Stale = true };
}

/// <summary>A node of the cluster.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Online">Whether it answers; null where nobody can tell.</param>
/// <param name="Ip">Its address in the cluster; null where that is not told.</param>
internal sealed record RestClusterNode(string Name, bool? Online, string? Ip);
