namespace Homelab;

/// <summary>A task of Proxmox VE: nearly every change there is one, and goes on after the call that began it was answered.</summary>
/// <remarks>Proxmox API: <c>GET /nodes/{node}/tasks/{upid}/status</c>, <c>/nodes/{node}/tasks</c>, <c>/cluster/tasks</c>.</remarks>
public sealed record ProxmoxTask
{
    /// <summary>Its unique id: <c>UPID:node:pid:pstart:starttime:type:id:user:</c>.</summary>
    public required string Upid { get; init; }

    /// <summary>The node that runs it.</summary>
    public required string Node { get; init; }

    /// <summary>What it does, in Proxmox' word: <c>qmstart</c>, <c>vzdump</c>, <c>qmigrate</c>.</summary>
    public required string Type { get; init; }

    /// <summary>What it acts on: mostly a VMID. Empty where it acts on nothing in particular.</summary>
    public string Subject { get; init; } = "";

    /// <summary>Who began it: <c>user@realm</c>, and the token where one was used.</summary>
    public string User { get; init; } = "";

    /// <summary>How it stands.</summary>
    public required TaskState State { get; init; }

    /// <summary>What it ended with: <c>OK</c>, <c>WARNINGS: 2</c>, or the error. Empty while it runs.</summary>
    public string ExitStatus { get; init; } = "";

    /// <summary>When it began, UTC, by the node's clock.</summary>
    public DateTimeOffset StartedAt { get; init; }

    /// <summary>When it ended, UTC, by the node's clock. Null while it runs, and where the node does not tell.</summary>
    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>The last lines of its log, where they were asked for.</summary>
    public IReadOnlyList<string> Log { get; init; } = [];

    /// <inheritdoc/>
    public override string ToString() => Upid;
}

/// <summary>How a task stands.</summary>
public enum TaskState
{
    /// <summary>Ended in a way nobody can tell. Never counts as success.</summary>
    Unknown,

    /// <summary>Still at it.</summary>
    Running,

    /// <summary>Ended well.</summary>
    Succeeded,

    /// <summary>Ended well, with warnings in its log.</summary>
    Warned,

    /// <summary>Ended with an error, or was stopped.</summary>
    Failed,
}

/// <summary>The result of a change that may be left while its task still runs.</summary>
public interface IMayLeaveTask
{
    /// <summary>The task; null when there was none.</summary>
    ProxmoxTask? Task { get; }
}
