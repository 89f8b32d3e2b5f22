using System.Globalization;

namespace Homelab.Providers.Ssh;

/// <summary>Times as hosts write them for programs: seconds since 1970.</summary>
internal static class EpochText
{
    // The last second of the year 9999.
    private const long Latest = 253_402_300_799;

    internal static bool TryRead(ReadOnlySpan<char> text, out DateTimeOffset time)
    {
        time = default;
        if (!long.TryParse(text.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) || seconds > Latest) return false;
        time = DateTimeOffset.FromUnixTimeSeconds(seconds);
        return true;
    }
}
