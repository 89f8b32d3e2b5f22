namespace Homelab.Lab.Dns;

/// <summary>What is wrong with a simulated name server.</summary>
public enum DnsFault
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>It answers REFUSED.</summary>
    Refuse,

    /// <summary>It answers SERVFAIL.</summary>
    ServFail,

    /// <summary>It takes questions and never answers.</summary>
    Silence,

    /// <summary>It answers 192.0.2.66 for every address, as a captive portal does.</summary>
    WrongAnswer,

    /// <summary>Over UDP every answer is cut off and has to be fetched over TCP.</summary>
    Truncated,

    /// <summary>Like <see cref="Truncated"/>, and over TCP it hangs up.</summary>
    TruncatedWithoutTcp,

    /// <summary>It answers bytes that are no DNS.</summary>
    Garbage,

    /// <summary>Before every answer it sends one with a wrong id and a wrong address, as somebody does who guesses.</summary>
    Spoofed,

    /// <summary>It does not know EDNS, and calls it a mistake.</summary>
    WithoutEdns,

    /// <summary>It does not answer the first datagram of each three.</summary>
    Lossy,
}
