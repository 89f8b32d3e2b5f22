namespace Homelab;

/// <summary>Whether a host is up, as an echo or a TCP port of it tells. Only <see cref="ProbeStatus.Up"/> is a success.</summary>
public sealed record HostReading : IVerdict
{
    /// <summary>The host as the lab file names it, or as it was given.</summary>
    public required string Host { get; init; }

    /// <summary>Its name or address that was asked.</summary>
    public required string Address { get; init; }

    /// <summary>Up when it answered at least once, Down when it did not, Unknown when it could not be asked, as when nobody knows its name.</summary>
    public required ProbeStatus Status { get; init; }

    /// <summary>What proved it: <c>icmp</c>, or <c>tcp:22</c> for a port that accepted or refused a connection; empty when nothing did.</summary>
    public string Via { get; init; } = "";

    /// <summary>How long an answer took, the mean of them; null when none came.</summary>
    public TimeSpan? Latency { get; init; }

    /// <summary>How long the fastest took.</summary>
    public TimeSpan? Min { get; init; }

    /// <summary>How long the slowest took.</summary>
    public TimeSpan? Max { get; init; }

    /// <summary>How often it was asked.</summary>
    public required int Sent { get; init; }

    /// <summary>How often it answered.</summary>
    public required int Received { get; init; }

    /// <summary>How much of what was sent was not answered, in percent.</summary>
    public double Loss => Sent == 0 ? 0 : 100.0 * (Sent - Received) / Sent;

    /// <summary>Why, one line for people: <c>echo from 10.0.0.5</c>, <c>port 22 refuses connections, so the host is up</c>, <c>no answer within 2s</c>.</summary>
    public required string Detail { get; init; }

    bool IVerdict.IsGood => Status is ProbeStatus.Up;

    /// <inheritdoc/>
    public override string ToString() => $"{Host}: {Status}";
}
