namespace Homelab;

/// <summary>One change as the journal knows it: written before it begins, and again when its end is known.</summary>
public sealed record ChangeRecord
{
    /// <summary>What the key of a change begins with that only accompanies others; see <see cref="GateRequest.Accompanies"/>. No limit counts it.</summary>
    public const string Accompanying = "hush/";

    /// <summary>The journal's own id, time-ordered.</summary>
    public required string Id { get; init; }

    /// <summary>
    /// Names the wish, not the try: the same key never runs twice. A runbook's key holds run, step and attempt, so a resumed run meets its own
    /// record in place of acting again.
    /// </summary>
    public required string Key { get; init; }

    /// <summary>The operation's name.</summary>
    public required string Operation { get; init; }

    /// <summary>The canonical input, as JSON.</summary>
    public required string Input { get; init; }

    /// <summary>The target's key.</summary>
    public required string Target { get; init; }

    /// <summary>What limits take it for (<see cref="OperationDescriptor.CountsAs"/>); Read for one that only looked, which no restraint counts.</summary>
    public required Risk Risk { get; init; }

    /// <summary>Who asked.</summary>
    public required Caller Caller { get; init; }

    /// <summary>What the world looked like before; see <see cref="Prepared{TInput}.Mark"/>.</summary>
    public string? Mark { get; init; }

    /// <summary>The approval it used up, if one was needed.</summary>
    public string? Approval { get; init; }

    /// <summary>The process that began it; see <see cref="ILeaseStore"/>.</summary>
    public required string Owner { get; init; }

    /// <summary>When it began.</summary>
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>When its end became known.</summary>
    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>How it ended.</summary>
    public ChangeStatus Status { get; init; }

    /// <summary>What it returned, as JSON, when it succeeded and its answer arrived.</summary>
    public string? Result { get; init; }

    /// <summary>The error's id and message, when it failed.</summary>
    public string? Error { get; init; }
}

/// <summary>How a change ended.</summary>
public enum ChangeStatus
{
    /// <summary>It has begun, and its end is not written down.</summary>
    Open,

    /// <summary>It was seen to have happened.</summary>
    Succeeded,

    /// <summary>It failed, and that is certain.</summary>
    Failed,

    /// <summary>A read showed that it never happened; it may be set out on anew, under another key.</summary>
    NotDone,

    /// <summary>Nobody can tell; a person was told.</summary>
    Unknown,
}
