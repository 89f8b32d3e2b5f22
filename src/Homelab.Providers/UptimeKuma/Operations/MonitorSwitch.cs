using System.Globalization;

namespace Homelab.Providers.UptimeKuma;

/// <summary>What pausing and resuming have in common: find the monitor, see whether it is so already, switch it, and read back that it is.</summary>
internal sealed class MonitorSwitch(KumaLink? link, bool toActive)
{
    private const string Active = "active";
    private const string Paused = "paused";

    internal static Target TargetOf(string monitor) => new("monitor", monitor);

    internal async Task<(string Monitor, string Mark, Target Target)> LookAsync(string monitor, CancellationToken cancellationToken)
    {
        var all = await Link.ReadMonitorsAsync(cancellationToken).ConfigureAwait(false);
        var found = KumaLink.Find(all, monitor);
        // A name that several bear names none of them.
        var name = all.Count(m => string.Equals(m.Name, found.Name, StringComparison.OrdinalIgnoreCase)) == 1 ? found.Name : found.Number;
        return (name, MarkOf(found), TargetOf(name) with { Aliases = [found.Number, found.Name] });
    }

    internal async Task<MonitorActivity> SwitchAsync(string monitor, OperationContext context, CancellationToken cancellationToken)
    {
        var before = await Link.FindAsync(monitor, cancellationToken).ConfigureAwait(false);
        if (before.Active == toActive) return Show(before, changed: false);
        await Link.AskAsync(toActive ? "resumeMonitor" : "pauseMonitor", $"{(toActive ? "resuming" : "pausing")} monitor '{before.Name}'", acts: true, [before.Id], cancellationToken).ConfigureAwait(false);
        context.SayActed();
        var all = await Link.ReadMonitorsAsync(cancellationToken).ConfigureAwait(false);
        var after = all.FirstOrDefault(m => m.Id == before.Id)
            ?? throw new HomelabException(ErrorKind.Failed, "MonitorGone", $"Monitor '{before.Name}' is not there any more: somebody has deleted it.", before.Name);
        if (after.Active == toActive) return Show(after, changed: true);
        throw after.Forced
            ? new HomelabException(ErrorKind.Failed, "MonitorNotSwitched", $"Monitor '{before.Name}' is still paused: the group it is in is. Resume the group.", before.Name)
            : new HomelabException(ErrorKind.Failed, "MonitorNotSwitched", $"Uptime Kuma said that it has {(toActive ? "resumed" : "paused")} monitor '{before.Name}', and it is {(after.Active ? "active" : "paused")} still. Look at it there.", before.Name);
    }

    /// <summary>It happened when it is now as wished and was not before: what somebody else had done was not ours.</summary>
    internal async Task<Settlement> SettleAsync(string monitor, string? mark, CancellationToken cancellationToken)
    {
        if (mark is null) return Settlement.Unknown;
        if (mark == (toActive ? Active : Paused)) return Settlement.DidNotHappen;
        var now = await Link.FindAsync(monitor, cancellationToken).ConfigureAwait(false);
        return now.Active == toActive ? Settlement.Happened : Settlement.DidNotHappen;
    }

    private KumaLink Link => KumaErrors.Need(link);

    private static string MarkOf(KumaMonitorEntry monitor) => monitor.Active ? Active : Paused;

    private static MonitorActivity Show(KumaMonitorEntry monitor, bool changed) => new()
    {
        Name = monitor.Name,
        Id = monitor.Id.ToString(CultureInfo.InvariantCulture),
        Type = monitor.Type,
        Active = monitor.Active,
        Changed = changed,
    };
}
