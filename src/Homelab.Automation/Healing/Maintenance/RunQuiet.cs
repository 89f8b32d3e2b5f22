namespace Homelab.Automation.Healing;

/// <summary>What is kept quiet for one pass through the steps of a run: nothing until its first interruption, and nothing any more when the steps are over, however they ended.</summary>
/// <param name="hushes">Makes and undoes.</param>
/// <param name="rule">What is wanted.</param>
/// <param name="gate">Says beforehand whether a step will be taken.</param>
/// <param name="service">The service; null for a run without one.</param>
/// <param name="caller">On whose behalf.</param>
/// <param name="note">Hears what becomes part of the evidence.</param>
/// <param name="left">Hears of what could not be undone: somebody must go on trying.</param>
/// <param name="time">The clock.</param>
internal sealed class RunQuiet(HushDesk hushes, QuietRule rule, OperationGate gate, string? service, Caller caller, Action<string> note, Action<Hush> left, TimeProvider time) : IAsyncDisposable
{
    // Longer than a lost answer of one system takes; what takes longer is left to the keeper, and healing goes on.
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(15);

    private readonly List<Hush> _made = [];
    private bool _begun;

    /// <summary>Makes it quiet before an interruption, if that is going to happen now. What cannot be hushed is noted, and the step is taken all the same.</summary>
    internal async Task BeginAsync(GateRequest interruption, CancellationToken cancellationToken)
    {
        if (_begun || service is null || rule.Of(service) is not { Count: > 0 } wanted || !await HappensAsync(interruption, cancellationToken).ConfigureAwait(false)) return;
        _begun = true;
        foreach (var (kind, subject) in wanted)
        {
            try
            {
                var hush = await hushes.MakeAsync(kind, service, subject, caller, rule.For, _made.Add, cancellationToken).ConfigureAwait(false);
                note(hush switch
                {
                    { Status: HushStatus.Made, Error: { } error } => $"{hush} may be hushed, and is treated as if: {error}",
                    { Status: HushStatus.Made } => $"{hush} {(kind == HushKind.Monitor ? "is paused" : "are silenced")}, until the steps are done",
                    { Error: { } error } => $"{hush} could not be hushed: {error}",
                    _ => $"{hush} was paused before, and stays so",
                });
            }
            catch (HomelabException e)
            {
                // Whether or not it was made is on disk as far as it could be written; what matters more is that the service is healed.
                note($"{(kind == HushKind.Monitor ? "the monitor" : "the alerts")} could not be hushed: {e.Message}");
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var hush in _made)
        {
            var now = await TryUndoAsync(hush).ConfigureAwait(false);
            // Only now: the keeper undoes what nobody holds, and the proof would begin while it is still at it.
            hushes.Release(hush.Id);
            if (now is { IsOpen: false } or null) continue;
            note($"{hush} is still hushed, and it is tried again until it is not: {now.Error}");
            left(now);
        }
    }

    private async Task<Hush?> TryUndoAsync(Hush hush)
    {
        using var deadline = new CancellationTokenSource(s_patience, time);
        try
        {
            var ended = await hushes.UndoAsync(hush.Id, deadline.Token).ConfigureAwait(false);
            if (ended is { Status: HushStatus.Undone }) note($"{hush} {(hush.Kind == HushKind.Monitor ? "is resumed" : "are told again")}");
            return ended;
        }
        catch (Exception e)
        {
            // How the steps ended must not be hidden by this.
            return hush with { Error = e is OperationCanceledException ? $"no answer within {Duration.Format(s_patience)}" : e.Message };
        }
    }

    // What waits for a person, or is refused, interrupts nothing now.
    private async Task<bool> HappensAsync(GateRequest interruption, CancellationToken cancellationToken)
    {
        if (interruption.Approval is not null || !caller.IsUnattended) return true;
        try
        {
            return (await gate.ExplainAsync(interruption, cancellationToken).ConfigureAwait(false)).Decision.Verdict == Requirement.Auto;
        }
        catch (HomelabException)
        {
            // The step itself meets the same, and says it.
            return false;
        }
    }
}
