namespace Homelab.Providers.Network;

/// <summary>Tells whether two servers answer a question alike: the same code and the same records, in whatever order and for however long they may be kept.</summary>
internal static class DnsComparison
{
    private const int LongestShown = 120;

    /// <summary>Both readings, each with what it makes of the other.</summary>
    internal static (DnsReading First, DnsReading Second) Of(DnsReading first, DnsReading second)
    {
        // Who did not answer agrees with nobody.
        var agrees = first.Rcode.Length > 0 && first.Rcode == second.Rcode && Set(first).SetEquals(Set(second));
        return (Tell(first, second, agrees), Tell(second, first, agrees));
    }

    private static DnsReading Tell(DnsReading reading, DnsReading other, bool agrees) => reading with
    {
        Agrees = agrees,
        Detail = $"{reading.Detail}; {(agrees ? "the same as" : "differs from")} {other.Server}{(agrees ? "" : $", which says {ForeignText.Clean(other.Detail, LongestShown)}")}",
    };

    // Names mean the same in capitals; texts do not, and two servers that differ by no more than that are worth a look.
    private static HashSet<string> Set(DnsReading reading) => reading.Type is "TXT" or "SPF" ? [.. reading.Answers] : reading.Answers.ToHashSet(StringComparer.OrdinalIgnoreCase);
}
