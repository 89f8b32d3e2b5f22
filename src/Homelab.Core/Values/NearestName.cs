namespace Homelab;

/// <summary>Finds what somebody probably meant, for error messages: <c>did you mean 'container'?</c></summary>
public static class NearestName
{
    /// <summary>The closest candidate, or null when none is close enough to be a likely typing slip.</summary>
    public static string? Of(string typed, IEnumerable<string> candidates)
    {
        ArgumentNullException.ThrowIfNull(typed);
        ArgumentNullException.ThrowIfNull(candidates);
        var allowed = Math.Max(1, Math.Min(typed.Length, 12) / 3);
        return candidates
            .Select(candidate => (Name: candidate, Distance: Distance(typed, candidate, allowed + 1)))
            .Where(c => c.Distance <= allowed)
            .OrderBy(c => c.Distance)
            .ThenBy(c => c.Name, StringComparer.Ordinal)
            .Select(c => c.Name)
            .FirstOrDefault();
    }

    /// <summary>A sentence that names the nearest candidate, else lists them all (at most ten).</summary>
    public static string Hint(string typed, IReadOnlyCollection<string> candidates)
    {
        ArgumentNullException.ThrowIfNull(candidates);
        if (Of(typed, candidates) is { } nearest) return $"Did you mean '{nearest}'?";
        if (candidates.Count == 0) return "There are none here.";
        var shown = string.Join(", ", candidates.Order(StringComparer.Ordinal).Take(10));
        return candidates.Count > 10 ? $"Known are {shown}, …" : $"Known are {shown}.";
    }

    // Levenshtein, with two swapped neighbours as one slip; three rows. Texts are names, and a hostile length is cut before it costs anything.
    private static int Distance(string a, string b, int limit)
    {
        if (Math.Abs(a.Length - b.Length) > limit) return limit + 1;
        var before = new int[b.Length + 1];
        var previous = new int[b.Length + 1];
        var current = new int[b.Length + 1];
        for (var j = 0; j <= b.Length; j++) previous[j] = j;
        for (var i = 1; i <= a.Length; i++)
        {
            current[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                current[j] = Math.Min(Math.Min(current[j - 1], previous[j]) + 1, previous[j - 1] + (Same(a[i - 1], b[j - 1]) ? 0 : 1));
                if (i > 1 && j > 1 && Same(a[i - 1], b[j - 2]) && Same(a[i - 2], b[j - 1])) current[j] = Math.Min(current[j], before[j - 2] + 1);
            }

            (before, previous, current) = (previous, current, before);
        }

        return previous[b.Length];
    }

    private static bool Same(char a, char b) => char.ToUpperInvariant(a) == char.ToUpperInvariant(b);
}
