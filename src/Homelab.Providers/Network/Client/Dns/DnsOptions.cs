namespace Homelab.Providers.Network;

/// <summary>What the record OPT of an answer says. RFC 6891 for EDNS, RFC 8914 for errors that explain themselves.</summary>
/// <param name="UpperCode">The upper bits of the response code.</param>
/// <param name="Error">Why the server could not answer, in its words: <c>6 DNSSEC Bogus: no signature</c>; empty when it does not say.</param>
internal sealed record DnsOptions(byte UpperCode, string Error)
{
    // RFC 8914 §4, and what IANA has registered since.
    private static readonly string[] s_errors =
    [
        "Other Error", "Unsupported DNSKEY Algorithm", "Unsupported DS Digest Type", "Stale Answer", "Forged Answer", "DNSSEC Indeterminate", "DNSSEC Bogus", "Signature Expired", "Signature Not Yet Valid",
        "DNSKEY Missing", "RRSIGs Missing", "No Zone Key Bit Set", "NSEC Missing", "Cached Error", "Not Ready", "Blocked", "Censored", "Filtered", "Prohibited", "Stale NXDOMAIN Answer", "Not Authoritative", "Not Supported",
        "No Reachable Authority", "Network Error", "Invalid Data", "Signature Expired before Valid", "Too Early", "Unsupported NSEC3 Iterations Value", "Unable to conform to policy", "Synthesized",
    ];

    /// <summary>An error by its number, with what the server adds.</summary>
    internal static string Describe(ushort code, string text)
    {
        var name = code < s_errors.Length ? $"{code} {s_errors[code]}" : code.ToString(System.Globalization.CultureInfo.InvariantCulture);
        return text.Length > 0 ? $"{name}: {text}" : name;
    }
}
