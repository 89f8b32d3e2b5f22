namespace Homelab.Providers.Proxmox;

/// <summary>What goes wrong with a task, in our words.</summary>
internal static class TaskErrors
{
    /// <summary>A task ended, and not well.</summary>
    internal static HomelabException Ended(ProxmoxTask task)
    {
        var (kind, id, wayOut) = Meaning(task);
        var log = task.Log.Where(l => !l.Contains(task.ExitStatus, StringComparison.Ordinal)).ToArray();
        var before = log.Length == 0 ? "" : $" Before that it said: {string.Join(" | ", log)}.";
        return new HomelabException(kind, id, $"Task {task.Type} of {Subject(task)} on {task.Node} failed: {task.ExitStatus.TrimEnd('.')}.{before} {wayOut}", task.Upid) { WayOut = wayOut };
    }

    /// <summary>A task outlived our patience.</summary>
    internal static HomelabException StillRunning(TaskRef task, TimeSpan patience)
    {
        var wayOut = $"It goes on: Wait-HlTask '{task.Upid}' waits for its end, Stop-HlTask ends it.";
        return new HomelabException(ErrorKind.Timeout, "ProxmoxTaskTimeout", $"Task {task.Type} of {task.Subject} on {task.Node} still runs after {Duration.Format(patience)}. {wayOut}", task.Upid) { WayOut = wayOut };
    }

    /// <summary>A task that its node does not know.</summary>
    internal static HomelabException NotFound(TaskRef task, Exception inner)
    {
        var wayOut = $"Get-HlTask -Node {task.Node} lists those that it knows.";
        return new HomelabException(ErrorKind.NotFound, "ProxmoxTaskNotFound", $"Node {task.Node} knows no task {task.Upid}; old ones are forgotten. {wayOut}", task.Upid, inner) { WayOut = wayOut };
    }

    private static string Subject(ProxmoxTask task) => task.Subject.Length == 0 ? "the node" : task.Subject;

    private static (ErrorKind Kind, string Id, string WayOut) Meaning(ProxmoxTask task)
    {
        var log = $"Get-HlTask '{task.Upid}' -Log shows the whole log.";
        return task.ExitStatus switch
        {
            _ when task.State == TaskState.Unknown => (ErrorKind.Failed, "ProxmoxTaskUnknown", "Nobody can tell how it ended. Look at what it acted on."),
            // Proxmox' word for a task that was killed.
            "unexpected status" => (ErrorKind.Failed, "ProxmoxTaskStopped", "It was stopped or killed. Look at what it acted on."),
            var exit when Says(exit, "is locked") || Says(exit, "can't lock file") => (ErrorKind.Conflict, "VmLocked", "Something else works on it; wait for that to end. " + log),
            var exit when Says(exit, "already running") || Says(exit, "already used") || Says(exit, "already exists") || Says(exit, "not running") => (ErrorKind.Conflict, "ProxmoxTaskConflict", log),
            var exit when Says(exit, "does not exist") => (ErrorKind.NotFound, "ProxmoxTaskSubjectNotFound", log),
            _ => (ErrorKind.Failed, "ProxmoxTaskFailed", log),
        };
    }

    private static bool Says(string exit, string words) => exit.Contains(words, StringComparison.Ordinal);
}
