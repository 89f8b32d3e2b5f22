namespace Homelab;

/// <summary>What a name server answered. Only <see cref="ProbeStatus.Up"/> is a success.</summary>
public sealed record DnsReading
{
    /// <summary>The server that was asked: <c>address:port</c>.</summary>
    public required string Server { get; init; }

    /// <summary>The name that was asked for, in its ASCII form.</summary>
    public required string Name { get; init; }

    /// <summary>The record type.</summary>
    public required string Type { get; init; }

    /// <summary>Up when it answered with a record of the type, and with the expected one where one was expected.</summary>
    public required ProbeStatus Status { get; init; }

    /// <summary>Why, one line for people: the answers, <c>NXDOMAIN</c>, <c>no answer within 5s</c>.</summary>
    public required string Detail { get; init; }

    /// <summary>The server's response code: <c>NOERROR</c>, <c>NXDOMAIN</c>, <c>SERVFAIL</c>, …; empty when it did not answer.</summary>
    public string Rcode { get; init; } = "";

    /// <summary>The records of the type, as a zone file writes them: <c>10 mail.example.org</c>.</summary>
    public IReadOnlyList<string> Answers { get; init; } = [];

    /// <summary>From first byte sent to verdict.</summary>
    public TimeSpan Latency { get; init; }

    /// <summary><c>udp</c>, or <c>tcp</c> when the answer did not fit a datagram; empty when it did not answer.</summary>
    public string Via { get; init; } = "";
}
