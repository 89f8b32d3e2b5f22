using System.Collections.Concurrent;

namespace Homelab.Automation.Healing;

/// <content>What is left by processes that are gone, and by this one where its store failed it.</content>
public sealed partial class HealingEngine
{
    // Opened a moment ago by whoever begins to work on them next; true for what is urgent by now.
    private readonly ConcurrentDictionary<string, bool> _opening = new(StringComparer.Ordinal);

    /// <summary>
    /// Works from here on at every open incident that nobody works on. It can be called again at any time; what somebody works on is left alone.
    /// </summary>
    public async Task TakeUpAsync(CancellationToken cancellationToken)
    {
        await SettleAsync(cancellationToken).ConfigureAwait(false);
        foreach (var incident in await context.Store.ListOpenIncidentsAsync(cancellationToken).ConfigureAwait(false))
        {
            if (await IsLeftAsync(incident, cancellationToken).ConfigureAwait(false)) await TakeUpAsync(incident, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Looks into every change that was cut off in the middle, and writes down what became of it.</summary>
    public async Task SettleAsync(CancellationToken cancellationToken)
    {
        foreach (var change in await context.Gate.SettleOpenAsync(cancellationToken).ConfigureAwait(false))
        {
            context.Tell(HealingEventKind.Trouble, "", change.Caller.Incident ?? "", $"{change.Operation} on {change.Target} was cut off; it is settled as {HomelabNames.Of(change.Status)}");
        }
    }

    private async Task<bool> IsLeftAsync(Incident incident, CancellationToken cancellationToken)
    {
        if (_workers.ContainsKey(incident.Id) || _opening.ContainsKey(incident.Id)) return false;
        return incident.Owner is not { } owner || owner == context.Store.Owner || !await context.Store.IsAliveAsync(owner, cancellationToken).ConfigureAwait(false);
    }

    private async Task TakeUpAsync(Incident left, CancellationToken cancellationToken)
    {
        if (!await context.Store.ClaimAsync(left.Id, cancellationToken).ConfigureAwait(false)) return;
        // Whoever had it may have written on until the claim.
        if (await context.Store.FindIncidentAsync(left.Id, cancellationToken).ConfigureAwait(false) is not { IsOpen: true } current) return;
        context.Tell(HealingEventKind.Trouble, current.Service, current.Id, $"{(left.Owner == context.Store.Owner ? "it was left" : "the process that worked on it is gone")}; it is gone on with here");
        Begin(current, attendant: null);
    }
}
