namespace Homelab.Host.Web.Rest;

/// <summary>A question to people, and how it stands. Its input is not shown: it may hold more than who answers needs to see.</summary>
internal sealed record RestApproval
{
    public required string Id { get; init; }

    public required ApprovalStatus Status { get; init; }

    public required string Question { get; init; }

    /// <summary>Which rules made it necessary.</summary>
    public required string Reason { get; init; }

    public required string Operation { get; init; }

    public required string Target { get; init; }

    /// <summary>How the target was when it was asked; once it is another, the answer is void.</summary>
    public required string? World { get; init; }

    public required string AskedBy { get; init; }

    public required DateTimeOffset AskedAt { get; init; }

    /// <summary>No answer until then means no.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }

    public required int ConfirmationsNeeded { get; init; }

    public required IReadOnlyList<Confirmation> Confirmations { get; init; }

    public required string? DeniedBy { get; init; }

    public required string? VoidedBy { get; init; }

    /// <summary>When it was denied, expired or became void.</summary>
    public required DateTimeOffset? ClosedAt { get; init; }

    internal static RestApproval Of(Approval approval) => new()
    {
        Id = approval.Id,
        Status = approval.Status,
        Question = approval.Question,
        Reason = approval.Reason,
        Operation = approval.Operation,
        Target = approval.Target,
        World = approval.World,
        AskedBy = approval.RequestedBy.ToString(),
        AskedAt = approval.RequestedAt,
        ExpiresAt = approval.ExpiresAt,
        ConfirmationsNeeded = approval.Needed,
        Confirmations = approval.Confirmations,
        DeniedBy = approval.DeniedBy,
        VoidedBy = approval.VoidedBy,
        ClosedAt = approval.ClosedAt,
    };
}
