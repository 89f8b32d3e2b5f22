using System.Collections.Concurrent;
using Homelab.Automation.Correlation;

namespace Homelab.Automation.Healing;

/// <summary>Gathers, by reads, what is seen of a service and of all that it needs, and finds where its failure comes from. What several look at in one moment is looked at once.</summary>
internal sealed class RootDesk(HealingContext context, HealingEngine engine)
{
    // Of a machine so many are looked at beside those that are needed: enough to tell how it is.
    private const int MostNeighbours = 40;
    private const int MostAlerts = 1000;

    private readonly ConcurrentDictionary<(string Name, string Caller), SharedLook> _looks = new();

    /// <summary>Looks at a service and all it needs.</summary>
    /// <param name="incident">The incident whose root is looked for.</param>
    /// <param name="since">Looks that began earlier tell too little.</param>
    /// <param name="isWide">True to take into account what others reported, and to look at what runs beside it on a machine that gives no answer.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    internal async Task<RootEvidence> GatherAsync(Incident incident, DateTimeOffset since, bool isWide, CancellationToken cancellationToken)
    {
        var graph = context.Services.Graph;
        var (name, caller) = (incident.Service, incident.Caller);
        var definition = context.Services.Get(name);
        var own = Bounded(token => context.Ladder.ProbeAsync(name, definition, caller, token), cancellationToken);
        var container = definition.Container is null ? Task.FromResult<RungReading?>(null) : Bounded(async token => (await context.Ladder.LookAsync(name, definition, [VerifyCheck.Container], caller, token).ConfigureAwait(false)).Rungs[0], cancellationToken);
        var ownHost = definition.Container?.Host is { } host && graph.NeedsOf(name).FirstOrDefault(n => n.Kind == NeedKind.Host) is { } below && graph.MachineOf(below.On) == host ? below.On : null;
        var needs = graph.AllNeedsOf(name).Select(n => n.Name).ToArray();
        var sightings = new List<Sighting>(await Task.WhenAll(needs.Select(n => n == ownHost ? OwnHostAsync(n) : SeeAsync(n, caller, since, cancellationToken))).ConfigureAwait(false))
        {
            new(name, SightedState.Down, SightedBy.Alert, incident.OpenedAt, incident.Message),
        };
        // Seen at one moment: that the container runs does not outweigh that its service gives no answer.
        var (probe, reading) = (await own.ConfigureAwait(false), await container.ConfigureAwait(false));
        var now = context.Now;
        if (probe is not null) sightings.Add(Of(name, probe, now));
        if (reading is not null) sightings.Add(Of(name, reading, now));
        if (isWide)
        {
            sightings.AddRange(await ReportedAsync(cancellationToken).ConfigureAwait(false));
            var finder = new RootFinder(graph, sightings);
            var silent = needs.Append(name).Where(n => graph.MachineOf(n) is not null && finder.StateOf(n) != SightedState.Up);
            var beside = silent.SelectMany(graph.RunningOn).Except([.. needs, name], StringComparer.Ordinal).Take(MostNeighbours);
            sightings.AddRange(await Task.WhenAll(beside.Select(n => SeeAsync(n, caller, since, cancellationToken))).ConfigureAwait(false));
        }

        return new RootEvidence(probe, new RootFinder(graph, sightings));

        // An engine that answers, whatever it says, stands on a machine that runs.
        async Task<Sighting> OwnHostAsync(string node) => await container.ConfigureAwait(false) is { IsKnown: true }
            ? new Sighting(node, SightedState.Up, SightedBy.Look, context.Now, "its Docker Engine answers")
            : await SeeAsync(node, caller, since, cancellationToken).ConfigureAwait(false);
    }

    private async Task<Sighting> SeeAsync(string name, Caller caller, DateTimeOffset since, CancellationToken cancellationToken)
    {
        // What is written down is ahead of what its worker remembers: a root that was proved a moment ago must not pass for one that is still being healed.
        if (engine.OpenIncidentOf(name) is { Status: IncidentStatus.Healing or IncidentStatus.Verifying } known
            && await context.Store.FindIncidentAsync(known.Id, cancellationToken).ConfigureAwait(false) is { Status: IncidentStatus.Healing or IncidentStatus.Verifying } healing)
        {
            return new Sighting(name, SightedState.Down, SightedBy.Healing, healing.OpenedAt, healing.Summary);
        }

        var key = (name, caller.ToString());
        var fresh = new SharedLook(context.Now, new Lazy<Task<RungReading>>(() => GlanceAsync(name, caller)));
        var look = _looks.AddOrUpdate(key, fresh, (_, old) => old.BeganAt >= since ? old : fresh);
        return Of(name, await look.Reading.Value.WaitAsync(cancellationToken).ConfigureAwait(false), context.Now);
    }

    // Under nobody's cancellation but its own time: others may wait for it too.
    private async Task<RungReading> GlanceAsync(string name, Caller caller) =>
        (await Bounded(async token => (RungReading?)await context.Ladder.GlanceAsync(name, context.Services.Get(name), caller, token).ConfigureAwait(false), CancellationToken.None).ConfigureAwait(false))!;

    private async Task<RungReading?> Bounded(Func<CancellationToken, Task<RungReading?>> look, CancellationToken cancellationToken)
    {
        using var deadline = new CancellationTokenSource(context.Tempo.FirstLook, context.Time);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, deadline.Token);
        try
        {
            return await look(linked.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return RungReading.Unknown("look", $"no answer within {Duration.Format(context.Tempo.FirstLook)}");
        }
    }

    private async Task<IEnumerable<Sighting>> ReportedAsync(CancellationToken cancellationToken)
    {
        var open = (await context.Store.ListOpenIncidentsAsync(cancellationToken).ConfigureAwait(false)).Select(i => i.Id).ToHashSet(StringComparer.Ordinal);
        var since = context.Now - context.Tempo.AlertWindow;
        var alerts = await context.Store.ListAlertsAsync(MostAlerts, cancellationToken).ConfigureAwait(false);
        return alerts
            // What we found out ourselves is no evidence for itself, and what came late tells how it was.
            .Where(a => a is { Service: not null, Note: null, Alert: { Source: not HealingEngine.OurSource, Status: AlertStatus.Down or AlertStatus.Up } })
            .Where(a => a.ReceivedAt >= since || (a.Incident is { } incident && open.Contains(incident)))
            .Select(a => new Sighting(
                a.Service!,
                a.Alert.Status == AlertStatus.Up ? SightedState.Up : SightedState.Down,
                SightedBy.Alert,
                a.Alert.At < a.ReceivedAt ? a.Alert.At : a.ReceivedAt,
                $"{a.Alert.Source}: {a.Alert.Message}"));
    }

    private static Sighting Of(string name, RungReading reading, DateTimeOffset at) => new(
        name,
        reading.IsUp ? SightedState.Up : reading.IsKnown ? SightedState.Down : SightedState.Unknown,
        SightedBy.Look,
        at,
        reading.Detail);

    private sealed record SharedLook(DateTimeOffset BeganAt, Lazy<Task<RungReading>> Reading);
}

/// <summary>What was gathered.</summary>
/// <param name="Own">What the service's own check says; null where it has none.</param>
/// <param name="Finder">Finds roots in all of it.</param>
internal sealed record RootEvidence(RungReading? Own, RootFinder Finder);
