using System.Security.Cryptography;

namespace Homelab;

/// <summary>Asks people and takes their answers. The only code path by which an approval changes.</summary>
public sealed partial class ApprovalDesk(IGateStore store, ApprovalPolicy policy, TimeProvider time)
{
    /// <summary>The error id of an answer by somebody who may not give it.</summary>
    public const string NotAllowed = "ApproverNotAllowed";

    // 80 bits: not to be guessed within an expiry; 16 characters: can be typed, and fits a chat button.
    private const int IdBytes = 10;

    // It may quote names and logs of what is asked about, and there must be room for the rules beside it.
    private const int LongestBecause = 400;

    private const string Closed = "ApprovalClosed";

    /// <summary>Asks, unless the same question by the same caller already stands.</summary>
    internal async Task<Approval> AskAsync(Operation operation, Prepared<object> prepared, Intent intent, Decision decision, Caller caller, string? because, CancellationToken cancellationToken)
    {
        var input = prepared.Input;
        var descriptor = operation.Descriptor;
        var now = time.GetUtcNow();
        var hash = descriptor.Input.Hash(descriptor.Name, input);
        var approval = new Approval
        {
            Id = NewId(),
            Operation = descriptor.Name,
            Input = descriptor.Input.Write(input).ToJsonString(),
            Hash = hash,
            Target = intent.Target.Key,
            World = prepared.World,
            Question = $"{intent}?",
            Reason = string.Join("; ", decision.Decisive.Select(f => f.Reason).Prepend(ForeignText.Clean(because ?? "", LongestBecause)).Where(static r => r.Length > 0)),
            RequestedBy = caller,
            RequestedAt = now,
            ExpiresAt = now + policy.Expiry,
            Needed = decision.Verdict == Requirement.AskTwice ? 2 : 1,
        };
        var entry = Entry(approval, AuditKind.Asked, caller.Identity, FaceNames.Of(caller.Face), approval.Question) with { Decision = decision.ToString() };
        while (true)
        {
            var standing = await store.AddApprovalAsync(approval, entry, cancellationToken).ConfigureAwait(false);
            if (standing.World == approval.World) return standing;
            // It was put about another state of things: whoever answers it would answer something else.
            await VoidAsync(standing, WorldChanged(standing, approval.World), cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Makes an approval void that still stands: its target has become another than people were asked about.</summary>
    internal async Task<Approval> VoidAsync(Approval approval, string why, CancellationToken cancellationToken)
    {
        while (approval.IsOpen)
        {
            try
            {
                return await ReplaceAsync(approval with { Status = ApprovalStatus.Void, VoidedBy = why, ClosedAt = time.GetUtcNow() }, "world", "void: " + why, cancellationToken).ConfigureAwait(false);
            }
            catch (HomelabException e) when (e.Id == Closed)
            {
                // A yes came in between, which is as void; or it has ended otherwise.
                approval = await GetAsync(approval.Id, cancellationToken).ConfigureAwait(false);
            }
        }

        return approval;
    }

    /// <summary>What is another than when it was asked, as people read it.</summary>
    internal static string WorldChanged(Approval approval, string? now) => $"when it was asked for it was: {approval.World ?? "not told"}; now it is: {now ?? "not told"}";

    /// <summary>Takes one person's yes.</summary>
    /// <param name="id">The approval.</param>
    /// <param name="approver">Who, as the channel authenticated them: <c>cli:anna</c>, <c>telegram:1111</c>.</param>
    /// <param name="typedTarget">The target's name as the person typed it; null for a plain yes.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="HomelabException">
    /// <c>ApprovalNotFound</c>; <c>ApprovalClosed</c> (Conflict): already answered, used or expired; <c>ApproverNotAllowed</c> (Denied): not on the list, or
    /// the one who asked; <c>ConfirmationNotDifferent</c> (Refused): the second yes adds nothing to the first; <c>TargetMistyped</c> (Invalid).
    /// </exception>
    public async Task<Approval> ApproveAsync(string id, string approver, string? typedTarget, CancellationToken cancellationToken)
    {
        var approval = await OpenAsync(id, approver, cancellationToken).ConfigureAwait(false);
        var typed = typedTarget is not null;
        if (typed && !IsTarget(typedTarget!, approval))
        {
            throw new HomelabException(ErrorKind.Invalid, "TargetMistyped", $"'{typedTarget}' is not the target of approval {id}, which is {approval.Target}.", id);
        }

        if (approval.Confirmations.FirstOrDefault(c => c.Approver == approver) is { } own && (policy.TwoPeople || !typed || own.TypedTarget))
        {
            throw new HomelabException(
                ErrorKind.Refused,
                "ConfirmationNotDifferent",
                policy.TwoPeople
                    ? $"{approver} has confirmed approval {id} already; another person must."
                    : $"{approver} has confirmed approval {id} already; confirm the second time by typing the target's name, or let another person do it.",
                id);
        }

        var confirmations = approval.Confirmations.Append(new Confirmation(approver, time.GetUtcNow(), typed)).ToArray();
        var answered = approval with
        {
            Confirmations = confirmations,
            Status = confirmations.Length >= approval.Needed ? ApprovalStatus.Approved : ApprovalStatus.Pending,
        };
        return await ReplaceAsync(answered, approver, $"confirmed {confirmations.Length} of {approval.Needed}", cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Takes one person's no. It is final.</summary>
    /// <exception cref="HomelabException">As for <see cref="ApproveAsync"/>.</exception>
    public async Task<Approval> DenyAsync(string id, string approver, CancellationToken cancellationToken)
    {
        var approval = await OpenAsync(id, approver, cancellationToken).ConfigureAwait(false);
        return await ReplaceAsync(approval with { Status = ApprovalStatus.Denied, DeniedBy = approver, ClosedAt = time.GetUtcNow() }, approver, "denied", cancellationToken).ConfigureAwait(false);
    }

    /// <summary>An approval as it stands now; one whose time is over is expired, whether or not anybody wrote it down.</summary>
    /// <exception cref="HomelabException"><c>ApprovalNotFound</c> (NotFound).</exception>
    public async Task<Approval> GetAsync(string id, CancellationToken cancellationToken)
    {
        var approval = await store.FindApprovalAsync(id, cancellationToken).ConfigureAwait(false)
            ?? throw NotFound(id);
        if (!approval.IsOpen || approval.ExpiresAt > time.GetUtcNow()) return approval;
        try
        {
            return await ReplaceAsync(approval with { Status = ApprovalStatus.Expired, ClosedAt = approval.ExpiresAt }, "clock", "expired, which means no", cancellationToken).ConfigureAwait(false);
        }
        catch (HomelabException e) when (e.Id == Closed)
        {
            // Somebody else wrote it down in this moment.
            return await store.FindApprovalAsync(id, cancellationToken).ConfigureAwait(false) ?? throw NotFound(id);
        }
    }

    /// <summary>Every approval that still waits for an answer.</summary>
    public async Task<IReadOnlyList<Approval>> ListPendingAsync(CancellationToken cancellationToken)
    {
        var pending = new List<Approval>();
        foreach (var approval in await store.ListApprovalsAsync(ApprovalStatus.Pending, cancellationToken).ConfigureAwait(false))
        {
            if (await GetAsync(approval.Id, cancellationToken).ConfigureAwait(false) is { Status: ApprovalStatus.Pending } open) pending.Add(open);
        }

        return pending;
    }

    private async Task<Approval> OpenAsync(string id, string approver, CancellationToken cancellationToken)
    {
        var approval = await GetAsync(id, cancellationToken).ConfigureAwait(false);
        if (approval.Status is not ApprovalStatus.Pending)
        {
            throw new HomelabException(ErrorKind.Conflict, Closed, $"Approval {id} is {approval.Status} and takes no more answers. Ask again if it is still wanted.", id);
        }

        var identity = approver[(approver.IndexOf(':', StringComparison.Ordinal) + 1)..];
        if (!policy.Approvers.Any(allowed => Wildcard.Matches(allowed, approver) || Wildcard.Matches(allowed, identity)))
        {
            await NoteRefusalAsync(approval, approver, "not on the list of approvers", cancellationToken).ConfigureAwait(false);
            throw new HomelabException(ErrorKind.Denied, NotAllowed, $"{approver} is not on the list of approvers. Add it to policy.approval.approvers in the lab file.", id);
        }

        if (approval.RequestedBy.IsUnattended && (approver == approval.RequestedBy.ToString() || identity == approval.RequestedBy.Identity))
        {
            await NoteRefusalAsync(approval, approver, "asked for it, and cannot give it", cancellationToken).ConfigureAwait(false);
            throw new HomelabException(ErrorKind.Denied, NotAllowed, $"{approver} asked for approval {id} and cannot give it. Another person must.", id);
        }

        return approval;
    }

    /// <summary>Writes down that an answer was not taken: whoever tried is to be found.</summary>
    /// <param name="approval">What it was an answer to.</param>
    /// <param name="approver">Who gave it, as the channel knows them.</param>
    /// <param name="why">Why it was not taken.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public Task NoteRefusalAsync(Approval approval, string approver, string why, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(approval);
        ArgumentNullException.ThrowIfNull(approver);
        return store.AppendAuditAsync(Entry(approval, AuditKind.Denied, approver, ChannelOf(approver), "answer not taken: " + why), durable: true, cancellationToken);
    }

    private Task<Approval> ReplaceAsync(Approval approval, string who, string what, CancellationToken cancellationToken)
    {
        return store.ReplaceApprovalAsync(approval, Entry(approval, AuditKind.Answered, who, ChannelOf(who), what), cancellationToken);
    }

    private static string ChannelOf(string who) => who.IndexOf(':', StringComparison.Ordinal) is > 0 and var colon ? who[..colon] : "clock";

    private static HomelabException NotFound(string id) => new(ErrorKind.NotFound, "ApprovalNotFound", $"There is no approval '{id}'. Get-HlApproval, or 'homelab approvals', lists them.", id);

    private AuditEntry Entry(Approval approval, AuditKind kind, string identity, string trigger, string result) => new()
    {
        Time = time.GetUtcNow(),
        Kind = kind,
        Operation = approval.Operation,
        Target = approval.Target,
        Trigger = trigger,
        Identity = identity,
        Result = result,
        Incident = approval.RequestedBy.Incident ?? "",
        Run = approval.RequestedBy.Run ?? "",
        Approval = approval.Id,
    };

    private static bool IsTarget(string typed, Approval approval)
    {
        var name = approval.Target[(approval.Target.IndexOf(':', StringComparison.Ordinal) + 1)..];
        return typed == approval.Target || typed == name;
    }

    private static string NewId() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(IdBytes));
}
