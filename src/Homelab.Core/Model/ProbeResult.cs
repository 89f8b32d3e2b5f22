namespace Homelab;

/// <summary>What a direct look at a service found. Only <see cref="ProbeStatus.Up"/> is a success: no answer and an odd answer are failures.</summary>
public sealed record ProbeResult : IVerdict
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

    /// <summary>The status of the HTTP answer; null where none came, or none was asked for.</summary>
    public int? HttpStatus { get; init; }

    /// <summary>Whole days until the certificate that was shown expires, less than 0 when it has; null where none was shown.</summary>
    public int? DaysLeft { get; init; }

    /// <summary>Whether the body holds the expected text; null where none is expected, or no body came.</summary>
    public bool? BodyMatch { get; init; }

    /// <summary>What a TCP port did; null where none was asked.</summary>
    public PortState? Port { get; init; }

    /// <summary>The first line that the server said by itself, where it was waited for; empty when it said nothing.</summary>
    public string Banner { get; init; } = "";

    bool IVerdict.IsGood => Status is ProbeStatus.Up;
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
