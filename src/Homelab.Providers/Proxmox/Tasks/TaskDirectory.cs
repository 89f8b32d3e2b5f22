namespace Homelab.Providers.Proxmox;

/// <summary>The tasks of the cluster's nodes, running and ended.</summary>
internal sealed class TaskDirectory(ProxmoxWire wire)
{
    /// <summary>How many tasks of a node are looked through where Proxmox cannot filter them itself.</summary>
    internal const int MostLookedThrough = 5000;

    private const string Offline = "offline";

    /// <summary>The nodes that can be asked: all but those that the cluster knows to be off, where nothing runs.</summary>
    /// <remarks><c>GET /nodes</c>.</remarks>
    internal async Task<IReadOnlyList<string>> NodesAsync(CancellationToken cancellationToken)
    {
        var nodes = await wire.GetAsync($"/nodes", ProxmoxJson.Default.ResourceWireArray, cancellationToken).ConfigureAwait(false);
        return [.. nodes.Where(static n => n.Node is { Length: > 0 } && n.Status != Offline).Select(static n => n.Node!).Order(StringComparer.Ordinal)];
    }

    /// <summary>The tasks of one node, the latest first.</summary>
    /// <remarks><c>GET /nodes/{node}/tasks</c>.</remarks>
    internal async Task<IReadOnlyList<ProxmoxTask>> ListAsync(string node, TaskFilter filter, CancellationToken cancellationToken)
    {
        var isPattern = filter.Type is not null && Wildcard.IsPattern(filter.Type);
        var query = new ProxmoxForm
        {
            { "source", filter.Running ? "active" : filter.Failed ? "archive" : "all" },
            { "limit", isPattern ? MostLookedThrough : filter.Last },
            { "vmid", filter.VmId },
            { "typefilter", isPattern ? null : filter.Type },
            { "since", filter.Since?.ToUnixTimeSeconds() },
            // What nobody can tell the end of counts as an error there too.
            { "errors", filter.Failed ? true : null },
        };
        var listed = await wire.GetAsync($"/nodes/{node}/tasks", query, ProxmoxJson.Default.TaskStatusWireArray, cancellationToken).ConfigureAwait(false);
        return [.. listed.Select(TaskReader.ReadListed).OfType<ProxmoxTask>().Where(filter.Holds).DistinctBy(static t => t.Upid, StringComparer.Ordinal).OrderByDescending(static t => t.StartedAt).Take(filter.Last)];
    }
}

/// <summary>Which tasks are wanted.</summary>
/// <param name="Last">How many of the latest.</param>
internal sealed record TaskFilter(int Last)
{
    internal int? VmId { get; init; }

    internal bool Running { get; init; }

    internal bool Failed { get; init; }

    /// <summary>Proxmox' word for what it does; a pattern is allowed.</summary>
    internal string? Type { get; init; }

    internal DateTimeOffset? Since { get; init; }

    // The list of active tasks knows no filter but the guest, and takes warnings for errors.
    internal bool Holds(ProxmoxTask task) =>
        (!Running || task.State == TaskState.Running)
        && (!Failed || task.State is TaskState.Failed or TaskState.Unknown)
        && (Type is null || Wildcard.Matches(Type, task.Type))
        && (Since is not { } since || task.StartedAt.ToUnixTimeSeconds() >= since.ToUnixTimeSeconds());
}
