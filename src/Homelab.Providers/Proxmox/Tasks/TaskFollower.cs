using System.Globalization;
using System.Text.RegularExpressions;

namespace Homelab.Providers.Proxmox;

/// <summary>Follows tasks to their end. That the API took a change says nothing yet: many refusals are a task that fails.</summary>
internal sealed partial class TaskFollower(ProxmoxWire wire)
{
    // A start takes a second or two, a backup an hour: looks begin close together and become rare.
    private static readonly TimeSpan s_firstPause = TimeSpan.FromMilliseconds(25);
    private static readonly TimeSpan s_longestPause = TimeSpan.FromSeconds(1);
    private const double Growth = 1.5;

    // How much of a log is told with a failure.
    private const int LastLines = 5;

    /// <summary>Follows a task until it has ended well.</summary>
    /// <param name="task">The task.</param>
    /// <param name="activity">What is being done, for progress.</param>
    /// <param name="context">Clock and progress.</param>
    /// <param name="patience">How long to follow it.</param>
    /// <param name="cancellationToken">Ends the following; the task goes on.</param>
    /// <exception cref="HomelabException">
    /// <c>ProxmoxTaskFailed</c> (Failed), <c>VmLocked</c> or <c>ProxmoxTaskConflict</c> (Conflict): it ended with an error, which is told with the end of its log;
    /// <c>ProxmoxTaskTimeout</c> (Timeout): it still runs; and what every call throws.
    /// </exception>
    internal async Task<ProxmoxTask> FollowAsync(TaskRef task, string activity, OperationContext context, TimeSpan patience, CancellationToken cancellationToken)
    {
        var ended = await UntilEndedAsync(task, activity, context, patience, cancellationToken).ConfigureAwait(false);
        if (ended.State == TaskState.Succeeded) return ended;
        var log = await ReadLogEndAsync(task, cancellationToken).ConfigureAwait(false);
        return ended.State == TaskState.Warned ? ended with { Log = log } : throw TaskErrors.Ended(ended with { Log = log });
    }

    /// <summary>Follows a task until it has ended, well or not.</summary>
    /// <exception cref="HomelabException"><c>ProxmoxTaskTimeout</c> (Timeout).</exception>
    internal async Task<ProxmoxTask> UntilEndedAsync(TaskRef task, string activity, OperationContext context, TimeSpan patience, CancellationToken cancellationToken)
    {
        var began = context.Time.GetTimestamp();
        var pause = s_firstPause;
        var tail = new TaskLogTail(wire, task);
        for (; ; )
        {
            var seen = await ReadAsync(task, cancellationToken).ConfigureAwait(false);
            if (seen.State != TaskState.Running) return seen;
            if (context.Time.GetElapsedTime(began) >= patience) throw TaskErrors.StillRunning(task, patience);
            // What ends soon is not worth a second call for what it says.
            var line = pause < s_longestPause ? "" : await tail.ReadLastAsync(cancellationToken).ConfigureAwait(false);
            context.Report(activity, line.Length == 0 ? task.Type : line, FractionOf(line));
            await Task.Delay(pause, context.Time, cancellationToken).ConfigureAwait(false);
            pause = pause * Growth < s_longestPause ? pause * Growth : s_longestPause;
        }
    }

    /// <summary>How a task stands now.</summary>
    /// <remarks><c>GET /nodes/{node}/tasks/{upid}/status</c>.</remarks>
    /// <exception cref="HomelabException"><c>ProxmoxTaskNotFound</c> (NotFound): its node knows it no more, or never did; and what every call throws.</exception>
    internal async Task<ProxmoxTask> ReadAsync(TaskRef task, CancellationToken cancellationToken)
    {
        try
        {
            return TaskReader.Read(task, await wire.GetAsync($"/nodes/{task.Node}/tasks/{task.Upid}/status", ProxmoxJson.Default.TaskStatusWire, cancellationToken).ConfigureAwait(false), []);
        }
        catch (ProxmoxRefusal e) when (e.Fields.TryGetValue("upid", out var objection) && objection.StartsWith("no such task", StringComparison.Ordinal))
        {
            throw TaskErrors.NotFound(task, e);
        }
    }

    /// <summary>The last lines of a task's log.</summary>
    internal async Task<IReadOnlyList<string>> ReadLogEndAsync(TaskRef task, CancellationToken cancellationToken)
    {
        var lines = await ReadLogAsync(task, cancellationToken).ConfigureAwait(false);
        return lines.Count <= LastLines ? lines : [.. lines.Skip(lines.Count - LastLines)];
    }

    /// <summary>A task's whole log.</summary>
    internal Task<IReadOnlyList<string>> ReadLogAsync(TaskRef task, CancellationToken cancellationToken) => new TaskLogTail(wire, task).ReadNewAsync(cancellationToken);

    private static double? FractionOf(string line) =>
        Percentage().Match(line) is { Success: true } match && double.TryParse(match.Groups["percent"].ValueSpan, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var percent) && percent <= 100
            ? percent / 100
            : null;

    [GeneratedRegex(@"(?<percent>\d{1,3}(\.\d+)?)\s?%", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Percentage();
}
