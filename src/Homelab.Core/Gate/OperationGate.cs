namespace Homelab;

/// <summary>
/// The one way to an operation, for every face: bind and validate, prepare, decide, confirm, journal, run, verify the answer, audit.
/// </summary>
public sealed partial class OperationGate
{
    /// <summary>The error id of a wish that was cut off before it happened: it may be set out on anew, under another key.</summary>
    public const string NotDone = "ChangeNotDone";

    /// <summary>The error id of an approval whose target has become another since people were asked.</summary>
    public const string ApprovalVoid = "ApprovalVoid";

    /// <summary>The error id of an approval that was answered with no, was not answered in time, or was used for something else.</summary>
    public const string ApprovalUnusable = "ApprovalUnusable";

    private readonly OperationCatalog _catalog;
    private readonly Decider _decider;
    private readonly ActionLimits _limits;
    private readonly IGateStore _store;
    private readonly ApprovalDesk _approvals;
    private readonly ChangeRunner _runner;
    private readonly HostTurns _turns;
    private readonly TimeProvider _time;
    private readonly SecretRedactor _redactor;
    private readonly RefusalNotes _refusals;
    private readonly IReadOnlyDictionary<string, int> _containers;

    /// <param name="catalog">What there is.</param>
    /// <param name="decider">Who may what.</param>
    /// <param name="limits">How often.</param>
    /// <param name="store">Where it is written down.</param>
    /// <param name="approvals">Who is asked.</param>
    /// <param name="redactor">Keeps secrets out of what is written down.</param>
    /// <param name="time">The clock.</param>
    /// <param name="containers">How many containers the lab file knows on each host; none when not given.</param>
    /// <param name="partingLook">How long it is looked at what a caller leaves; half a second when not given.</param>
    public OperationGate(
        OperationCatalog catalog, Decider decider, ActionLimits limits, IGateStore store, ApprovalDesk approvals, SecretRedactor redactor, TimeProvider time, IReadOnlyDictionary<string, int>? containers = null,
        TimeSpan? partingLook = null)
    {
        _containers = containers ?? new Dictionary<string, int>(StringComparer.Ordinal);
        _catalog = catalog;
        _decider = decider;
        _limits = limits;
        _store = store;
        _approvals = approvals;
        _redactor = redactor;
        _time = time;
        _refusals = new RefusalNotes(store, time);
        _runner = new ChangeRunner(store, redactor, time, partingLook);
        _turns = new HostTurns(limits.PerHost);
    }

    /// <summary>What there is.</summary>
    public OperationCatalog Catalog => _catalog;

    /// <summary>Who may what.</summary>
    public Decider Decider => _decider;

    /// <summary>What this caller may expect of an operation whatever its input is: for faces that offer only what can be had.</summary>
    public Decision Foresee(OperationDescriptor operation, Caller caller) => _decider.Foresee(operation, caller);

