using System.Globalization;

namespace Homelab.Providers.Proxmox;

/// <summary>The common course of a change of one guest: look, ask the API, follow the task, and see with one's own eyes what came of it.</summary>
internal sealed class VmChange(ProxmoxCluster cluster, OperationContext context)
{
    // Proxmox itself says how a guest stands; a look costs a few milliseconds there.
    private static readonly TimeSpan s_firstPause = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan s_longestPause = TimeSpan.FromSeconds(1);
    private const double Growth = 1.6;

    /// <summary>Looks before the decision: who is meant, and whether anything may be done with it at all.</summary>
    /// <param name="vm">As the caller named it.</param>
    /// <param name="lockAllowed">The lock that does not forbid this change.</param>
    /// <param name="cancellationToken">Ends the look.</param>
    /// <exception cref="HomelabException"><c>VmLocked</c> (Conflict): something else works on it.</exception>
    internal async Task<VmDetail> PrepareAsync(VmRef vm, string? lockAllowed, CancellationToken cancellationToken)
    {
        var seen = await cluster.Vms.FindAsync(vm, cancellationToken).ConfigureAwait(false);
        if (seen.Lock is { } held && held != lockAllowed)
        {
            throw new HomelabException(ErrorKind.Conflict, "VmLocked", $"Guest {seen} is locked: {held}. Wait until that has ended (Get-HlTask -Running), then ask anew.", seen.ToString()) { NothingHappened = true };
        }

        return seen;
    }

    /// <summary>The guest as <see cref="PrepareAsync"/> saw it, looked at anew.</summary>
    internal Task<VmDetail> LookAsync(VmRef vm, CancellationToken cancellationToken) => cluster.Vms.FindAsync(vm, cancellationToken);

