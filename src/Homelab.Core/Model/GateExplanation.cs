namespace Homelab;

/// <summary>What the gate would decide about one call, and why.</summary>
public sealed record GateExplanation
{
    /// <summary>The operation's name.</summary>
    public required string Operation { get; init; }

    /// <summary>What it would do: <c>Restart container</c>.</summary>
    public required string Action { get; init; }

    /// <summary>The target's key: <c>container:gitea@dev</c>.</summary>
    public required string Target { get; init; }

    /// <summary>Who would ask: <c>mcp:claude</c>.</summary>
    public required string Caller { get; init; }

    /// <summary>What the call needs.</summary>
    public required Requirement Verdict { get; init; }

    /// <summary>Every rule that spoke, in the order they were asked.</summary>
    public required IReadOnlyList<Finding> Findings { get; init; }

    /// <inheritdoc/>
    public override string ToString() => $"{Operation} {Target}: {Verdict}";
}