    /// <summary>Changes something, or says what stands in the way.</summary>
    /// <exception cref="GateException"><c>LevelTooLow</c>, <c>PolicyDenied</c> (Denied); <c>LimitReached</c> (Refused); <c>ChangeInFlight</c>, <c>LeaseLost</c> (Conflict).</exception>
    /// <exception cref="HomelabException">
    /// <c>TargetChanged</c> (Conflict): while it waited for its turn on the host, the target became another; <c>OperationNotFound</c>, <c>InputInvalid</c>; <c>ApprovalMismatch</c>, <c>ApprovalUnusable</c> (Denied); <c>ApprovalVoid</c> (Conflict): the target has become another
    /// since people were asked; <c>OutcomeUnknown</c> (Unavailable): the answer was lost and
    /// no read could settle it; or what the operation throws.
    /// </exception>
    public async Task<GateOutcome> InvokeAsync(GateRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (request.DryRun) return await ExplainAsync(request, cancellationToken).ConfigureAwait(false);
        var (operation, bound) = await BindAsync(request, cancellationToken).ConfigureAwait(false);
        if (operation is not IRunnableChange change)
        {
            throw new HomelabException(ErrorKind.Invalid, "OperationNotChange", $"{operation.Descriptor.Name} only looks; ask it as a query.", operation.Descriptor.Name);
        }

        var isAdmitted = false;
        try
        {
            var context = Context(request);
            // A caller that may not at all learns nothing about the target: no look before the level is known to suffice.
            var first = operation.Describe(bound);
            var early = _decider.Decide(operation.Descriptor, first.Target, request.Caller, _time.GetUtcNow());
            if (early.Findings[0].Verdict == Requirement.Deny) await TurnAwayAsync(operation, first, early, request.Caller, cancellationToken).ConfigureAwait(false);

            var (prepared, intent, decision) = await PrepareApprovedAsync(operation, change, bound, context, request, cancellationToken).ConfigureAwait(false);
            if (decision.Verdict == Requirement.Deny) await TurnAwayAsync(operation, intent, decision, request.Caller, cancellationToken).ConfigureAwait(false);

            var approved = false;
            if (request.Caller.IsUnattended && decision.Verdict is Requirement.Ask or Requirement.AskTwice)
            {
                var approval = request.Approval is null
                    ? await _approvals.AskAsync(operation, prepared, intent, decision, request.Caller, request.Because is { } because ? _redactor.Redact(because) : null, cancellationToken).ConfigureAwait(false)
                    : await FindApprovalAsync(request.Approval, operation, prepared, decision, cancellationToken).ConfigureAwait(false);
                if (approval.Status == ApprovalStatus.Pending) return new GateOutcome.Waiting(intent, decision, approval);
                approved = true;
            }
            else if (!request.Caller.IsUnattended && !await ConfirmAsync(request, intent, decision, cancellationToken).ConfigureAwait(false))
            {
                await _store.AppendAuditAsync(Entry(operation, intent, decision, request.Caller, AuditKind.Denied) with { Result = "declined at the prompt" }, durable: true, cancellationToken).ConfigureAwait(false);
                return new GateOutcome.Declined(intent, decision);
            }

            using var turn = prepared.OnlyLooks ? HostTurn.Free : await _turns.TakeAsync(intent.Target, context, cancellationToken).ConfigureAwait(false);
            if (turn.HasWaited)
            {
                prepared = await LookAgainAsync(operation, change, bound, prepared, decision, context, request, cancellationToken).ConfigureAwait(false);
                if (approved) await FindApprovalAsync(request.Approval!, operation, prepared, decision, cancellationToken).ConfigureAwait(false);
            }

            var record = Record(operation, prepared, intent, request, approved ? request.Approval : null);
            using var underWay = ChangesUnderWay.Begin(record.Id);
            var term = _store.LeaseTerm;
            var admission = await AdmitAsync(record, intent, decision, restrained: request.Caller.IsUnattended && !approved && !request.Accompanies, request.Undoes, operation, cancellationToken).ConfigureAwait(false);
            isAdmitted = true;
            if (admission.Existing is { } existing)
            {
                return await ResumeAsync(existing, operation, change, intent, decision, context, cancellationToken).ConfigureAwait(false);
            }

            await HoldAsync(term, record, operation, intent, decision).ConfigureAwait(false);
            var result = await _runner.RunAsync(record, operation, change, prepared.Input, context, request, cancellationToken).ConfigureAwait(false);
            return new GateOutcome.Done(intent, decision, result, record.Id);
        }
        catch (HomelabException e) when (!isAdmitted && e is not GateException)
        {
            await NoteAsync(operation.Descriptor.Name, operation.Describe(bound).Target.Key, request.Caller, Explain(e)).ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>What would be decided now, with the restraints of this moment and every rule that spoke. Looks at most; nothing is asked, written or done.</summary>
    /// <exception cref="HomelabException"><c>OperationNotFound</c>, <c>InputInvalid</c>, or what the operation's look at its target throws.</exception>
    public async Task<GateOutcome.Planned> ExplainAsync(GateRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        var (operation, bound) = Bind(request);
        var intent = operation.Describe(bound);
        var decision = _decider.Decide(operation.Descriptor, intent.Target, request.Caller, _time.GetUtcNow());
        // A caller that may not at all learns nothing about the target.
        if (operation is not IRunnableChange change || decision.Findings[0].Verdict == Requirement.Deny) return new GateOutcome.Planned(intent, decision);

        (var prepared, intent, decision) = await PrepareAsync(operation, change, bound, Context(request), request, cancellationToken).ConfigureAwait(false);
        return prepared.OnlyLooks ? new GateOutcome.Planned(intent, decision) : await PlanAsync(operation, intent, decision, request.Caller, cancellationToken).ConfigureAwait(false);
    }

    private async Task<(Prepared<object> Prepared, Intent Intent, Decision Decision)> PrepareAsync(
        Operation operation, IRunnableChange change, object bound, OperationContext context, GateRequest request, CancellationToken cancellationToken)
    {
        var prepared = await change.PrepareAsync(bound, context, cancellationToken).ConfigureAwait(false);
        var intent = operation.Describe(prepared.Input);
        var target = prepared.Target ?? intent.Target;
        intent = intent with { Target = target with { Aliases = [.. target.Aliases, .. prepared.Aliases] } };
        var decision = _decider.Decide(operation.Descriptor, intent.Target, request.Caller, _time.GetUtcNow(), prepared.OnlyLooks);
        if (prepared.Findings.Count > 0) decision = Decision.Of([.. decision.Findings, .. prepared.Findings]);
        if (request.AtLeast > decision.Verdict)
        {
            decision = Decision.Of([.. decision.Findings, new Finding(Rules.Caller, request.AtLeast, "the caller wants a person to agree", "Approve it.")]);
        }

        return (prepared, intent, decision);
    }

    private async Task<GateOutcome.Planned> PlanAsync(Operation operation, Intent intent, Decision decision, Caller caller, CancellationToken cancellationToken)
    {
        var history = await _store.ReadHistoryAsync(intent.Target.Key, _limits, cancellationToken).ConfigureAwait(false);
        var restrained = caller.IsUnattended && decision.Verdict == Requirement.Auto;
        var refusals = operation.Descriptor.IsChange ? LimitsOf(history, intent.Target, operation.Descriptor, operation.Descriptor.CountsAs, caller, restrained, undoes: false, _time.GetUtcNow()) : [];
        return new GateOutcome.Planned(intent, Decision.Of([.. decision.Findings, .. refusals]));
    }

    private static async Task<bool> ConfirmAsync(GateRequest request, Intent intent, Decision decision, CancellationToken cancellationToken)
    {
        var questions = decision.Verdict == Requirement.AskTwice ? 2 : 1;
        for (var number = 1; number <= questions; number++)
        {
            // Without a way to ask, a plain yes is what the person typed by calling; a second confirmation is never taken for given.
            if (request.Confirmation is null && number == 1) continue;
            if (request.Confirmation is null) return false;
            if (!await request.Confirmation.ConfirmAsync(intent, decision, number, cancellationToken).ConfigureAwait(false)) return false;
        }

        return true;
    }

    private (Operation Operation, object Input) Bind(GateRequest request)
    {
        var operation = _catalog.Find(request.Operation);
        var shape = operation.Descriptor.Input;
        if (request.Input is null) return (operation, shape.Bind(request.Json));
        if (!shape.Type.IsInstanceOfType(request.Input))
        {
            throw new HomelabException(ErrorKind.Invalid, "InputInvalid", $"{operation.Descriptor.Name} takes {shape.Type.FullName}, not {request.Input.GetType().FullName}.", operation.Descriptor.Name);
        }

        shape.Validate(request.Input);
        return (operation, request.Input);
    }

    private OperationContext Context(GateRequest request) => new(request.Caller, _time, request.Progress);

    private string Explain(Exception e) => _redactor.Redact(e is HomelabException h ? $"{h.Id}: {h.Message}" : $"{e.GetType().Name}: {e.Message}");

    private AuditEntry Entry(Operation operation, Intent intent, Decision decision, Caller caller, AuditKind kind) =>
        Entry(operation.Descriptor.Name, intent.Target.Key, caller, kind) with { Decision = _redactor.Redact(decision.ToString()) };

    private AuditEntry Entry(string operation, string target, Caller caller, AuditKind kind) => new()
    {
        Time = _time.GetUtcNow(),
        Kind = kind,
        Operation = operation,
        Target = target,
        Trigger = FaceNames.Of(caller.Face),
        Identity = caller.Identity,
        Incident = caller.Incident ?? "",
        Run = caller.Run ?? "",
    };
}
