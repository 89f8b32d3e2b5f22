using Homelab.Automation.Healing;

namespace Homelab.SystemTests.Web;

/// <summary>Keeps what healing says, and lets a test wait for it.</summary>
internal sealed class HealingEvents : IHealingObserver
{
    // Protects from hanging only.
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(3);

    private readonly Lock _lock = new();
    private readonly List<HealingEvent> _events = [];
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    internal IReadOnlyList<HealingEvent> All
    {
        get
        {
            lock (_lock) return [.. _events];
        }
    }

    public void On(HealingEvent what)
    {
        TaskCompletionSource changed;
        lock (_lock)
        {
            _events.Add(what);
            (changed, _changed) = (_changed, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        }

        changed.TrySetResult();
    }

    /// <summary>The first event of a kind about a service, as soon as it is there.</summary>
    internal Task<HealingEvent> FirstAsync(HealingEventKind kind, string service, CancellationToken cancellationToken) =>
        FirstAsync(e => e.Kind == kind && e.Service == service, $"{kind} about {service}", cancellationToken);

    /// <summary>How an incident ended, as soon as it has.</summary>
    internal async Task<HealingEventKind> EndOfAsync(string incident, CancellationToken cancellationToken) =>
        (await FirstAsync(e => e.Incident == incident && e.Kind is HealingEventKind.Recovered or HealingEventKind.Escalated, $"end of {incident}", cancellationToken)).Kind;

    private async Task<HealingEvent> FirstAsync(Predicate<HealingEvent> match, string what, CancellationToken cancellationToken)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(s_patience);
        while (true)
        {
            Task changed;
            lock (_lock)
            {
                if (_events.Find(match) is { } found) return found;
                changed = _changed.Task;
            }

            try
            {
                await changed.WaitAsync(deadline.Token);
            }
            catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
            {
                throw new TimeoutException($"No {what}. There were:\n{string.Join('\n', All)}", e);
            }
        }
    }
}
