using Homelab.Automation.Healing;
using Homelab.Automation.Runbooks;

namespace Homelab.Automation.Tapes;

/// <summary>
/// Plays a tape of alerts through matching, correlation, the choice of runbooks, tiers, throttles and policy, in the tape's own time, and says what would have been done.
/// Touches nothing: it is made of files alone, and no operation is run, prepared or asked to look.
/// </summary>
public sealed partial class Replay
{
    // Healing looks at what a service needs before it acts. A tape shows the same a little later, when that one's own alert comes.
    private static readonly TimeSpan s_sight = TimeSpan.FromMinutes(1);

    // Senders repeat themselves soon; what the recording process knew again, the tape says.
    private const int MostRemembered = 5_000;

    private readonly LabDefinition _lab;
    private readonly ServiceMap _services;
    private readonly RunbookShelf _shelf;
    private readonly HealingTempo _tempo;
    private readonly PaperGate _gate;
    private readonly RunbookPlanner _planner;
    private readonly ChangeLedger _ledger;
    private readonly LinesAhead _ahead;
    private readonly TapeClock _clock = new();
    private readonly TapeSightings _sightings;
    private readonly SeenLately _seen = new(MostRemembered);
    private readonly Dictionary<string, PaperIncident> _open = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _unmatched = new(StringComparer.Ordinal);
    private readonly List<string> _unreadable = [];
    private readonly Queue<PaperIncident> _untold = new();
    private readonly PriorityQueue<PaperIncident, DateTimeOffset> _due = new();
    private readonly Dictionary<(string Service, string Runbook), List<DateTimeOffset>> _runs = [];
    private readonly Dictionary<(string Service, string Runbook), DateTimeOffset> _helped = [];
    private int _alerts;
    private int _duplicates;

    /// <param name="lab">The lab.</param>
    /// <param name="catalog">What there is; of its operations only their descriptions are read.</param>
    /// <param name="runbooks">Checked ones.</param>
    /// <param name="tempo">How fast.</param>
    public Replay(LabDefinition lab, OperationCatalog catalog, IReadOnlyList<Runbook> runbooks, HealingTempo tempo)
    {
        ArgumentNullException.ThrowIfNull(lab);
        _lab = lab;
        _services = new ServiceMap(lab);
        _ahead = new LinesAhead(_services);
        _sightings = new TapeSightings(_open, _ahead, tempo, _clock);
        _shelf = new RunbookShelf(runbooks);
        _tempo = tempo;
        _gate = new PaperGate(catalog, new Decider(lab.Access, lab.Policy, []), _clock);
        _planner = new RunbookPlanner(_gate.ExplainAsync, _clock);
        var containers = lab.Services.Values.Select(static s => s.Container?.Host).OfType<string>().GroupBy(static h => h, StringComparer.Ordinal).ToDictionary(static g => g.Key, static g => g.Count(), StringComparer.Ordinal);
        _ledger = new ChangeLedger(lab.Policy.Limits, containers);
    }

    /// <summary>The operations that the lab is set up for; all of the catalog when not given.</summary>
    public IReadOnlyCollection<string> Operations { get => field ??= [.. _gate.Catalog.All.Select(static o => o.Descriptor.Name)]; init; }

    /// <summary>Plays the tape to its end, and beyond it until every incident has ended. Once: what it has seen is part of it.</summary>
    /// <exception cref="HomelabException">From the tape: it is not there, or cannot be read. A line that cannot be read is told, and the next one is played.</exception>
    public async Task<HealingBacktest> PlayAsync(IAsyncEnumerable<TapeReading> tape, CancellationToken cancellationToken)
    {
        var incidents = new List<HealingForecast>();
        var result = await PlayAsync(tape, Keep, cancellationToken).ConfigureAwait(false);
        return result with { Incidents = incidents };

        ValueTask Keep(HealingForecast incident)
        {
            incidents.Add(incident);
            return ValueTask.CompletedTask;
        }
    }

    /// <summary>Plays a tape of any length: each incident is told when it, and all that were opened before it, have ended, and is not kept.</summary>
    /// <param name="tape">The tape.</param>
    /// <param name="tell">Hears of each incident, in the order in which they were opened.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="HomelabException">As without <paramref name="tell"/>.</exception>
    public async Task<HealingBacktest> PlayAsync(IAsyncEnumerable<TapeReading> tape, Func<HealingForecast, ValueTask> tell, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(tape);
        ArgumentNullException.ThrowIfNull(tell);
        await foreach (var reading in tape.WithCancellation(cancellationToken).ConfigureAwait(false))
        {
            if (reading.Entry is not { } line)
            {
                _unreadable.Add($"line {reading.Number}: {reading.Problem}");
                continue;
            }

            _ahead.Enqueue(line);
            while (_ahead.Next.At + s_sight <= line.At) await TakeNextAsync(cancellationToken).ConfigureAwait(false);
            await TellEndedAsync(tell).ConfigureAwait(false);
        }

        while (_ahead.Any) await TakeNextAsync(cancellationToken).ConfigureAwait(false);
        await PassUntilAsync(DateTimeOffset.MaxValue, cancellationToken).ConfigureAwait(false);
        // Who is only told and watched is down to the end.
        foreach (var down in _open.Values.Where(static i => i.ToldAt is not null).ToList()) Escalate(down, StandsBy);
        await TellEndedAsync(tell).ConfigureAwait(false);
        return new HealingBacktest { Alerts = _alerts, Duplicates = _duplicates, Unmatched = _unmatched, Unreadable = _unreadable };
    }

