namespace Homelab;

/// <summary>A Proxmox VE cluster as a whole, or its one node: what it has, what it uses, and whether anything is wrong.</summary>
/// <remarks>Proxmox API: <c>GET /cluster/status</c>, <c>/cluster/resources</c>, <c>/version</c>, <c>/cluster/ha/status/current</c>.</remarks>
public sealed record ClusterStatus
{
    /// <summary>The cluster's name; the node's where there is no cluster.</summary>
    public required string Name { get; init; }

    /// <summary>True when every node is online, the cluster has its majority, and high availability works where it is used.</summary>
    public required bool Ok { get; init; }

    /// <summary>What is wrong, one sentence each; empty when all is well.</summary>
    public IReadOnlyList<string> Problems { get; init; } = [];

    /// <summary>True when a majority of the nodes agrees; without it nothing can be changed. Always true of a single node.</summary>
    public bool Quorate { get; init; }

    /// <summary>Nodes that are online.</summary>
    public int NodesOnline { get; init; }

    /// <summary>All nodes.</summary>
    public int Nodes { get; init; }

    /// <summary>Each node, as the one that answered sees it, by name.</summary>
    public IReadOnlyList<ClusterMember> Members { get; init; } = [];

    /// <summary>The version of the node that answered: <c>9.1.9</c>.</summary>
    public string Version { get; init; } = "";

    /// <summary>Guests that run.</summary>
    public int GuestsRunning { get; init; }

    /// <summary>All guests that can be seen, without templates.</summary>
    public int Guests { get; init; }

    /// <summary>Processor time used now by the nodes that are online, as a fraction of <see cref="MaxCpu"/>: 0 to 1.</summary>
    public double Cpu { get; init; }

    /// <summary>Processors of the nodes that are online.</summary>
    public double MaxCpu { get; init; }

    /// <summary>Memory in use on the nodes that are online, bytes.</summary>
    public long Memory { get; init; }

    /// <summary>Memory of the nodes that are online, bytes.</summary>
    public long MaxMemory { get; init; }

    /// <summary>Space in use on all storages, bytes. A shared one counts once.</summary>
    public long Storage { get; init; }

    /// <summary>Size of all storages, bytes. A shared one counts once.</summary>
    public long MaxStorage { get; init; }

    /// <summary>Guests that the high-availability manager looks after.</summary>
    public int HaResources { get; init; }

    /// <summary>The node whose high-availability manager decides; null while there is none, as where nothing is managed.</summary>
    public string? HaMaster { get; init; }

    /// <inheritdoc/>
    public override string ToString() => Name;
}

/// <summary>A node of a cluster, as another one sees it.</summary>
public sealed record ClusterMember
{
    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>True when it is seen. Whether it answers for itself is in <see cref="ClusterNode"/>.</summary>
    public required bool Online { get; init; }

    /// <summary>Its address in the cluster's own network; empty where it is not told.</summary>
    public string Address { get; init; } = "";

    /// <inheritdoc/>
    public override string ToString() => Name;
}
