namespace Homelab;

/// <summary>What can be told from the names that people give their alerts: <c>HighMemory</c>, <c>disk_space_usage</c>, <c>NodeFilesystemSpaceFillingUp</c>.</summary>
/// <remarks><c>docs/alerts.md</c> has this table.</remarks>
public static class AlertWords
{
    private static readonly string[] s_memory = ["memory", "mem", "ram", "swap"];
    private static readonly string[] s_cpu = ["cpu", "load", "load1", "load5", "load15"];
    private static readonly string[] s_disk = ["disk", "filesystem", "volume", "storage", "inode", "inodes"];
    private static readonly string[] s_certificate = ["certificate", "cert", "ssl", "tls"];

    // A disk that is slow or broken is no disk that fills up.
    private static readonly string[] s_filling = ["space", "full", "fill", "filling", "usage", "used", "low", "free", "out", "pressure", "inode", "inodes"];

    private static readonly string[] s_failing = ["fail", "failed", "failure", "failing", "down", "absent", "missing", "error", "errors", "smart", "raid", "temperature"];

    /// <summary>What runs short, by the alert's name: <c>memory</c>, <c>disk</c> or <c>cpu</c>; null when it names none, or names a failure.</summary>
    public static string? Resource(string name)
    {
        var words = Words(name);
        if (words.Overlaps(s_failing)) return null;
        if (words.Overlaps(s_disk) && words.Overlaps(s_filling)) return "disk";
        if (words.Overlaps(s_memory)) return "memory";
        return words.Overlaps(s_cpu) ? "cpu" : null;
    }

    /// <summary>True for the name of an alert about a certificate that expires.</summary>
    public static bool IsCertificate(string name)
    {
        var words = Words(name);
        return words.Overlaps(s_certificate) && words.Any(static w => w.StartsWith("expir", StringComparison.Ordinal));
    }

    // Words end at signs, and where a capital letter follows a small one: HostOutOfDiskSpace, disk_space_usage, SSLCertExpiringSoon.
    private static HashSet<string> Words(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        var words = new HashSet<string>(StringComparer.Ordinal);
        var start = 0;
        for (var i = 0; i <= name.Length; i++)
        {
            var ends = i == name.Length || !char.IsAsciiLetterOrDigit(name[i]);
            var begins = i > start && i < name.Length && char.IsAsciiLetterUpper(name[i]) && (!char.IsAsciiLetterUpper(name[i - 1]) || (i + 1 < name.Length && char.IsAsciiLetterLower(name[i + 1])));
            if (!ends && !begins) continue;
            if (i > start) words.Add(name[start..i].ToLowerInvariant());
            start = ends ? i + 1 : i;
        }

        return words;
    }
}
