namespace Homelab;

/// <content>How a change is admitted to the journal, and what is done about one that was left open.</content>
public sealed partial class OperationGate
{
    /// <summary>
    /// Looks into every open change that nobody works on any more, as after a crash, and writes down what a read could find out. Call at start and again at any time; what stays unknown is
    /// returned too, so that a person can be told.
    /// </summary>
    public async Task<IReadOnlyList<ChangeRecord>> SettleOpenAsync(CancellationToken cancellationToken)
    {
        var left = new List<ChangeRecord>();
        foreach (var record in await _store.ListOpenAsync(cancellationToken).ConfigureAwait(false))
        {
            if (!await ChangesUnderWay.HasAsync(record, _store, cancellationToken).ConfigureAwait(false)) left.Add(record);
        }

        if (left.Count == 0) return left;
        // Nobody was at work on them at a moment after the list was made: some may have ended in between.
        var open = (await _store.ListOpenAsync(cancellationToken).ConfigureAwait(false)).Select(static r => r.Id).ToHashSet(StringComparer.Ordinal);
        // Side by side: one system that does not answer must not hold up the others.
        return await Task.WhenAll(left.Where(r => open.Contains(r.Id)).Select(r => SettleAsync(r, cancellationToken))).ConfigureAwait(false);
    }

    private async Task<GateOutcome> ResumeAsync(ChangeRecord existing, Operation operation, IRunnableChange change, Intent intent, Decision decision, OperationContext context, CancellationToken cancellationToken)
    {
        if (existing.Status == ChangeStatus.Open)
        {
            if (await ChangesUnderWay.HasAsync(existing, _store, cancellationToken).ConfigureAwait(false))
            {
                await TurnAwayAsync(operation, intent, Decision.Of([new Finding(Rules.InFlight, Requirement.Deny, "the same wish is being carried out right now")]), context.Caller, cancellationToken).ConfigureAwait(false);
            }

            existing = await _runner.SettleAsync(existing, operation, change, context, cancellationToken).ConfigureAwait(false);
        }

        return existing.Status switch
        {
            ChangeStatus.Succeeded => new GateOutcome.Done(intent, decision, ChangeRunner.ReadResult(existing, operation.Descriptor), existing.Id),
            ChangeStatus.Failed => throw new HomelabException(ErrorKind.Failed, "ChangeFailedBefore", $"{intent} was tried before and failed: {existing.Error}", intent.Target.ToString()),
            ChangeStatus.NotDone => throw new HomelabException(ErrorKind.Unavailable, NotDone, $"{intent} was set out on before and did not happen: {existing.Error}", intent.Target.ToString()) { NothingHappened = true },
            _ => throw ChangeRunner.UnknownOutcome(existing, inner: null),
        };
    }

    private async Task<ChangeRecord> SettleAsync(ChangeRecord record, CancellationToken cancellationToken)
    {
        if (!_catalog.TryFind(record.Operation, out var operation) || operation is not IRunnableChange change)
        {
            return await _runner.LeaveUnknownAsync(record, $"operation {record.Operation} is not in the catalog any more", cancellationToken).ConfigureAwait(false);
        }

        return await _runner.SettleAsync(record, operation, change, new OperationContext(record.Caller, _time, null), cancellationToken).ConfigureAwait(false);
    }

    private ChangeRecord Record(Operation operation, Prepared<object> prepared, Intent intent, GateRequest request, string? approval)
    {
        var id = Guid.CreateVersion7(_time.GetUtcNow()).ToString("N");
        return new ChangeRecord
        {
            Id = id,
            Key = request.Accompanies ? ChangeRecord.Accompanying + (request.Key ?? id) : request.Key ?? id,
            Operation = operation.Descriptor.Name,
            Input = operation.Descriptor.Input.Write(prepared.Input).ToJsonString(),
            Target = intent.Target.Key,
            Risk = prepared.OnlyLooks ? Risk.Read : operation.Descriptor.CountsAs,
            Caller = request.Caller,
            Mark = prepared.Mark,
            Approval = approval,
            Owner = _store.Owner,
            StartedAt = _time.GetUtcNow(),
        };
    }

