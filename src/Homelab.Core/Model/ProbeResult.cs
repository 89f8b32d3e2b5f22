namespace Homelab;

/// <summary>What a direct look at a service found. Only <see cref="ProbeStatus.Up"/> is a success: no answer and an odd answer are failures.</summary>
public sealed record ProbeResult
{
    /// <summary>What was probed, as the lab file names it or as it was given.</summary>
    public required string Name { get; init; }

    /// <summary>The kind of probe: <c>http</c>, <c>tcp</c>, <c>dns</c>, <c>tls</c>.</summary>
    public required string Kind { get; init; }

    /// <summary>The address that was asked.</summary>
    public required string Address { get; init; }

    /// <summary>The verdict.</summary>
    public required ProbeStatus Status { get; init; }

    /// <summary>Why: <c>HTTP 200</c>, <c>connection refused</c>, <c>NXDOMAIN</c>. One line, for people.</summary>
    public required string Detail { get; init; }

    /// <summary>From first byte sent to verdict.</summary>
    public TimeSpan Latency { get; init; }
}

/// <summary>The verdict of a probe.</summary>
public enum ProbeStatus
{
    /// <summary>It could not be asked, or its answer could not be read. Counts as down.</summary>
    Unknown,

    /// <summary>It answered, and the answer is the expected one.</summary>
    Up,

    /// <summary>It refused, timed out, or answered something else.</summary>
    Down,
}
