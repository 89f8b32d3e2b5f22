using System.Globalization;

namespace Homelab.Providers.Proxmox;

/// <summary>Tasks, from what the API says to what we know.</summary>
internal static class TaskReader
{
    private const int ShownLength = 300;

    /// <summary>One task, as its node tells its status.</summary>
    internal static ProxmoxTask Read(TaskRef task, TaskStatusWire wire, IReadOnlyList<string> log)
    {
        var isRunning = wire.Status is "running";
        var exit = ForeignText.Clean(wire.ExitStatus ?? "", ShownLength);
        return Make(task, wire, isRunning ? TaskState.Running : StateOf(exit), isRunning ? "" : exit) with { Log = log };
    }

    /// <summary>An entry of a list of tasks; null when it is unreadable. There the status is the end itself.</summary>
    internal static ProxmoxTask? ReadListed(TaskStatusWire wire)
    {
        if (!TaskRef.TryParse(wire.Upid, CultureInfo.InvariantCulture, out var task)) return null;
        var isRunning = wire.EndTime is null && wire.Status is null or "" or "RUNNING";
        var exit = ForeignText.Clean(wire.Status ?? "", ShownLength);
        return Make(task, wire, isRunning ? TaskState.Running : StateOf(exit), isRunning ? "" : exit);
    }

    /// <summary>What an ended task's own word means.</summary>
    internal static TaskState StateOf(string exit) => exit switch
    {
        "OK" => TaskState.Succeeded,
        _ when exit.StartsWith("WARNINGS:", StringComparison.Ordinal) => TaskState.Warned,
        "" or "unknown" => TaskState.Unknown,
        _ => TaskState.Failed,
    };

    private static ProxmoxTask Make(TaskRef task, TaskStatusWire wire, TaskState state, string exit) => new()
    {
        Upid = task.Upid,
        Node = task.Node,
        Type = task.Type,
        Subject = task.Subject,
        // Some lists give the token apart, some within the user, and the active ones not at all; the UPID always has both.
        User = task.User,
        State = state,
        ExitStatus = exit,
        StartedAt = task.StartedAt,
        EndedAt = wire.EndTime is { } ended ? DateTimeOffset.FromUnixTimeSeconds(ended) : null,
    };
}
