namespace Homelab;

/// <summary>One line of the audit: who did what to what, what was decided and how it ended. Chained to the line before by its hash.</summary>
public sealed record AuditEntry
{
    /// <summary>Position in the chain, from 1 without a gap.</summary>
    public long Sequence { get; init; }

    /// <summary>When, UTC.</summary>
    public required DateTimeOffset Time { get; init; }

    /// <summary>What the line is about.</summary>
    public required AuditKind Kind { get; init; }

    /// <summary>The operation's name.</summary>
    public required string Operation { get; init; }

    /// <summary>The target's key.</summary>
    public required string Target { get; init; }

    /// <summary>The way the call came in: interactive, webhook, schedule, mcp, rest.</summary>
    public required string Trigger { get; init; }

    /// <summary>Who asked, or who answered.</summary>
    public required string Identity { get; init; }

    /// <summary>What was decided and why, one line.</summary>
    public string Decision { get; init; } = "";

    /// <summary>How it ended, one line; empty while it has not.</summary>
    public string Result { get; init; } = "";

    /// <summary>The error's id and message, where there is one. Never holds a secret.</summary>
    public string Error { get; init; } = "";

    /// <summary>How long it took, where it ended.</summary>
    public TimeSpan? Elapsed { get; init; }

    /// <summary>The incident on whose behalf it was done.</summary>
    public string Incident { get; init; } = "";

    /// <summary>The run of a runbook on whose behalf it was done.</summary>
    public string Run { get; init; } = "";

    /// <summary>The journal's id of the change.</summary>
    public string Change { get; init; } = "";

    /// <summary>The approval concerned.</summary>
    public string Approval { get; init; } = "";

    /// <summary>The hash of the line before; 64 zeros for the first.</summary>
    public string PreviousHash { get; init; } = "";

    /// <summary>SHA-256 over everything above, in hex.</summary>
    public string Hash { get; init; } = "";
}

/// <summary>What a line of the audit is about.</summary>
public enum AuditKind
{
    /// <summary>A query was answered, or failed.</summary>
    Read,

    /// <summary>A change is about to begin.</summary>
    Intent,

    /// <summary>A change ended.</summary>
    Outcome,

    /// <summary>A call was turned away, or could not begin.</summary>
    Denied,

    /// <summary>A person was asked.</summary>
    Asked,

    /// <summary>A person answered, or did not in time.</summary>
    Answered,

    /// <summary>An unclear end was looked into.</summary>
    Settled,
}
