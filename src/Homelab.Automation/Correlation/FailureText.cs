namespace Homelab.Automation.Correlation;

/// <summary>What a failing check's own words say about how far it came. They are those of our probes and of the monitoring systems.</summary>
internal static class FailureText
{
    private static readonly string[] s_unresolved =
        ["cannot be resolved", "could not resolve", "ENOTFOUND", "EAI_AGAIN", "getaddrinfo", "name resolution", "Name or service not known", "NXDOMAIN", "SERVFAIL", "no such host", "queryA"];

    private static readonly string[] s_reached =
        ["HTTP ", "status code", "connection refused", "ECONNREFUSED", "connection reset", "ECONNRESET", "certificate", "TLS connection", "connection ended", "is no HTTP", "cannot reach", "exited", "unhealthy"];

    private static readonly string[] s_unroutable = ["no route", "EHOSTUNREACH", "ENETUNREACH", "is forbidden here"];

    private static readonly string[] s_silent = ["no answer", "timeout", "timed out", "ETIMEDOUT"];

    /// <summary>How far it came.</summary>
    internal static FailureReach Read(string text) =>
        // A resolver's own failure names the connection to the resolver, so it is looked for first.
        Has(text, s_unresolved) ? FailureReach.NoName
        : Has(text, s_reached) ? FailureReach.Reached
        : Has(text, s_unroutable) ? FailureReach.NoWay
        : Has(text, s_silent) ? FailureReach.NoAnswer
        : FailureReach.Unclear;

    /// <summary>Whether a failure of this text may come from what a soft need is about.</summary>
    internal static bool Fits(string text, NeedKind kind) => kind switch
    {
        NeedKind.Dns => Read(text) is FailureReach.NoName or FailureReach.NoAnswer,
        NeedKind.Vpn => Read(text) is FailureReach.NoWay or FailureReach.NoAnswer,
        _ => true,
    };

    // Case counts: an address holds "http", an answer is "HTTP 503".
    private static bool Has(string text, string[] signs) => Array.Exists(signs, s => text.Contains(s, StringComparison.Ordinal));
}

/// <summary>How far a check came before it failed.</summary>
internal enum FailureReach
{
    /// <summary>Its words do not tell.</summary>
    Unclear,

    /// <summary>Its name could not be resolved.</summary>
    NoName,

    /// <summary>There was no way to its address.</summary>
    NoWay,

    /// <summary>Nothing answered.</summary>
    NoAnswer,

    /// <summary>Something answered at its address, if only with a refusal.</summary>
    Reached,
}