    private async Task<Admission> AdmitAsync(ChangeRecord record, Intent intent, Decision decision, bool restrained, bool undoes, Operation operation, CancellationToken cancellationToken)
    {
        var entry = Entry(operation, intent, decision, record.Caller, AuditKind.Intent) with { Change = record.Id, Approval = record.Approval ?? "" };
        var settledBefore = false;
        while (true)
        {
            var admission = await _store.BeginAsync(
                record,
                _limits,
                history => LimitsOf(history, intent.Target, operation.Descriptor, record.Risk, record.Caller, restrained, undoes, record.StartedAt),
                entry,
                cancellationToken).ConfigureAwait(false);

            // What nobody works on any more would block its target for ever: find out what became of it, then ask once more.
            if (admission.InFlight is { } other && !settledBefore && !await ChangesUnderWay.HasAsync(other, _store, cancellationToken).ConfigureAwait(false))
            {
                await SettleAsync(other, cancellationToken).ConfigureAwait(false);
                settledBefore = true;
                continue;
            }

            if (admission.ApprovalUnusable)
            {
                throw new HomelabException(ErrorKind.Denied, ApprovalUnusable, $"Approval {record.Approval} is not approved, has expired or was used. Ask again.", intent.Target.ToString());
            }

            if (admission.Refusals.Count > 0)
            {
                var refused = Decision.Of([.. decision.Findings, .. admission.Refusals]);
                await TurnAwayAsync(operation, intent, refused, record.Caller, cancellationToken).ConfigureAwait(false);
            }

            return admission;
        }
    }

    // Between the journal and the deed lies a moment in which this process may be frozen for as long as it likes. Whoever looked meanwhile has seen that nothing
    // happened, and may have set out on it anew: it must not happen now.
    private async Task HoldAsync(int term, ChangeRecord record, Operation operation, Intent intent, Decision decision)
    {
        if (term != 0 && _store.LeaseTerm == term) return;
        var ended = record with { Status = ChangeStatus.NotDone, EndedAt = _time.GetUtcNow(), Error = "this process lost its lease before it began" };
        await _store.EndAsync(ended, Entry(operation, intent, decision, record.Caller, AuditKind.Outcome) with { Change = record.Id, Result = "not done: the lease was lost before it began" }, CancellationToken.None).ConfigureAwait(false);
        throw StateTrouble.Lost(intent.ToString(), record.Target);
    }

    /// <summary>When the last interruption of a target ended, whoever asked for it; null when there was none.</summary>
    public async Task<DateTimeOffset?> LastInterruptedAsync(Target target, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(target);
        return (await _store.ReadHistoryAsync(target.Key, _limits, cancellationToken).ConfigureAwait(false)).LastEndedAt;
    }

    private IReadOnlyList<Finding> LimitsOf(ChangeHistory history, Target target, OperationDescriptor operation, Risk risk, Caller caller, bool restrained, bool undoes, DateTimeOffset now)
    {
        int? neighbours = risk < Risk.Disrupt ? null : target is { Kind: "container", Host: { } host } ? _containers.GetValueOrDefault(host) : 0;
        // The switch looks at what is done, not at what it counts as: what interrupts nobody may still lose something.
        var suspendable = caller.Face is Face.Webhook or Face.Schedule && risk != Risk.Read && operation.Risk >= Risk.Disrupt && !undoes;
        return LimitRules.Evaluate(history, _limits, target, restrained, now, neighbours, suspendable);
    }

    // Time has passed since the decision: what was decided on must still be what is there, and the mark must be of now.
    private async Task<Prepared<object>> LookAgainAsync(
        Operation operation, IRunnableChange change, object bound, Prepared<object> before, Decision decision, OperationContext context, GateRequest request, CancellationToken cancellationToken)
    {
        var (prepared, intent, now) = await PrepareAsync(operation, change, bound, context, request, cancellationToken).ConfigureAwait(false);
        var shape = operation.Descriptor.Input;
        if (shape.Hash(operation.Descriptor.Name, prepared.Input) == shape.Hash(operation.Descriptor.Name, before.Input) && now.Verdict <= decision.Verdict) return prepared;
        throw new HomelabException(ErrorKind.Conflict, "TargetChanged", $"While it waited for its turn, {intent.Target} became another than was decided on. Look at it, then ask anew.", intent.Target.ToString()) { NothingHappened = true };
    }
}
