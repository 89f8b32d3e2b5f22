using System.Runtime.CompilerServices;

namespace Homelab.Providers.Docker;

/// <summary>Takes the engines' events as alerts: unhealthy, died unasked, out of memory, and healthy again.</summary>
internal sealed class DockerAlertFeed(DockerEngines engines) : IAlertFeed
{
    /// <inheritdoc/>
    public string Name => "docker";

    /// <inheritdoc/>
    public async IAsyncEnumerable<Alert> WatchAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var asked = new AskedStops();
        await foreach (var happened in SourceMerge.MergeAsync(engines.In(host: null), static (e, c) => e.Events.WatchAsync(patient: true, c), DockerErrors.Several, endless: true, cancellationToken).ConfigureAwait(false))
        {
            if (Read(happened, asked) is { } alert) yield return alert;
        }
    }

    internal static Alert? Read(ContainerEvent happened, AskedStops asked) => happened.Action switch
    {
        "health_status: unhealthy" => Make(happened, AlertStatus.Down, "is unhealthy"),
        "health_status: healthy" => Make(happened, AlertStatus.Up, "is healthy"),
        "oom" => Make(happened, AlertStatus.Down, "ran out of memory"),
        "die" when happened.ExitCode is not 0 && !asked.WasAsked(happened) => Make(happened, AlertStatus.Down, $"died with exit code {happened.ExitCode?.ToString() ?? "unknown"}"),
        _ => Note(happened, asked),
    };

    private static Alert? Note(ContainerEvent happened, AskedStops asked)
    {
        asked.Note(happened);
        return null;
    }

    private static Alert Make(ContainerEvent happened, AlertStatus status, string what) => new()
    {
        Source = "docker",
        Status = status,
        Subject = $"{happened.Container}@{happened.Host}",
        SubjectId = happened.Id,
        Message = $"Container {happened.Container}@{happened.Host} {what}",
        At = happened.At,
        Fingerprint = $"docker:{happened.Id}:{happened.Action}:{happened.UnixNanoseconds}",
    };
}

/// <summary>Remembers which containers were told to end, so that their end is no alarm: ours, and everybody else's.</summary>
internal sealed class AskedStops
{
    // A stop first asks and, when the grace is over, kills; each is an event of its own. Graces above this are rare, and then the kill is near the end.
    private const long Window = 90_000_000_000;

    private const int Hangup = 1;
    private const int User1 = 10;
    private const int User2 = 12;

    private readonly Dictionary<string, long> _asked = new(StringComparer.Ordinal);

    internal void Note(ContainerEvent happened)
    {
        switch (happened.Action)
        {
            // Programs are told by these to read their configuration anew, not to end.
            case "kill" when happened.Signal is not (Hangup or User1 or User2):
            case "stop":
                _asked[happened.Id] = happened.UnixNanoseconds;
                break;
            // A restart is told as kill, die, stop, start, restart: what dies after the start was not asked to.
            case "start" or "destroy":
                _asked.Remove(happened.Id);
                break;
        }
    }

    internal bool WasAsked(ContainerEvent death) => _asked.TryGetValue(death.Id, out var at) && death.UnixNanoseconds - at <= Window;
}
