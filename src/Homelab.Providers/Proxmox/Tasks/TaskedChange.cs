namespace Homelab.Providers.Proxmox;

/// <summary>The common course of a change that is one task: ask the API, follow the task to its end, and find out later whether it happened.</summary>
internal sealed class TaskedChange(ProxmoxCluster cluster, OperationContext context)
{
    /// <summary>Asks, and follows the task. Null where Proxmox did it at once.</summary>
    /// <param name="method">POST or DELETE.</param>
    /// <param name="path">What is asked.</param>
    /// <param name="form">With what.</param>
    /// <param name="course">How it is followed.</param>
    /// <param name="cancellationToken">Ends the following; the task goes on.</param>
    internal async Task<ProxmoxTask?> FollowAsync(HttpMethod method, ProxmoxPath path, ProxmoxForm form, TaskCourse course, CancellationToken cancellationToken)
    {
        context.Report(course.Activity, "asking Proxmox");
        var upid = await cluster.Wire.ChangeAsync(method, path, form, cancellationToken).ConfigureAwait(false);
        context.SayActed();
        if (upid is null) return null;
        if (!TaskRef.TryParse(upid, provider: null, out var task)) throw NoTask(upid, course);
        return course.NoWait
            ? await cluster.Tasks.ReadAsync(task, cancellationToken).ConfigureAwait(false)
            : await cluster.Tasks.FollowAsync(task, course.Activity, context, course.Timeout, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>After an unclear end: what a look tells, once nothing acts on the guest any more.</summary>
    /// <param name="acting">The guest that the task acts on.</param>
    /// <param name="look">Whether it happened; null when it cannot be told.</param>
    /// <param name="cancellationToken">Ends the look.</param>
    internal async Task<Settlement> SettleAsync(VmPlace acting, Func<Task<bool?>> look, CancellationToken cancellationToken)
    {
        // First: a task that ends between the two looks must not be taken for one that never was.
        if (await new VmChange(cluster, context).IsBusyAsync(acting, cancellationToken).ConfigureAwait(false)) return Settlement.Unknown;
        return await look().ConfigureAwait(false) switch
        {
            true => Settlement.Happened,
            false => Settlement.DidNotHappen,
            null => Settlement.Unknown,
        };
    }

    /// <summary>The newest task of a type that acted on a guest; null when there was none.</summary>
    /// <remarks><c>GET /nodes/{node}/tasks?source=all</c>, which tells of our own tasks without any privilege.</remarks>
    internal async Task<ProxmoxTask?> NewestAsync(VmPlace place, string type, CancellationToken cancellationToken)
    {
        var query = new ProxmoxForm { { "source", "all" }, { "vmid", place.Id }, { "typefilter", type } };
        var tasks = await cluster.Wire.GetAsync($"/nodes/{place.Node}/tasks", query, ProxmoxJson.Default.TaskStatusWireArray, cancellationToken).ConfigureAwait(false);
        return tasks.Select(TaskReader.ReadListed).OfType<ProxmoxTask>().Where(t => t.Type == type).OrderByDescending(static t => t.StartedAt).ThenByDescending(static t => t.Upid, StringComparer.Ordinal).FirstOrDefault();
    }

    /// <summary>After an unclear end of what leaves no other trace: whether a new task of a type has ended well.</summary>
    /// <param name="mark">The guest, with the newest such task before as note.</param>
    /// <param name="type">What it does: <c>qmrollback</c>.</param>
    /// <param name="cancellationToken">Ends the look.</param>
    internal async Task<bool?> HasRunAsync(PlaceMark mark, string type, CancellationToken cancellationToken)
    {
        var newest = await NewestAsync(mark.Place, type, cancellationToken).ConfigureAwait(false);
        if ((newest?.Upid ?? "") == mark.Note) return false;
        // A task that failed may have gone half of its way.
        return newest?.State is TaskState.Succeeded or TaskState.Warned ? true : null;
    }

    private static HomelabException NoTask(string said, TaskCourse course) => new(
        ErrorKind.Failed,
        "ProxmoxNoTask",
        $"Proxmox answered '{ForeignText.Clean(said, 100)}' and began no task for: {course.Activity}. Was the guest moved to another node at that moment? Get-HlVm tells where it is; then ask anew.");
}

/// <summary>How a task is followed.</summary>
/// <param name="Activity">What is being done, for progress: <c>Backing up dev</c>.</param>
/// <param name="Timeout">How long it may take.</param>
/// <param name="NoWait">True to leave it while it runs.</param>
internal sealed record TaskCourse(string Activity, TimeSpan Timeout, bool NoWait);
