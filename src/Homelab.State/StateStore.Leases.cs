namespace Homelab.State;

/// <content>Who works on what.</content>
public abstract partial class StateStore
{
    /// <inheritdoc/>
    public abstract string Owner { get; }

    /// <inheritdoc/>
    public abstract TimeSpan TakeOverEvery { get; }

    /// <inheritdoc/>
    public abstract int LeaseTerm { get; }

    /// <inheritdoc/>
    public Task<bool> IsAliveAsync(string owner, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(owner);
        return owner == Owner ? Task.FromResult(true) : _reader.ReadAsync(d => IsAlive(d, owner), cancellationToken);
    }

    /// <summary>True while the process of this name, which is not this one, may still be at work.</summary>
    private protected abstract bool IsAlive(Database database, string owner);

    /// <summary>True when nobody else takes what is this process's while this transaction lasts, nor a moment after.</summary>
    private protected abstract bool IsLeaseGood(Database database);

    private bool IsFree(Database database, string? owner) => owner is null || owner == Owner || !IsAlive(database, owner);

    /// <summary>Lets nothing begin that another process may have taken over, or may take over at any moment.</summary>
    private void Fence(Database database, ChangeRecord change)
    {
        if (!IsLeaseGood(database)) throw StateTrouble.Lost($"{change.Operation} on {change.Target}", change.Target);
        if (change.Caller.Incident is { } incident) FenceIncident(database, incident);
        else if (change.Caller.Run is { } run) FenceRun(database, run);
    }

    // A process that was frozen wakes in the middle of its work and writes on, as if the incident were still its own.
    private void Fence(Database database, HealingChange change)
    {
        if ((change.Incident?.Id ?? change.Run?.Incident) is { } incident) FenceIncident(database, incident);
        else if (change.Run is { } run) FenceRun(database, run.Id);
        else foreach (var id in change.Steps.Select(static s => s.Run).Distinct(StringComparer.Ordinal)) FenceRun(database, id);
    }

    private void FenceIncident(Database database, string id)
    {
        if (IncidentTable.FindOwner(database, id) is { } owner && owner != Owner) throw StateTrouble.Lost($"incident {id}", id);
    }

    private void FenceRun(Database database, string id)
    {
        if (RunTable.FindOwner(database, id) is { } owner && owner != Owner) throw StateTrouble.Lost($"run {id}", id);
    }
}
