namespace Homelab;

/// <summary>What a name server answered. Only <see cref="ProbeStatus.Up"/> is a success.</summary>
public sealed record DnsReading : IVerdict
{
    /// <summary>The server that was asked: <c>address:port</c>.</summary>
    public required string Server { get; init; }

    /// <summary>The name that was asked for, in its ASCII form.</summary>
    public required string Name { get; init; }

    /// <summary>The record type, or its number as <c>TYPE65</c>.</summary>
    public required string Type { get; init; }

    /// <summary>Up when it answered with a record of the type, and with the expected one where one was expected.</summary>
    public required ProbeStatus Status { get; init; }

    /// <summary>Why, one line for people: the answers, <c>NXDOMAIN</c>, <c>no answer within 5s</c>.</summary>
    public required string Detail { get; init; }

    /// <summary><c>external</c> or <c>internal</c> for a name of the lab file; empty for any other.</summary>
    public string Scope { get; init; } = "";

    /// <summary>The server's response code: <c>NOERROR</c>, <c>NXDOMAIN</c>, <c>SERVFAIL</c>, …; empty when it did not answer.</summary>
    public string Rcode { get; init; } = "";

    /// <summary>Why the server could not answer well, in its own words (EDE): <c>6 DNSSEC Bogus: no signature</c>; empty when it does not say.</summary>
    public string ServerError { get; init; } = "";

    /// <summary>The records of the type, as a zone file writes them: <c>10 mail.example.org</c>.</summary>
    public IReadOnlyList<string> Answers { get; init; } = [];

    /// <summary>The whole answer, with the aliases on the way and the signatures.</summary>
    public IReadOnlyList<DnsAnswer> Records { get; init; } = [];

    /// <summary>For how long the answers may be kept, the shortest of them; null without one.</summary>
    public TimeSpan? TimeToLive { get; init; }

    /// <summary>True when the server keeps the zone itself (AA).</summary>
    public bool Authoritative { get; init; }

    /// <summary>True when the server has checked the signatures of all that it answers (AD). Says nothing where Dnssec was not asked for.</summary>
    public bool Authentic { get; init; }

    /// <summary>True when the answer did not fit a datagram and was asked for again over TCP (TC).</summary>
    public bool Truncated { get; init; }

    /// <summary>True when the server asks others for what it does not know (RA).</summary>
    public bool RecursionAvailable { get; init; }

    /// <summary>Whether the server that it was compared with answers the same; null where none was.</summary>
    public bool? Agrees { get; init; }

    /// <summary>From first byte sent to verdict.</summary>
    public TimeSpan Latency { get; init; }

    /// <summary><c>udp</c>, or <c>tcp</c> when it was asked over that, or the answer did not fit a datagram; empty when it did not answer.</summary>
    public string Via { get; init; } = "";

    bool IVerdict.IsGood => Status is ProbeStatus.Up && Agrees is not false;
}
