using Homelab.Automation.Correlation;
using Homelab.Automation.Healing;

namespace Homelab.Automation.Tapes;

/// <summary>
/// What a tape tells of each service at a moment of its time: what alerts said of it lately, and what they are about to say in place of the look that healing
/// would have taken. Of what is not on the tape nothing is known.
/// </summary>
internal sealed class TapeSightings(IReadOnlyDictionary<string, PaperIncident> open, LinesAhead ahead, HealingTempo tempo, TimeProvider clock) : ISightings
{
    // What was up so short a while ago is not down yet, whatever comes.
    private static readonly TimeSpan s_fresh = TimeSpan.FromMinutes(1);

    private readonly Dictionary<string, Reports> _reports = new(StringComparer.Ordinal);
    private readonly Dictionary<string, DateTimeOffset> _givenUp = new(StringComparer.Ordinal);

    /// <summary>Takes an alert into account.</summary>
    internal void Add(string service, TapeEntry line)
    {
        if (line.Alert.Status is not (AlertStatus.Down or AlertStatus.Up)) return;
        if (line.Alert.Status == AlertStatus.Up) _givenUp.Remove(service);
        var before = _reports.GetValueOrDefault(service);
        _reports[service] = line.Alert.Status == AlertStatus.Up
            ? before with { Up = Later(before.Up, service, line) }
            : before with { Down = Later(before.Down, service, line) };
    }

    /// <summary>Takes into account that a person was told of it, since nothing helped.</summary>
    internal void GiveUp(string service) => _givenUp[service] = clock.GetUtcNow();

    /// <summary>When it was given up, where that is so short a while ago that it is not tried again for what is reported late; else null.</summary>
    internal DateTimeOffset? GaveUpAt(string service) => _givenUp.TryGetValue(service, out var at) && at + tempo.Aftermath > clock.GetUtcNow() ? at : null;

    /// <inheritdoc/>
    public Sighted Of(string name)
    {
        var now = clock.GetUtcNow();
        var reports = _reports.GetValueOrDefault(name);
        var incident = open.GetValueOrDefault(name);
        var seen = Sighted.Nothing;
        if (reports.Down is { } down && (incident is not null || down.At + tempo.AlertWindow >= now || GaveUpAt(name) is not null)) seen = down.Alone;
        if (reports.Up is { } up && up.At + tempo.AlertWindow >= now) seen = ReferenceEquals(seen, Sighted.Nothing) ? up.Alone : seen.And(up.Alone.Known!);
        // A look would have shown it; the tape shows it when the monitor has noticed.
        if (ahead.NextDown(name) is { } next && !(reports.Up?.At + s_fresh > now)) seen = seen.And(new Sighting(name, SightedState.Down, SightedBy.Look, now, next.Alert.Message));
        if (incident is { ActedAt: not null, IsAsking: false }) seen = seen.And(new Sighting(name, SightedState.Down, SightedBy.Healing, incident.Line.At, incident.Doing));
        return seen;
    }

    private static Report Later(Report? one, string service, TapeEntry line)
    {
        // By the earlier of two clocks, as healing takes it.
        var saidAt = line.Alert.At < line.At ? line.Alert.At : line.At;
        if (one is not null && saidAt < one.Alone.Known!.At) return one;
        var state = line.Alert.Status == AlertStatus.Up ? SightedState.Up : SightedState.Down;
        return new Report(line.At, Sighted.Nothing.And(new Sighting(service, state, SightedBy.Alert, saidAt, $"{line.Alert.Source}: {line.Alert.Message}")));
    }

    /// <summary>What one alert said, put together once: it is asked for very often.</summary>
    /// <param name="At">When it was taken in.</param>
    /// <param name="Alone">What is known of the service by it alone.</param>
    private sealed record Report(DateTimeOffset At, Sighted Alone);

    private readonly record struct Reports(Report? Down, Report? Up);
}
