using System.Collections.Concurrent;
using Homelab.Automation.Watching;

namespace Homelab.Automation.Healing;

/// <summary>Works on every open incident, each on its own, from the alert until it is closed; takes up what another process left open.</summary>
public sealed partial class HealingEngine(HealingContext context) : IAsyncDisposable
{
    private const int MostRemembered = 1000;

    private readonly CancellationTokenSource _stopping = new();
    private readonly ConcurrentDictionary<string, IncidentWorker> _workers = new(StringComparer.Ordinal);
    private readonly ConcurrentBag<Task> _loops = [];
    private int _started;
    private RootDesk? _roots;

    /// <summary>
    /// Settles what a dead process left under way, takes up its incidents, and begins to send messages. Call once, before the first alert.
    /// </summary>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await StartAsideAsync(cancellationToken).ConfigureAwait(false);
        foreach (var alert in (await context.Store.ListAlertsAsync(MostRemembered, cancellationToken).ConfigureAwait(false)).Reverse()) Watch.Add(alert);
        foreach (var closed in await context.Store.ListIncidentsAsync(MostRemembered, cancellationToken).ConfigureAwait(false))
        {
            if (closed is { Status: IncidentStatus.Recovered, ClosedAt: { } at }) Watch.AddRecovery(closed.Service, at);
        }

        await TakeUpAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>
    /// Settles what a dead process left under way and begins to send messages, and leaves its incidents to whoever heals: for a process that only keeps the
    /// schedule. When it was called before, nothing happens.
    /// </summary>
    public async Task StartAsideAsync(CancellationToken cancellationToken)
    {
        if (Interlocked.Exchange(ref _started, 1) != 0) return;
        await SettleAsync(cancellationToken).ConfigureAwait(false);
        _loops.Add(context.Outbox.BeginAsync(_stopping.Token));
        _loops.Add(context.HushKeeper.BeginAsync(_stopping.Token));
    }

    /// <summary>Gives signs of life from here on, until it is disposed. What happened while there were none is told first.</summary>
    public async Task BeatAsync(Heartbeat heartbeat, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(heartbeat);
        await heartbeat.BeginAsync(cancellationToken).ConfigureAwait(false);
        _loops.Add(Task.Run(() => heartbeat.RunAsync(_stopping.Token), CancellationToken.None));
    }

    /// <summary>How each part of this process is.</summary>
    public IReadOnlyList<PartHealth> Health => context.Vitals.Read();

    /// <summary>Begins to work on an incident, unless somebody does already.</summary>
    /// <returns>Who works on it in this process; null when it is stopping.</returns>
    private IncidentWorker? Begin(Incident incident, Attendant? attendant)
    {
        if (_stopping.IsCancellationRequested) return null;
        var worker = new IncidentWorker(context, this, incident, attendant);
        var first = _workers.GetOrAdd(incident.Id, worker);
        if (first != worker) return first;
        if (_stopping.IsCancellationRequested)
        {
            // It began to stop in between, and may have looked already who is to be waited for.
            Leave(worker);
            return null;
        }

        if (_opening.TryGetValue(incident.Id, out var isUrgent) && isUrgent) worker.Hurry();
        _ = Task.Run(() => WorkAsync(worker, incident, attendant), CancellationToken.None);
        return worker;
    }

    private void Leave(IncidentWorker worker)
    {
        _workers.TryRemove(worker.Current.Id, out _);
        worker.End();
    }

    /// <summary>Lets an incident act before its time: something urgent needs its service.</summary>
    internal void Hurry(string incident)
    {
        // Opened by now, and perhaps not begun yet: whoever begins on it is told.
        _opening.TryUpdate(incident, newValue: true, comparisonValue: false);
        if (_workers.TryGetValue(incident, out var worker)) worker.Hurry();
    }

    /// <summary>Lets an incident look before its time.</summary>
    internal void Nudge(string incident)
    {
        if (_workers.TryGetValue(incident, out var worker)) worker.Nudge();
    }

    /// <summary>Knows which alerts are late, and what comes and goes.</summary>
    internal AlertWatch Watch { get; } = new(context.Flapping, context.Time);

    /// <summary>Finds where failures come from.</summary>
    internal RootDesk Roots => LazyInitializer.EnsureInitialized(ref _roots, () => new RootDesk(context, this));

    /// <summary>The open incident of a service that this process works on, if there is one.</summary>
    internal Incident? OpenIncidentOf(string service) => _workers.Values.Select(w => w.Current).FirstOrDefault(i => i.IsOpen && i.Service == service);

    /// <summary>Tells whoever watches of something that went wrong around healing, and that nobody else would hear of.</summary>
    public void ReportTrouble(string text) => context.Tell(HealingEventKind.Trouble, "", "", text);

    /// <summary>How many incidents are being worked on.</summary>
    public int Active => _workers.Count;

    /// <summary>Stops: nothing new begins, and what is under way is left as the journal has it, to be taken up at the next start.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync().ConfigureAwait(false);
        await Task.WhenAll(_workers.Values.Select(w => w.Work).Concat(_loops)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stopping.Dispose();
    }

    private async Task WorkAsync(IncidentWorker worker, Incident incident, Attendant? attendant)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(_stopping.Token, attendant?.Stop ?? CancellationToken.None);
        try
        {
            // Two hosts on one store: only one of them works on an incident.
            if (await context.Store.ClaimAsync(incident.Id, ending.Token).ConfigureAwait(false)) await worker.RunAsync(ending.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            // Left open on purpose; the next start takes it up.
        }
        catch (OperationCanceledException) when (attendant is { Stop.IsCancellationRequested: true })
        {
            await TryCloseAsync(worker, worker.CloseStoppedAsync).ConfigureAwait(false);
        }
        catch (HomelabException e) when (StateTrouble.Is(e))
        {
            // Another process's by now, or not to be written down: closing it would be wrong, or would fail as well. It is taken up again.
            context.Tell(HealingEventKind.Trouble, incident.Service, incident.Id, $"left as it stands: {e.Message}");
        }
        catch (Exception e)
        {
            context.Tell(HealingEventKind.Trouble, incident.Service, incident.Id, $"{e.GetType().Name}: {e.Message}");
            await TryCloseAsync(worker, () => worker.EscalateAsync($"healing itself failed: {e.Message}", [], CancellationToken.None)).ConfigureAwait(false);
        }
        finally
        {
            Leave(worker);
        }
    }

    private async Task TryCloseAsync(IncidentWorker worker, Func<Task> close)
    {
        try
        {
            await close().ConfigureAwait(false);
        }
        catch (Exception e)
        {
            // Not even the store can be written: the incident stays open, and the next start takes it up.
            context.Tell(HealingEventKind.Trouble, worker.Current.Service, worker.Current.Id, $"it could not be escalated either: {e.Message}");
        }
    }
}
