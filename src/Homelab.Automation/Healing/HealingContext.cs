using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Homelab.Automation.Notifications;
using Homelab.Automation.Runbooks;
using Homelab.Automation.Watching;

namespace Homelab.Automation.Healing;

/// <summary>What all parts of healing share.</summary>
public sealed class HealingContext
{
    private ImmutableArray<IHealingObserver> _observers;

    /// <param name="lab">The lab.</param>
    /// <param name="gate">The one way to act.</param>
    /// <param name="approvals">The questions to people.</param>
    /// <param name="store">Where it is written down.</param>
    /// <param name="brake">The big red switch.</param>
    /// <param name="runbooks">What can be done.</param>
    /// <param name="notifiers">Whom to tell.</param>
    /// <param name="tempo">How fast.</param>
    /// <param name="observers">Who watches.</param>
    /// <param name="time">The clock.</param>
    public HealingContext(
        LabDefinition lab,
        OperationGate gate,
        ApprovalDesk approvals,
        IHealingStore store,
        IHealingSwitch brake,
        RunbookShelf runbooks,
        IEnumerable<INotifier> notifiers,
        HealingTempo tempo,
        IEnumerable<IHealingObserver> observers,
        TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(lab);
        Services = new ServiceMap(lab);
        Flapping = lab.Server.Flapping;
        Gate = gate;
        Approvals = approvals;
        Store = store;
        Switch = brake;
        Policy = lab.Policy.Healing;
        Vitals = new Vitals(time);
        Backups = new BackupWatch(gate, Services);
        Runbooks = runbooks;
        Tempo = tempo;
        Time = time;
        _observers = [.. observers];
        Ladder = new VerificationLadder(gate, lab.Providers.ContainsKey("kuma"), lab.Providers.ContainsKey("proxmox"));
        Runner = new RunbookRunner(gate, store, time);
        Outbox = new Outbox(this, notifiers);
    }

    /// <summary>The operations that the lab is set up for; all of the catalog when not given.</summary>
    public IReadOnlyCollection<string> Operations { get => field ??= [.. Gate.Catalog.All.Select(static o => o.Descriptor.Name)]; init; }

    internal ServiceMap Services { get; }

    internal FlappingDefinition Flapping { get; }

    internal OperationGate Gate { get; }

    internal ApprovalDesk Approvals { get; }

    internal IHealingStore Store { get; }

    /// <summary>How each part of this process is.</summary>
    public Vitals Vitals { get; }

    internal IHealingSwitch Switch { get; }

    internal HealingPolicy Policy { get; }

    internal BackupWatch Backups { get; }

    internal RunbookShelf Runbooks { get; }

    internal HealingTempo Tempo { get; }

    internal TimeProvider Time { get; }

    internal VerificationLadder Ladder { get; }

    internal RunbookRunner Runner { get; }

    internal Outbox Outbox { get; }

    internal DateTimeOffset Now => Time.GetUtcNow();

    /// <summary>What expressions of a runbook see.</summary>
    internal RunbookScope Scope(string? service, Alert? alert, Incident? incident, JsonObject? values = null) =>
        new(service, service is null ? null : Services.Get(service), alert, incident, values) { Operations = Operations, Proxy = service is null ? null : Services.ProxyOf(service) };

    internal string NewId() => Guid.CreateVersion7(Now).ToString("N");

    /// <summary>Lets somebody watch until it is disposed.</summary>
    internal IDisposable Watch(IHealingObserver observer)
    {
        ImmutableInterlocked.Update(ref _observers, static (all, one) => all.Add(one), observer);
        return new Watching(this, observer);
    }

    internal void Tell(HealingEventKind kind, string service, string incident, string text)
    {
        if (!_observers.IsEmpty) Tell(new HealingEvent(kind, service, incident, text, Now));
    }

    internal void Tell(HealingEvent what)
    {
        foreach (var observer in _observers)
        {
            try
            {
                observer.On(what);
            }
            catch (Exception e)
            {
                // Whoever only watches must not keep anything from being healed; there is nobody else to tell than the process's own trace.
                System.Diagnostics.Trace.TraceError($"{observer.GetType().Name} failed on {what.Kind}: {e}");
            }
        }
    }

    private sealed class Watching(HealingContext context, IHealingObserver observer) : IDisposable
    {
        public void Dispose() => ImmutableInterlocked.Update(ref context._observers, static (all, one) => all.Remove(one), observer);
    }
}