    /// <summary>Asks for one of the changes under <c>/status/</c>, and follows it to its end.</summary>
    /// <param name="before">The guest as it is.</param>
    /// <param name="verb">The last part of the path: <c>start</c>.</param>
    /// <param name="form">Its parameters.</param>
    /// <param name="course">How it is followed and verified.</param>
    /// <param name="cancellationToken">Ends the following; the task goes on.</param>
    internal async Task<VmDetail> PowerAsync(VmDetail before, string verb, ProxmoxForm form, VmCourse course, CancellationToken cancellationToken)
    {
        var place = VmPlace.Of(before);
        context.Report(course.Activity, "asking Proxmox");
        var upid = await cluster.Wire.ChangeAsync(HttpMethod.Post, $"/nodes/{place.Node}/{place.Word}/{place.Id}/status/{verb}", form, cancellationToken).ConfigureAwait(false);
        return await EndAsync(place, upid, course, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Follows a change that the API has taken, and verifies it by the guest's own state.</summary>
    /// <param name="place">Where the guest is, or will be.</param>
    /// <param name="upid">What the API answered; null where it did it at once.</param>
    /// <param name="course">How it is followed and verified.</param>
    /// <param name="cancellationToken">Ends the following; the task goes on.</param>
    /// <exception cref="HomelabException"><c>VmNotAsWanted</c> (Failed): the task ended well, and the guest is not seen to be what was wanted; and what <see cref="TaskFollower"/> throws.</exception>
    internal async Task<VmDetail> EndAsync(VmPlace place, string? upid, VmCourse course, CancellationToken cancellationToken)
    {
        context.SayActed();
        var began = context.Time.GetTimestamp();
        ProxmoxTask? task = null;
        if (upid is not null)
        {
            var begun = new TaskRef(upid);
            if (course.NoWait)
            {
                task = await cluster.Tasks.ReadAsync(begun, cancellationToken).ConfigureAwait(false);
                return await cluster.Vms.LookAsync(place, cancellationToken).ConfigureAwait(false) with { Task = task };
            }

            task = await cluster.Tasks.FollowAsync(begun, course.Activity, context, course.Timeout, cancellationToken).ConfigureAwait(false);
        }

        // A reboot's task ends before the guest is back, and one of a guest under high availability before anything has happened.
        var left = course.Timeout - context.Time.GetElapsedTime(began);
        var seen = await UntilAsync(place, course, left > TimeSpan.Zero ? left : TimeSpan.Zero, cancellationToken).ConfigureAwait(false);
        return seen with { Task = task };
    }

    /// <summary>After an unclear end: whether it happened, by the guest's own state.</summary>
    internal async Task<Settlement> SettleAsync(string? mark, Func<VmMark, VmDetail, bool> happened, CancellationToken cancellationToken)
    {
        if (VmMark.Read(mark) is not { } before) return Settlement.Unknown;
        // Asked first: a task that ends between the two looks has done by the second what it does.
        var isBusy = await IsBusyAsync(before.Place, cancellationToken).ConfigureAwait(false);
        var now = await cluster.Vms.LookAsync(before.Place, cancellationToken).ConfigureAwait(false);
        if (happened(before, now)) return Settlement.Happened;
        return isBusy || now.Lock is not null || !before.Fits(now) ? Settlement.Unknown : Settlement.DidNotHappen;
    }

    /// <summary>True while a task works on a guest.</summary>
    internal async Task<bool> IsBusyAsync(VmPlace place, CancellationToken cancellationToken)
    {
        var query = new ProxmoxForm { { "source", "active" }, { "vmid", place.Id } };
        var active = await cluster.Wire.GetAsync($"/nodes/{place.Node}/tasks", query, ProxmoxJson.Default.TaskStatusWireArray, cancellationToken).ConfigureAwait(false);
        return active.Any(static t => TaskReader.ReadListed(t) is not { State: not TaskState.Running });
    }

    private async Task<VmDetail> UntilAsync(VmPlace place, VmCourse course, TimeSpan patience, CancellationToken cancellationToken)
    {
        var began = context.Time.GetTimestamp();
        var pause = s_firstPause;
        for (; ; )
        {
            var seen = await cluster.Vms.LookAsync(place, cancellationToken).ConfigureAwait(false);
            if (course.IsReached(seen)) return seen;
            if (context.Time.GetElapsedTime(began) >= patience) throw NotAsWanted(seen, course);
            context.Report(course.Activity, $"{HomelabNames.Of(seen.State)}, waiting until it is {course.Wanted}");
            await Task.Delay(pause, context.Time, cancellationToken).ConfigureAwait(false);
            pause = pause * Growth < s_longestPause ? pause * Growth : s_longestPause;
        }
    }

    private static HomelabException NotAsWanted(VmDetail seen, VmCourse course)
    {
        var qmp = seen.QmpStatus.Length == 0 || seen.QmpStatus == HomelabNames.Of(seen.State) ? "" : $" ({ForeignText.Clean(seen.QmpStatus, 40)})";
        var ha = seen.HaManaged ? $" The high-availability manager decides over it, and wants it {seen.HaState ?? "as it is"}." : "";
        return new HomelabException(
            ErrorKind.Failed,
            "VmNotAsWanted",
            string.Create(CultureInfo.InvariantCulture, $"Guest {seen} is {HomelabNames.Of(seen.State)}{qmp} and not {course.Wanted}, {Duration.Format(course.Timeout)} after it was asked for.{ha} Look at its console, and at Get-HlTask -Vm {seen.Id}."),
            seen.ToString());
    }
}

/// <summary>How a change of a guest is followed and verified.</summary>
/// <param name="Activity">What is being done, for progress: <c>Starting dev</c>.</param>
/// <param name="Wanted">What it should be in the end, for messages: <c>running</c>.</param>
/// <param name="IsReached">Whether it is.</param>
/// <param name="Timeout">How long task and verification may take together.</param>
/// <param name="NoWait">True to leave it with its task still running.</param>
internal sealed record VmCourse(string Activity, string Wanted, Func<VmDetail, bool> IsReached, TimeSpan Timeout, bool NoWait);
