using System.Globalization;

namespace Homelab.Providers.Docker;

/// <summary>
/// What an engine's events mean. Two of them mean something only together with what follows: memory that ran out, with or without a death; and whatever befalls a container that we are just
/// changing, which is that change's matter as long as it ends well.
/// </summary>
internal sealed class DockerAlertReader(ContainerActs acts, TimeProvider time)
{
    // The kernel kills within milliseconds; engines tell the two in either order.
    private static readonly TimeSpan s_deathFollows = TimeSpan.FromSeconds(2);

    // How often it is looked whether a change of ours has ended.
    private static readonly TimeSpan s_lookAgain = TimeSpan.FromMilliseconds(500);

    private readonly AskedStops _asked = new();
    private readonly Dictionary<string, Held> _held = new(StringComparer.Ordinal);
    private readonly Dictionary<string, long> _deaths = new(StringComparer.Ordinal);

    /// <summary>How long until <see cref="TakeDue"/> may have something; null when nothing is held back.</summary>
    internal TimeSpan? NextDue => _held.Count == 0 ? null : _held.Values.Select(Left).Min() is var left && left > TimeSpan.Zero ? left : TimeSpan.Zero;

    /// <summary>An alert that an event is; null when it is none, or not yet.</summary>
    internal Alert? Read(ContainerEvent happened)
    {
        _asked.Note(happened);
        var alert = happened.Action switch
        {
            "health_status: unhealthy" => Make(happened, AlertStatus.Down, "is unhealthy"),
            "health_status: healthy" => Make(happened, AlertStatus.Up, "is healthy"),
            "oom" => OutOfMemory(happened),
            "die" => Died(happened),
            _ => null,
        };
        if (happened.Action is "destroy") _deaths.Remove(happened.Id);
        // Before its end is asked for: a change that ends in between has one.
        var ends = acts.Ends;
        var isUnderWay = acts.IsUnderWay(happened.Id);
        // What was seen to be up a moment ago did not fail so many checks since: this is told late.
        if (acts.Ended(happened.Id) is { } end && (end is ContainerActEnd.Gone || (end is ContainerActEnd.Well && happened.Action is "health_status: unhealthy"))) return null;
        if (alert is not { Status: AlertStatus.Down } || !isUnderWay) return alert;
        Hold(happened.Id, alert, s_lookAgain, ends);
        return null;
    }

    /// <summary>What was held back long enough.</summary>
    internal IReadOnlyList<Alert> TakeDue()
    {
        var due = new List<Alert>();
        var ends = acts.Ends;
        foreach (var (id, held) in _held.ToArray())
        {
            if (Left(held) > TimeSpan.Zero) continue;
            _held.Remove(id);
            if (held.Alert.Status is AlertStatus.Pressure) due.Add(held.Alert);
            else if (acts.IsUnderWay(id)) Hold(id, held.Alert, s_lookAgain, ends);
            else if (acts.EndedSince(id, held.Ends) is null or ContainerActEnd.Failed) due.Add(held.Alert);
        }

        return due;
    }

    private Alert? OutOfMemory(ContainerEvent happened)
    {
        if (_deaths.TryGetValue(happened.Id, out var died) && time.GetElapsedTime(died) <= s_deathFollows) return Make(happened, AlertStatus.Down, "ran out of memory and died") with { Resource = "memory" };
        Hold(happened.Id, Make(happened, AlertStatus.Pressure, "ran out of memory; it lives, but something in it was killed") with { Resource = "memory" }, s_deathFollows, acts.Ends);
        return null;
    }

    private Alert? Died(ContainerEvent happened)
    {
        var outOfMemory = _held.TryGetValue(happened.Id, out var held) && held.Alert.Status is AlertStatus.Pressure && _held.Remove(happened.Id);
        if (_asked.WasAsked(happened)) return null;
        _deaths[happened.Id] = time.GetTimestamp();
        var code = happened.ExitCode?.ToString(CultureInfo.InvariantCulture) ?? "unknown";
        if (outOfMemory) return Make(happened, AlertStatus.Down, $"ran out of memory and died with exit code {code}") with { Resource = "memory" };
        return happened.ExitCode is 0 ? null : Make(happened, AlertStatus.Down, $"died with exit code {code}");
    }

    // The first of several says when it began.
    private void Hold(string id, Alert alert, TimeSpan wait, long ends)
    {
        if (!_held.TryGetValue(id, out var held) || held.Alert.Status is AlertStatus.Pressure) _held[id] = new Held(alert, time.GetTimestamp(), wait, ends);
    }

    private TimeSpan Left(Held held) => held.Wait - time.GetElapsedTime(held.Since);

    private static Alert Make(ContainerEvent happened, AlertStatus status, string what) => new()
    {
        Source = "docker",
        Status = status,
        Subject = $"{happened.Container}@{happened.Host}",
        SubjectId = happened.Id,
        Host = happened.Host,
        Message = $"Container {happened.Container}@{happened.Host} {what}",
        At = happened.At,
        Labels = Labels(happened),
        Fingerprint = $"docker:{happened.Id}:{happened.Action}:{happened.UnixNanoseconds}",
    };

    private static Dictionary<string, string> Labels(ContainerEvent happened)
    {
        var labels = new Dictionary<string, string>(StringComparer.Ordinal) { ["event"] = happened.Action };
        if (happened.Image.Length > 0) labels["image"] = ForeignText.Clean(happened.Image, 300);
        if (happened.ExitCode is { } code) labels["exitCode"] = code.ToString(CultureInfo.InvariantCulture);
        return labels;
    }

    private sealed record Held(Alert Alert, long Since, TimeSpan Wait, long Ends);
}
