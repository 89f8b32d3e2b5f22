using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;

namespace Homelab.Automation.Healing;

/// <summary>
/// Makes hushes and undoes them, through the gate. Each is written down before it is made; what it found paused stays paused, and only what it has done itself
/// is undone.
/// </summary>
/// <param name="gate">The way to the changes.</param>
/// <param name="store">Where hushes are kept.</param>
/// <param name="time">The clock.</param>
internal sealed class HushDesk(OperationGate gate, IHealingStore store, TimeProvider time)
{
    private const string Unknown = "OutcomeUnknown";
    private const string FailedBefore = "ChangeFailedBefore";

    private readonly ConcurrentDictionary<string, bool> _held = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, bool> _undoing = new(StringComparer.Ordinal);

    /// <summary>True while a run of this process still needs it.</summary>
    internal bool IsHeld(string hush) => _held.ContainsKey(hush);

    /// <summary>Says that no run of this process needs it any more.</summary>
    internal void Release(string hush) => _held.TryRemove(hush, out _);

    /// <summary>Makes one. What came of it is in its status: only what is <see cref="HushStatus.Made"/> is to be undone, and an error says why it was not made.</summary>
    /// <param name="kind">What to hush.</param>
    /// <param name="service">The service that is healed.</param>
    /// <param name="subject">The monitor, or the condition on the alerts.</param>
    /// <param name="caller">On whose behalf.</param>
    /// <param name="length">How long at the most.</param>
    /// <param name="written">Hears of it once it is on disk, and before it is made: from then on it is to be undone.</param>
    /// <param name="cancellationToken">Ends the wait; what was written is still to be undone.</param>
    internal async Task<Hush> MakeAsync(HushKind kind, string service, string subject, Caller caller, TimeSpan length, Action<Hush> written, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var hush = new Hush { Id = Guid.CreateVersion7(now).ToString("N"), Kind = kind, Service = service, Subject = subject, Caller = caller, CreatedAt = now, Until = now + length, Owner = store.Owner };
        if (await ObstacleAsync(hush, length, cancellationToken).ConfigureAwait(false) is { } why) return hush with { Status = HushStatus.Dropped, Error = why };
        // First: the keeper may look at the very moment at which it is on disk.
        _held[hush.Id] = true;
        written(hush);
        await store.SaveHushAsync(hush, cancellationToken).ConfigureAwait(false);
        hush = await TryMakeAsync(hush, length, cancellationToken).ConfigureAwait(false);
        await store.SaveHushAsync(hush, CancellationToken.None).ConfigureAwait(false);
        if (!hush.IsOpen) Release(hush.Id);
        return hush;
    }

    /// <summary>Undoes one, and writes down what came of it. Null when somebody else is doing it, or it is undone.</summary>
    internal async Task<Hush?> UndoAsync(string id, CancellationToken cancellationToken)
    {
        if (!_undoing.TryAdd(id, true)) return null;
        try
        {
            if (await store.ClaimHushAsync(id, time.GetUtcNow(), cancellationToken).ConfigureAwait(false) is not { } hush) return null;
            hush = await TryUndoAsync(hush, cancellationToken).ConfigureAwait(false);
            await store.SaveHushAsync(hush, CancellationToken.None).ConfigureAwait(false);
            if (!hush.IsOpen) Release(id);
            return hush;
        }
        finally
        {
            _undoing.TryRemove(id, out _);
        }
    }

    // Nobody is asked for the sake of a hush: where policy wants a person's yes, there is none.
    private async Task<string?> ObstacleAsync(Hush hush, TimeSpan length, CancellationToken cancellationToken)
    {
        try
        {
            var planned = await gate.ExplainAsync(Making(hush, length), cancellationToken).ConfigureAwait(false);
            return planned.Decision.Verdict == Requirement.Auto || planned.Decision.Findings.All(static f => f.Verdict == Requirement.Auto || IsLimit(f)) ? null : planned.Decision.ToString();
        }
        catch (HomelabException e)
        {
            return e.Message;
        }
    }

    private static bool IsLimit(Finding finding) => finding.Rule is Rules.Cooldown or Rules.Budget or Rules.Rate;

    private async Task<Hush> TryMakeAsync(Hush hush, TimeSpan length, CancellationToken cancellationToken)
    {
        try
        {
            return await gate.InvokeAsync(Making(hush, length), cancellationToken).ConfigureAwait(false) switch
            {
                GateOutcome.Done { Result: MonitorActivity { Changed: false } } => hush with { Status = HushStatus.Dropped },
                GateOutcome.Done { Result: Silence silence } => hush with { Status = HushStatus.Made, Reference = silence.Id },
                GateOutcome.Done => hush with { Status = HushStatus.Made },
                var other => hush with { Status = HushStatus.Dropped, Error = $"it ended as {other.GetType().Name}" },
            };
        }
        catch (HomelabException e)
        {
            // What may have happened is undone as if it had.
            return hush with { Status = e.Id == Unknown ? HushStatus.Made : HushStatus.Dropped, Error = e.Message };
        }
    }

