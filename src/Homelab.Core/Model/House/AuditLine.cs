namespace Homelab;

/// <summary>One line of the audit without its hashes, which say something only about the whole chain.</summary>
public sealed record AuditLine
{
    /// <summary>Position in the chain.</summary>
    public required long Sequence { get; init; }

    /// <summary>When, UTC.</summary>
    public required DateTimeOffset Time { get; init; }

    /// <summary>What the line is about.</summary>
    public required AuditKind Kind { get; init; }

    /// <summary>Who, and by which way: <c>mcp:claude</c>.</summary>
    public required string By { get; init; }

    /// <summary>The operation's name.</summary>
    public required string Operation { get; init; }

    /// <summary>The target's key.</summary>
    public required string Target { get; init; }

    /// <summary>What was decided and why.</summary>
    public string Decision { get; init; } = "";

    /// <summary>How it ended.</summary>
    public string Result { get; init; } = "";

    /// <summary>The error, where there is one.</summary>
    public string Error { get; init; } = "";

    /// <summary>How long it took, where it ended.</summary>
    public TimeSpan? Elapsed { get; init; }

    /// <summary>The incident on whose behalf it was done.</summary>
    public string Incident { get; init; } = "";

    /// <summary>The run on whose behalf it was done.</summary>
    public string Run { get; init; } = "";

    /// <summary>The approval concerned.</summary>
    public string Approval { get; init; } = "";

    /// <summary>The line of an entry.</summary>
    public static AuditLine Of(AuditEntry entry)
    {
        ArgumentNullException.ThrowIfNull(entry);
        return new AuditLine
        {
            Sequence = entry.Sequence,
            Time = entry.Time,
            Kind = entry.Kind,
            By = $"{entry.Trigger}:{entry.Identity}",
            Operation = entry.Operation,
            Target = entry.Target,
            Decision = entry.Decision,
            Result = entry.Result,
            Error = entry.Error,
            Elapsed = entry.Elapsed,
            Incident = entry.Incident,
            Run = entry.Run,
            Approval = entry.Approval,
        };
    }
}