    private async ValueTask TellEndedAsync(Func<HealingForecast, ValueTask> tell)
    {
        while (_untold.TryPeek(out var first) && first.Forecast is { } forecast)
        {
            _untold.Dequeue();
            await tell(forecast).ConfigureAwait(false);
        }
    }

    private async Task TakeNextAsync(CancellationToken cancellationToken)
    {
        await PassUntilAsync(_ahead.Next.At, cancellationToken).ConfigureAwait(false);
        _clock.MoveTo(_ahead.Next.At);
        var (line, service) = _ahead.Dequeue();
        Take(line, service);
    }

    private async Task PassUntilAsync(DateTimeOffset moment, CancellationToken cancellationToken)
    {
        while (_due.TryPeek(out var incident, out var at) && at < moment)
        {
            cancellationToken.ThrowIfCancellationRequested();
            _due.Dequeue();
            // It may have been closed, or put off, since it was put here.
            if (!incident.IsOpen || incident.Due != at) continue;
            _clock.MoveTo(at);
            await ActAsync(incident, cancellationToken).ConfigureAwait(false);
        }
    }

    private void Take(TapeEntry line, string? service)
    {
        _alerts++;
        if (line.Duplicate || !_seen.Add(line.Alert))
        {
            _duplicates++;
            return;
        }

        if (service is null)
        {
            var subject = line.Alert.Subject ?? "";
            _unmatched[subject] = _unmatched.GetValueOrDefault(subject) + 1;
            return;
        }

        _sightings.Add(service, line);
        switch (line.Alert.Status)
        {
            case AlertStatus.Down or AlertStatus.Pressure or AlertStatus.Certificate when _open.TryGetValue(service, out var joined):
                joined.Alerts++;
                break;
            case AlertStatus.Down or AlertStatus.Pressure or AlertStatus.Certificate:
                Open(service, line);
                break;
            case AlertStatus.Up when _open.TryGetValue(service, out var open) && open.Line.Alert.Status != AlertStatus.Certificate:
                open.Alerts++;
                IsUp(open);
                break;
        }

        if (line.Alert.Status == AlertStatus.Up) LookAtMachineOf(service);
    }

    private PaperIncident Open(string service, TapeEntry line)
    {
        var now = _clock.GetUtcNow();
        var definition = _services.Get(service);
        var runbook = _shelf.Choose(service, definition, line.Alert);
        // Neither a certificate nor what runs short gets well by waiting for the tier's time; the former is told at once, as healing does.
        var actsAt = line.Alert.Status == AlertStatus.Certificate ? now : _tempo.DueAt(definition.Tier, now);
        var incident = new PaperIncident(service, definition, line) { First = runbook, Runbook = runbook, ActsAt = actsAt };
        _open.Add(service, incident);
        _untold.Enqueue(incident);
        // Where it comes from is looked into at once, so that a storm is one incident from its beginning.
        PutOff(incident, line.Alert.Status == AlertStatus.Down ? now : actsAt);
        return incident;
    }

    private void IsUp(PaperIncident incident)
    {
        var (outcome, why) = incident switch
        {
            { Roots: { Count: > 0 } roots } => (ForecastOutcome.CameBackWithRoot, $"it waited for {string.Join(" and ", roots)}"),
            { IsAsking: true } => (ForecastOutcome.UpWhileAsking, "a person had not answered yet"),
            { ToldAt: { } told } => (ForecastOutcome.Escalated, $"{StandsBy}, of which a person was told at {told:u}; it is back"),
            { ActedAt: null } => (ForecastOutcome.CameBack, "nothing was done"),
            _ => (ForecastOutcome.UpAfterAction, $"{incident.Attempts} of {incident.Runbook!.Throttle.Attempts} attempts of {incident.Runbook.Name}"),
        };
        if (outcome == ForecastOutcome.UpAfterAction) _helped[(incident.Service, incident.Runbook!.Name)] = _clock.GetUtcNow();
        Close(incident, outcome, why);
        Release(incident);
    }

    private void Escalate(PaperIncident incident, string why)
    {
        Close(incident, ForecastOutcome.Escalated, why);
        if (incident.Line.Alert.Status == AlertStatus.Down) _sightings.GiveUp(incident.Service);
        Release(incident);
    }

    private void Close(PaperIncident incident, ForecastOutcome outcome, string why)
    {
        incident.Close(outcome, why, _clock.GetUtcNow());
        _open.Remove(incident.Service);
    }

    private void PutOff(PaperIncident incident, DateTimeOffset until)
    {
        incident.Due = until;
        _due.Enqueue(incident, until);
    }
}
