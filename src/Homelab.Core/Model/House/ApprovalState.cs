using System.Globalization;

namespace Homelab;

/// <summary>How a question to a person stands, for whoever waits for the answer.</summary>
public sealed record ApprovalState
{
    /// <summary>The question's id.</summary>
    public required string Id { get; init; }

    /// <summary>Where it stands.</summary>
    public required ApprovalStatus Status { get; init; }

    /// <summary>What would happen, as people read it.</summary>
    public required string Question { get; init; }

    /// <summary>Which rules made the question necessary.</summary>
    public required string Reason { get; init; }

    /// <summary>The operation.</summary>
    public required string Operation { get; init; }

    /// <summary>The target's key.</summary>
    public required string Target { get; init; }

    /// <summary>Who asked.</summary>
    public required string RequestedBy { get; init; }

    /// <summary>Until when an answer counts.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }

    /// <summary>How many different confirmations are needed.</summary>
    public required int ConfirmationsNeeded { get; init; }

    /// <summary>Who has confirmed so far.</summary>
    public IReadOnlyList<string> ConfirmedBy { get; init; } = [];

    /// <summary>Who said no, where somebody did.</summary>
    public string? DeniedBy { get; init; }

    /// <summary>What follows for whoever waits.</summary>
    public required string Next { get; init; }

    /// <summary>How an approval stands.</summary>
    public static ApprovalState Of(Approval approval)
    {
        ArgumentNullException.ThrowIfNull(approval);
        return new ApprovalState
        {
            Id = approval.Id,
            Status = approval.Status,
            Question = approval.Question,
            Reason = approval.Reason,
            Operation = approval.Operation,
            Target = approval.Target,
            RequestedBy = approval.RequestedBy.ToString(),
            ExpiresAt = approval.ExpiresAt,
            ConfirmationsNeeded = approval.Needed,
            ConfirmedBy = [.. approval.Confirmations.Select(static c => c.Approver)],
            DeniedBy = approval.DeniedBy,
            Next = NextOf(approval),
        };
    }

    private static string NextOf(Approval approval)
    {
        var until = approval.ExpiresAt.ToString("u", CultureInfo.InvariantCulture);
        return approval.Status switch
        {
            ApprovalStatus.Pending => $"Still waiting: {approval.Confirmations.Count} of {approval.Needed} confirmations. A person answers at a shell of the lab with 'homelab approvals approve {approval.Id}' (or 'deny'), or on a channel such as Telegram; no answer by {until} means no.",
            ApprovalStatus.Approved when approval.RequestedBy.Incident is { } incident => $"Approved. Healing goes on by itself: heal_list_incidents with id {incident} shows how.",
            ApprovalStatus.Approved when approval.RequestedBy.Run is not null => $"Approved. Call runbook_run with the same arguments again before {until}.",
            ApprovalStatus.Approved => $"Approved. Call {approval.Operation} with the same arguments again before {until}.",
            ApprovalStatus.Denied => $"{approval.DeniedBy ?? "A person"} said no. Nothing was done; do not ask again.",
            ApprovalStatus.Expired => "Nobody answered, or nobody used the answer, in time, which means no. Nothing was done.",
            ApprovalStatus.Used => "Approved and used: what it was for was set out on.",
            _ => $"Void: {approval.VoidedBy}. Nothing was done; look at {approval.Target} before asking again.",
        };
    }
}
