namespace Homelab;

/// <summary>A question to a person: may exactly this operation run with exactly this input? No answer in time means no.</summary>
public sealed record Approval
{
    /// <summary>Short enough to be typed, long enough not to be guessed.</summary>
    public required string Id { get; init; }

    /// <summary>The operation's name.</summary>
    public required string Operation { get; init; }

    /// <summary>The canonical input, as JSON.</summary>
    public required string Input { get; init; }

    /// <summary>The hash of operation and input; see <see cref="InputShape.Hash"/>.</summary>
    public required string Hash { get; init; }

    /// <summary>The target's key.</summary>
    public required string Target { get; init; }

    /// <summary>How the target was when it was asked, as <see cref="Prepared{TInput}.World"/> tells it; null where nothing of it matters. When it is another, the approval is void.</summary>
    public string? World { get; init; }

    /// <summary>What would happen, as people read it.</summary>
    public required string Question { get; init; }

    /// <summary>What the asker found out, where it says so, and which rules made the question necessary.</summary>
    public required string Reason { get; init; }

    /// <summary>Who asked.</summary>
    public required Caller RequestedBy { get; init; }

    /// <summary>When.</summary>
    public required DateTimeOffset RequestedAt { get; init; }

    /// <summary>Until when an answer counts.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }

    /// <summary>How many different confirmations are needed: one or two.</summary>
    public required int Needed { get; init; }

    /// <summary>The confirmations given so far.</summary>
    public IReadOnlyList<Confirmation> Confirmations { get; init; } = [];

    /// <summary>Where the question stands.</summary>
    public ApprovalStatus Status { get; init; }

    /// <summary>Who said no, where somebody did.</summary>
    public string? DeniedBy { get; init; }

    /// <summary>When it was denied, expired or became void; null while it stands or where it was used.</summary>
    public DateTimeOffset? ClosedAt { get; init; }

    /// <summary>What made it void, where something did.</summary>
    public string? VoidedBy { get; init; }

    /// <summary>True while it may still be answered or used.</summary>
    public bool IsOpen => Status is ApprovalStatus.Pending or ApprovalStatus.Approved;

    /// <summary>Why it is no yes, as people read it.</summary>
    public string WhyNot() => this switch
    {
        { DeniedBy: { } who } => $"{who} said no to: {Question}",
        { VoidedBy: { } why } => $"the question is void ({Question}): {why}",
        _ => $"nobody answered in time: {Question}",
    };

    /// <summary>Counts the changes of this object; a store refuses to overwrite a newer one.</summary>
    public int Version { get; init; }
}

/// <summary>One person's yes.</summary>
/// <param name="Approver">Who, as the channel authenticated them: <c>cli:anna</c>, <c>telegram:1111</c>.</param>
/// <param name="At">When.</param>
/// <param name="TypedTarget">True when the target's name was typed in, which makes a confirmation a different one from a plain yes.</param>
public sealed record Confirmation(string Approver, DateTimeOffset At, bool TypedTarget);

/// <summary>Where a question stands.</summary>
public enum ApprovalStatus
{
    /// <summary>Not answered, or not yet often enough.</summary>
    Pending,

    /// <summary>Answered with yes, and not used yet.</summary>
    Approved,

    /// <summary>Answered with no.</summary>
    Denied,

    /// <summary>Nobody answered in time, or the answer was not used in time.</summary>
    Expired,

    /// <summary>Used by the one run it was for.</summary>
    Used,

    /// <summary>The target has become another than people were asked about: neither a yes nor a no to it means anything any more.</summary>
    Void,
}
