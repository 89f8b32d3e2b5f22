using System.Text.Json;

namespace Homelab;

/// <summary>Runs an admitted change to a known end: succeeded, failed, or unknown and said so. The only code that calls a change's body.</summary>
/// <param name="store">Where changes are written down.</param>
/// <param name="redactor">Keeps secrets out of that.</param>
/// <param name="time">The clock.</param>
/// <param name="partingLook">How long it is looked at what a caller leaves; half a second when not given.</param>
internal sealed class ChangeRunner(IGateStore store, SecretRedactor redactor, TimeProvider time, TimeSpan? partingLook)
{
    // Long enough for a slow engine to answer one read, short enough not to hold a target for ever.
    private static readonly TimeSpan s_settleTimeout = TimeSpan.FromSeconds(20);

    // Whoever pressed Ctrl+C waits for this look: what it does not answer is left to whoever comes next.
    private readonly TimeSpan _partingLook = partingLook ?? TimeSpan.FromMilliseconds(500);

    internal async Task<object?> RunAsync(ChangeRecord record, Operation operation, IRunnableChange change, object input, OperationContext context, GateRequest request, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        context = context.WithMark(record.Mark);
        var patience = request.Timeout ?? operation.Descriptor.Patience;
        using var deadline = new CancellationTokenSource(patience, time);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, deadline.Token);
        for (var attempt = 1; ; attempt++)
        {
            Exception? failure = null;
            object? result = null;
            try
            {
                result = await change.RunAsync(input, context, linked.Token).ConfigureAwait(false);
            }
            catch (OperationCanceledException e) when (deadline.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
            {
                failure = new HomelabException(ErrorKind.Timeout, "OperationTimedOut", $"{operation.Descriptor.Name} on {record.Target} did not end within {Duration.Format(patience)}.", record.Target, e);
            }
            catch (Exception e)
            {
                failure = e;
            }

            if (failure is null)
            {
                // Not within the try: the deed is done, and a state file that cannot be written must neither call it failed nor set it out anew.
                await EndAsync(record with { Status = ChangeStatus.Succeeded, Result = JsonSerializer.Serialize(result, operation.Descriptor.ResultType, HomelabJson.Options) }, started, "succeeded").ConfigureAwait(false);
                return result;
            }

            if (MayRetry(failure, operation, context, attempt, request.Retry, linked.Token))
            {
                await Task.Delay(request.Retry.Backoff * Math.Pow(2, attempt - 1), time, linked.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                if (!linked.IsCancellationRequested) continue;
            }

            var isLeaving = failure is OperationCanceledException && cancellationToken.IsCancellationRequested;
            return await EndFailedAsync(record, operation, change, input, context, failure, isLeaving, started).ConfigureAwait(false);
        }
    }

    /// <summary>Looks whether an open change happened, and writes down the answer.</summary>
    internal async Task<ChangeRecord> SettleAsync(ChangeRecord record, Operation operation, IRunnableChange change, OperationContext context, CancellationToken cancellationToken)
    {
        object input;
        try
        {
            using var json = JsonDocument.Parse(record.Input);
            input = operation.Descriptor.Input.Bind(json.RootElement);
        }
        catch (HomelabException e)
        {
            return await LeaveUnknownAsync(record, $"its input cannot be read any more: {e.Message}", cancellationToken).ConfigureAwait(false);
        }

        var (settlement, problem) = await LookAsync(record, change, input, context, s_settleTimeout, cancellationToken).ConfigureAwait(false);
        var (status, result) = settlement switch
        {
            Settlement.Happened => (ChangeStatus.Succeeded, "a read showed that it happened"),
            Settlement.DidNotHappen => (ChangeStatus.NotDone, "a read showed that it did not happen"),
            _ => (ChangeStatus.Unknown, "unknown: " + (problem ?? "no read can tell")),
        };
        var ended = record with { Status = status, EndedAt = time.GetUtcNow(), Error = status == ChangeStatus.Succeeded ? null : result };
        await store.EndAsync(ended, Entry(ended, AuditKind.Settled, result, ""), CancellationToken.None).ConfigureAwait(false);
        return ended;
    }

    internal async Task<ChangeRecord> LeaveUnknownAsync(ChangeRecord record, string why, CancellationToken cancellationToken)
    {
        var ended = record with { Status = ChangeStatus.Unknown, EndedAt = time.GetUtcNow(), Error = why };
        await store.EndAsync(ended, Entry(ended, AuditKind.Settled, "unknown: " + why, ""), cancellationToken).ConfigureAwait(false);
        return ended;
    }

    internal static object? ReadResult(ChangeRecord record, OperationDescriptor descriptor) =>
        record.Result is null ? null : JsonSerializer.Deserialize(record.Result, descriptor.ResultType, HomelabJson.Options);

    internal static HomelabException UnknownOutcome(ChangeRecord record, Exception? inner)
    {
        // What the operation said may name the task that goes on: the only thread there is to follow.
        var cause = inner is HomelabException known ? known : null;
        var wayOut = cause is { WayOut.Length: > 0 } ? cause.WayOut : $"Look at {record.Target}, then decide.";
        return new HomelabException(
            ErrorKind.Unavailable,
            "OutcomeUnknown",
            $"{record.Operation} on {record.Target} began at {record.StartedAt:u} and nobody can tell whether it happened.{(cause is null ? "" : " " + cause.What)} {wayOut}",
            record.Target,
            inner)
        { WayOut = wayOut };
    }

    private async Task<object?> EndFailedAsync(ChangeRecord record, Operation operation, IRunnableChange change, object input, OperationContext context, Exception failure, bool isLeaving, long started)
    {
        if (IsCertain(failure, context))
        {
            await EndAsync(record with { Status = ChangeStatus.Failed, Error = Explain(failure) }, started, "failed").ConfigureAwait(false);
            throw failure is HomelabException ? Rethrow(failure) : Wrap(failure, operation, record);
        }

        // The answer is lost, not necessarily the deed. Cancelled callers are gone, so the look has its own deadline.
        var (settlement, problem) = await LookAsync(record, change, input, context, isLeaving ? _partingLook : s_settleTimeout, CancellationToken.None).ConfigureAwait(false);
        switch (settlement)
        {
            case Settlement.Unknown when isLeaving && problem is not null:
                // Stays open, as after a crash: the next one who comes to this target looks again, and that look may be answered.
                throw Rethrow(failure);
            case Settlement.Happened:
                await EndAsync(record with { Status = ChangeStatus.Succeeded, Error = Explain(failure) }, started, "succeeded; its answer was lost, and a read showed that it happened").ConfigureAwait(false);
                return failure is OperationCanceledException ? throw Rethrow(failure) : null;
            case Settlement.DidNotHappen:
                await EndAsync(record with { Status = ChangeStatus.NotDone, Error = Explain(failure) }, started, "failed; a read showed that it did not happen").ConfigureAwait(false);
                throw failure is HomelabException or OperationCanceledException ? Rethrow(failure) : Wrap(failure, operation, record);
            default:
                await EndAsync(record with { Status = ChangeStatus.Unknown, Error = Explain(failure) }, started, "unknown: " + (problem ?? "no read can tell")).ConfigureAwait(false);
                throw UnknownOutcome(record, failure);
        }
    }

    private async Task<(Settlement Settlement, string? Problem)> LookAsync(ChangeRecord record, IRunnableChange change, object input, OperationContext context, TimeSpan patience, CancellationToken cancellationToken)
    {
        using var deadline = new CancellationTokenSource(patience, time);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, deadline.Token);
        try
        {
            return (await change.SettleAsync(input, record.Mark, context, linked.Token).ConfigureAwait(false), null);
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            // The look failed as well: that is what unknown means.
            return (Settlement.Unknown, Explain(e));
        }
    }