    private async Task<Hush> TryUndoAsync(Hush hush, CancellationToken cancellationToken)
    {
        try
        {
            if (hush.Kind == HushKind.Silence) return await ExpireAsync(hush, cancellationToken).ConfigureAwait(false);
            if (hush.Status == HushStatus.Intended && !await WasOursAsync(hush, cancellationToken).ConfigureAwait(false)) return hush with { Status = HushStatus.Dropped };
            await DoAsync("kuma_resume_monitor", new { monitor = hush.Subject }, hush.Subject, hush, cancellationToken).ConfigureAwait(false);
            return hush with { Status = HushStatus.Undone, Error = null };
        }
        catch (HomelabException e) when (e.Id is "MonitorNotFound" or "SilenceNotFound" or "MonitorGone")
        {
            // Somebody has deleted it: nothing is quiet any more.
            return hush with { Status = HushStatus.Undone, Error = e.Message };
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            return hush with { Failures = hush.Failures + 1, Error = e.Message };
        }
    }

    // Its maker died on the way. The same wish under the same key meets its own record in the journal: it says whether the monitor was paused by us, or by a person before. Where
    // there is no record, it is paused now, and resumed at once.
    private async Task<bool> WasOursAsync(Hush hush, CancellationToken cancellationToken)
    {
        try
        {
            return await gate.InvokeAsync(Making(hush, TimeSpan.Zero), cancellationToken).ConfigureAwait(false) is GateOutcome.Done { Result: not MonitorActivity { Changed: false } };
        }
        catch (HomelabException e) when (e.Id is OperationGate.NotDone or FailedBefore)
        {
            return false;
        }
        catch (HomelabException e) when (e.Id == Unknown)
        {
            // A monitor that a person finds resumed is better than one that watches nothing for ever.
            return true;
        }
    }

    private async Task<Hush> ExpireAsync(Hush hush, CancellationToken cancellationToken)
    {
        var ids = hush.Reference is { } known ? [known] : await FindSilencesAsync(hush, cancellationToken).ConfigureAwait(false);
        foreach (var id in ids) await DoAsync("alertmanager_expire_silence", new { id }, id, hush, cancellationToken).ConfigureAwait(false);
        return hush with { Status = HushStatus.Undone, Error = null };
    }

    private async Task<List<string>> FindSilencesAsync(Hush hush, CancellationToken cancellationToken)
    {
        var found = new List<string>();
        var request = new GateRequest { Operation = "alertmanager_list_silences", Json = JsonSerializer.SerializeToElement(new { text = $"*{hush.Id}*" }), Caller = hush.Caller };
        await foreach (var item in gate.QueryAsync(request, cancellationToken).ConfigureAwait(false))
        {
            if (item is Silence silence) found.Add(silence.Id);
        }

        return found;
    }

    private async Task DoAsync(string operation, object input, string subject, Hush hush, CancellationToken cancellationToken)
    {
        var key = string.Create(CultureInfo.InvariantCulture, $"{hush.Id}/undo/{hush.Failures}/{subject}");
        var request = new GateRequest { Operation = operation, Json = JsonSerializer.SerializeToElement(input), Caller = hush.Caller, Key = key, Undoes = true, Accompanies = true };
        if (await gate.InvokeAsync(request, cancellationToken).ConfigureAwait(false) is GateOutcome.Done) return;
        throw new HomelabException(ErrorKind.Refused, "HushNotUndone", $"{hush} cannot be undone without a person: policy asks for one. Let {operation} run by itself in policy.approvals.", hush.Subject);
    }

    private static GateRequest Making(Hush hush, TimeSpan length)
    {
        var input = hush.Kind == HushKind.Monitor
            ? JsonSerializer.SerializeToElement(new { monitor = hush.Subject })
            : JsonSerializer.SerializeToElement(new Dictionary<string, object>(StringComparer.Ordinal) { ["matcher"] = new[] { hush.Subject }, ["for"] = Duration.Format(length), ["comment"] = $"{hush.Service} is being healed ({hush.Id})" });
        return new GateRequest { Operation = hush.Kind == HushKind.Monitor ? "kuma_pause_monitor" : "alertmanager_create_silence", Json = input, Caller = hush.Caller, Key = $"{hush.Id}/make", Accompanies = true };
    }
}
