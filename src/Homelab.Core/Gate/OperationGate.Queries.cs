using System.Collections.Concurrent;
using System.Runtime.CompilerServices;

namespace Homelab;

/// <content>Looks.</content>
public sealed partial class OperationGate
{
    // How routine looks ended, by what was looked at: as many as the lab has things to look at.
    private readonly ConcurrentDictionary<(string Operation, string Target), string> _routine = new();

    /// <summary>Looks. Items come as they are found.</summary>
    /// <exception cref="HomelabException">
    /// <c>OperationNotFound</c>, <c>InputInvalid</c>, <c>LevelTooLow</c>, what the operation throws, or <c>OperationCrashed</c> (Failed) for what it should not throw.
    /// </exception>
    public async IAsyncEnumerable<object> QueryAsync(GateRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        var (operation, input) = await BindAsync(request, cancellationToken).ConfigureAwait(false);
        if (operation is not IRunnableQuery query)
        {
            throw new HomelabException(ErrorKind.Invalid, "OperationNotQuery", $"{operation.Descriptor.Name} changes something and cannot be asked as a query.", operation.Descriptor.Name);
        }

        var intent = operation.Describe(input);
        var decision = _decider.Decide(operation.Descriptor, intent.Target, request.Caller, _time.GetUtcNow());
        if (decision.Verdict != Requirement.Auto) await TurnAwayAsync(operation, intent, decision, request.Caller, cancellationToken).ConfigureAwait(false);

        var started = _time.GetTimestamp();
        var count = 0;
        var items = query.EnumerateAsync(input, Context(request), cancellationToken).GetAsyncEnumerator(cancellationToken);
        string? error = null;
        try
        {
            while (true)
            {
                bool more;
                try
                {
                    more = await items.MoveNextAsync().ConfigureAwait(false);
                }
                catch (Exception e) when (e is HomelabException or OperationCanceledException)
                {
                    error = Explain(e);
                    throw;
                }
                catch (Exception e)
                {
                    error = Explain(e);
                    throw ChangeRunner.Crashed(operation, intent.Target.ToString(), _redactor.Redact(e.Message), e);
                }

                if (!more) break;
                count++;
                yield return items.Current;
            }
        }
        finally
        {
            await items.DisposeAsync().ConfigureAwait(false);
            var entry = Entry(operation, intent, decision, request.Caller, AuditKind.Read) with
            {
                Result = error is null ? $"{count} items" : "failed",
                Error = error ?? "",
                Elapsed = _time.GetElapsedTime(started),
            };
            if (!request.Caller.IsRoutine || IsNews(entry)) await _store.AppendAuditAsync(entry, durable: false, CancellationToken.None).ConfigureAwait(false);
        }
    }

    private bool IsNews(AuditEntry entry)
    {
        var ended = $"{entry.Result} {entry.Error}";
        var isNews = true;
        _routine.AddOrUpdate((entry.Operation, entry.Target), ended, (_, before) =>
        {
            isNews = before != ended;
            return ended;
        });
        return isNews;
    }
}
