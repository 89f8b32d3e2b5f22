using System.Runtime.CompilerServices;
using Homelab.Composition;
using Homelab.Host.Logging;

namespace Homelab.Host.Mcp.Resources;

/// <summary>
/// Tells which resources have changed, by following the audit and how incidents stand: once for all who want to hear of it, and only as long as somebody does. What a client looks at changes
/// nothing, or its own look at the audit would be news of the audit.
/// </summary>
internal sealed class LabChanges(IStateStore store, TimeProvider time, JsonLog log)
{
    // An incident that is older than so many others does not change any more.
    private const int MostIncidents = 100;

    private static readonly ConditionalWeakTable<IStateStore, LabChanges> s_all = [];

    private readonly Lock _lock = new();
    private readonly HashSet<Listening> _listeners = [];
    private Action? _stop;

    /// <summary>How often it is looked.</summary>
    internal static TimeSpan Every { get; } = TimeSpan.FromMilliseconds(500);

    /// <summary>True while somebody listens.</summary>
    internal bool IsFollowing
    {
        get
        {
            lock (_lock) return _stop is not null;
        }
    }

    /// <summary>That of a lab, which is one for the whole process.</summary>
    internal static LabChanges Of(HomelabRuntime runtime, JsonLog log) => s_all.GetValue(runtime.Store, s => new LabChanges(s, runtime.Time, log));

    /// <summary>The resources that a line of the audit changes.</summary>
    internal static IEnumerable<string> ChangedBy(AuditEntry line)
    {
        if (line.Kind != AuditKind.Read) yield return ResourceCatalog.Audit;
        if (ResourceCatalog.DecisionKinds.Contains(line.Kind)) yield return ResourceCatalog.Decisions;
        if (line.Incident.Length == 0) yield break;
        yield return ResourceCatalog.Incidents;
        yield return IncidentAddress(line.Incident);
    }

    /// <summary>Tells of everything that changes from now on, until it is disposed.</summary>
    internal async Task<IDisposable> ListenAsync(Action<IReadOnlyCollection<string>> changed, CancellationToken cancellationToken)
    {
        var known = await KnownAsync(cancellationToken);
        var listening = new Listening(this, changed);
        lock (_lock)
        {
            _listeners.Add(listening);
            if (_stop is not null) return listening;
            var stop = new CancellationTokenSource();
            _stop = stop.Cancel;
            _ = FollowAsync(known, stop);
        }

        return listening;
    }

    private async Task FollowAsync(Known known, CancellationTokenSource stop)
    {
        var cancellationToken = stop.Token;
        var isBlind = false;
        using var timer = new PeriodicTimer(Every, time);
        try
        {
            while (await timer.WaitForNextTickAsync(cancellationToken))
            {
                try
                {
                    await LookAsync(known, cancellationToken);
                    isBlind = false;
                    Tell(known);
                }
                catch (Exception e) when (!cancellationToken.IsCancellationRequested)
                {
                    // What changes meanwhile is told when the state can be read again.
                    if (!isBlind) log.Write("changesUnknown", $"Whether resources have changed cannot be looked up: {(e is HomelabException ? e.Message : e)}");
                    isBlind = true;
                }
            }
        }
        catch (Exception) when (cancellationToken.IsCancellationRequested)
        {
            // Nobody listens any more; the state may be closed under the last look.
        }
    }

    private void Tell(Known known)
    {
        if (known.Changed.Count == 0) return;
        Listening[] listeners;
        lock (_lock) listeners = [.. _listeners];
        foreach (var listener in listeners) listener.Changed(known.Changed);
        known.Changed.Clear();
    }

    private async Task LookAsync(Known known, CancellationToken cancellationToken)
    {
        await foreach (var line in store.ReadAuditAsync(known.Line + 1, cancellationToken))
        {
            known.Changed.UnionWith(ChangedBy(line));
            known.Line = line.Sequence;
        }

        // An incident closes, or is found to be another's, without a line of its own.
        var incidents = await StandsAsync(cancellationToken);
        foreach (var (id, stand) in incidents)
        {
            if (known.Incidents.TryGetValue(id, out var before) && before == stand) continue;
            known.Changed.Add(ResourceCatalog.Incidents);
            known.Changed.Add(IncidentAddress(id));
        }

        known.Incidents = incidents;
    }

    private async Task<Known> KnownAsync(CancellationToken cancellationToken)
    {
        var line = (await store.ReadAuditTailAsync(1, cancellationToken)).Select(static l => l.Sequence).FirstOrDefault();
        return new Known { Line = line, Incidents = await StandsAsync(cancellationToken) };
    }

    private async Task<Dictionary<string, string>> StandsAsync(CancellationToken cancellationToken) =>
        (await store.ListIncidentsAsync(MostIncidents, cancellationToken)).ToDictionary(static i => i.Id, Stand, StringComparer.Ordinal);

    private static string Stand(Incident incident) => $"{incident.Status} {incident.Runbook} {incident.Root} {incident.Parent} {incident.ClosedAt:O} {incident.Summary}";

    private static string IncidentAddress(string id) => $"{ResourceCatalog.Incidents}/{id}";

    private void Leave(Listening listening)
    {
        Action? stop = null;
        lock (_lock)
        {
            if (_listeners.Remove(listening) && _listeners.Count == 0) (stop, _stop) = (_stop, null);
        }

        stop?.Invoke();
    }

    // What was seen, and is no news any more.
    private sealed class Known
    {
        internal required long Line { get; set; }

        internal required Dictionary<string, string> Incidents { get; set; }

        // And what is, and was not told yet.
        internal HashSet<string> Changed { get; } = new(StringComparer.Ordinal);
    }

    private sealed class Listening(LabChanges changes, Action<IReadOnlyCollection<string>> changed) : IDisposable
    {
        internal void Changed(IReadOnlyCollection<string> addresses) => changed(addresses);

        public void Dispose() => changes.Leave(this);
    }
}