    private async Task EndAsync(ChangeRecord record, long started, string result)
    {
        var ended = record with { EndedAt = time.GetUtcNow() };
        var entry = Entry(ended, AuditKind.Outcome, result, record.Error ?? "") with { Elapsed = time.GetElapsedTime(started) };
        // The deed is done: a caller that has left must not keep it from being written down.
        await store.EndAsync(ended, entry, CancellationToken.None).ConfigureAwait(false);
    }

    private AuditEntry Entry(ChangeRecord record, AuditKind kind, string result, string error) => new()
    {
        Time = time.GetUtcNow(),
        Kind = kind,
        Operation = record.Operation,
        Target = record.Target,
        Trigger = FaceNames.Of(record.Caller.Face),
        Identity = record.Caller.Identity,
        Result = redactor.Redact(result),
        Error = redactor.Redact(error),
        Incident = record.Caller.Incident ?? "",
        Run = record.Caller.Run ?? "",
        Change = record.Id,
        Approval = record.Approval ?? "",
    };

    private static bool MayRetry(Exception failure, Operation operation, OperationContext context, int attempt, RetryRule retry, CancellationToken stopping)
    {
        if (attempt >= retry.Attempts || stopping.IsCancellationRequested || failure is not HomelabException known) return false;
        if (known.Kind is ErrorKind.NotFound or ErrorKind.Invalid or ErrorKind.Denied) return false;
        return operation.Descriptor.Idempotent || (known.NothingHappened && !context.HasActed);
    }

    // Only a system's own word makes a failure certain; a lost connection, a timeout, a cancellation and a crash in our code do not. Nor does its word to one who only watches any more:
    // that he may not look, or that there is nothing to look at, says nothing of the deed.
    private static bool IsCertain(Exception failure, OperationContext context) => failure switch
    {
        HomelabException { Kind: ErrorKind.Denied or ErrorKind.NotFound } => !context.HasActed,
        HomelabException { Kind: not (ErrorKind.Unavailable or ErrorKind.Timeout) } => true,
        HomelabException { NothingHappened: true } => !context.HasActed,
        _ => false,
    };

    private string Explain(Exception e) => redactor.Redact(e is HomelabException h ? $"{h.Id}: {h.Message}" : $"{e.GetType().Name}: {e.Message}");

    private HomelabException Wrap(Exception failure, Operation operation, ChangeRecord record) => Crashed(operation, record.Target, redactor.Redact(failure.Message), failure);

    /// <summary>A mistake of ours within an operation, in words that hold no secret: they go on to evidence and messages.</summary>
    internal static HomelabException Crashed(Operation operation, string target, string redacted, Exception failure) =>
        new(ErrorKind.Failed, "OperationCrashed", $"{operation.Descriptor.Name} on {target} failed in a way it should not: {redacted}", target, failure);

    private static Exception Rethrow(Exception failure)
    {
        System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(failure);
        return failure;
    }
}
