namespace Homelab;

/// <content>What was not let in. Whoever tries is to be found, whatever he tried: each attempt is a line of the audit.</content>
public sealed partial class OperationGate
{
    private const int LongestAsked = 100;
    private const int LongestReason = 300;

    /// <summary>
    /// Writes down that a face turned somebody away before there was anything that could be decided on: a name that means nothing, a message that contradicts itself. Of a flood, as
    /// <see cref="RefusalNotes"/> has it.
    /// </summary>
    /// <param name="door">Where it was tried, as the audit's operation: <c>mcp_call</c>.</param>
    /// <param name="asked">What was asked for, in the caller's words; they are cleaned and cut.</param>
    /// <param name="reason">Why not.</param>
    /// <param name="caller">Who asked.</param>
    public Task RefuseAsync(string door, string asked, string reason, Caller caller)
    {
        ArgumentNullException.ThrowIfNull(caller);
        return _refusals.WriteAsync(Note(door, ForeignText.Clean(_redactor.Redact(asked), LongestAsked), caller, reason));
    }

    private async Task TurnAwayAsync(Operation operation, Intent intent, Decision decision, Caller caller, CancellationToken cancellationToken)
    {
        await _store.AppendAuditAsync(Entry(operation, intent, decision, caller, AuditKind.Denied) with { Result = "refused" }, durable: true, cancellationToken).ConfigureAwait(false);
        throw GateException.Of(intent, decision);
    }

    private async Task<(Operation Operation, object Input)> BindAsync(GateRequest request, CancellationToken cancellationToken)
    {
        try
        {
            return Bind(request);
        }
        catch (HomelabException e)
        {
            var known = _catalog.TryFind(request.Operation, out var operation);
            // Who may not at all is told that, and not what was wrong with the input.
            if (known && e is InputException && _decider.Foresee(operation!.Descriptor, request.Caller) is { Verdict: Requirement.Deny } refusal)
            {
                await TurnAwayAsync(operation, new Intent(operation.Descriptor.Name, Target.Lab), refusal, request.Caller, cancellationToken).ConfigureAwait(false);
            }

            await NoteAsync(known ? operation!.Descriptor.Name : "unknown", known ? Target.Lab.Key : ForeignText.Clean(request.Operation, LongestAsked), request.Caller, Explain(e)).ConfigureAwait(false);
            throw;
        }
    }

    // Nothing was done, so that nothing is waited for; and whoever has left meanwhile has tried all the same.
    private Task NoteAsync(string operation, string target, Caller caller, string error) => _store.AppendAuditAsync(Note(operation, target, caller, error), durable: false, CancellationToken.None);

    private AuditEntry Note(string operation, string target, Caller caller, string error) =>
        Entry(operation, target, caller, AuditKind.Denied) with { Result = "not begun", Error = ForeignText.Clean(_redactor.Redact(error), LongestReason) };
}
