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

    private readonly LabDefinition _lab;
    private readonly ServiceMap _services;
    private readonly RunbookShelf _shelf;
    private readonly HealingTempo _tempo;
    private readonly PaperGate _gate;
    private readonly RunbookPlanner _planner;
    private readonly ChangeLedger _ledger;
    private readonly LinesAhead _ahead;
    private readonly TapeClock _clock = new();
    private readonly HashSet<string> _known = new(StringComparer.Ordinal);
    private readonly Dictionary<string, PaperIncident> _open = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _unmatched = new(StringComparer.Ordinal);
    private readonly List<PaperIncident> _all = [];
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
    /// <exception cref="HomelabException"><c>TapeUnreadable</c> (Invalid), from the tape.</exception>
    public async Task<HealingBacktest> PlayAsync(IAsyncEnumerable<TapeLine> tape, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(tape);
        await foreach (var line in tape.WithCancellation(cancellationToken).ConfigureAwait(false))
        {
            _ahead.Enqueue(line);
            while (_ahead.Next.At + s_sight <= line.At) await TakeNextAsync(cancellationToken).ConfigureAwait(false);
        }

        while (_ahead.Any) await TakeNextAsync(cancellationToken).ConfigureAwait(false);
        await PassUntilAsync(DateTimeOffset.MaxValue, cancellationToken).ConfigureAwait(false);
        return new HealingBacktest { Alerts = _alerts, Duplicates = _duplicates, Unmatched = _unmatched, Incidents = [.. _all.Select(static i => i.Forecast!)] };
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

    private void Take(TapeLine line, string? service)
    {
        _alerts++;
        if (!_known.Add(line.Alert.Fingerprint))
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
    }

    private void Open(string service, TapeLine line)
    {
        var definition = _services.Get(service);
        var runbook = _shelf.Choose(service, definition, line.Alert);
        var incident = new PaperIncident(service, definition, line) { First = runbook, Runbook = runbook };
        _open.Add(service, incident);
        _all.Add(incident);
        // Neither a certificate nor what runs short gets well by waiting for the tier's time; the former is told at once, as healing does.
        PutOff(incident, line.Alert.Status == AlertStatus.Certificate ? _clock.GetUtcNow() : _tempo.DueAt(definition.Tier, _clock.GetUtcNow()));
    }

    private void IsUp(PaperIncident incident)
    {
        var (outcome, why) = incident switch
        {
            { Root: { } root } => (ForecastOutcome.CameBackWithRoot, $"it waited for {root.Service}"),
            { IsAsking: true } => (ForecastOutcome.UpWhileAsking, "a person had not answered yet"),
            { ActedAt: null } => (ForecastOutcome.CameBack, "nothing was done"),
            _ => (ForecastOutcome.UpAfterAction, $"{incident.Attempts} of {incident.Runbook!.Throttle.Attempts} attempts of {incident.Runbook.Name}"),
        };
        if (outcome == ForecastOutcome.UpAfterAction) _helped[(incident.Service, incident.Runbook!.Name)] = _clock.GetUtcNow();
        Close(incident, outcome, why);
        // They are verified afterwards, and act by themselves only if that did not bring them back.
        foreach (var member in incident.Members.Where(static m => m.IsOpen)) PutOff(member, _clock.GetUtcNow() + (member.Runbook?.Verify ?? new RunbookVerify()).Within);
    }

    private void Escalate(PaperIncident incident, string why)
    {
        Close(incident, ForecastOutcome.Escalated, why);
        foreach (var member in incident.Members.Where(static m => m.IsOpen)) Escalate(member, $"{incident.Service}, which it needs, was not healed");
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
