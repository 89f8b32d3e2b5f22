namespace Homelab.Providers.Ssh;

/// <summary>What a <see cref="HostScript"/> told, by section.</summary>
internal sealed class HostSections
{
    private readonly Dictionary<string, string> _texts = new(StringComparer.Ordinal);

    private HostSections(string host, string error)
    {
        Host = host;
        Error = error;
    }

    /// <summary>The host as the lab file names it.</summary>
    internal string Host { get; }

    /// <summary>What was said aside.</summary>
    internal string Error { get; }

    /// <summary>Splits an answer at the lines that begin with the mark.</summary>
    internal static HostSections Split(string host, string output, string error, string mark)
    {
        var sections = new HostSections(host, error);
        foreach (var part in output.Split($"\n{mark} ").Skip(1))
        {
            var end = part.IndexOf('\n', StringComparison.Ordinal);
            if (end >= 0) sections._texts.TryAdd(part[..end], part[(end + 1)..]);
        }

        return sections;
    }

    /// <summary>A section; null when it was not told.</summary>
    internal string? Find(string name) => _texts.GetValueOrDefault(name);

    /// <summary>The first line of a section; empty when it was not told.</summary>
    internal string Line(string name) => Lines(name).FirstOrDefault("").Trim();

    /// <summary>The lines of a section that are not empty; none when it was not told.</summary>
    internal IReadOnlyList<string> Lines(string name) => Find(name)?.Split('\n', StringSplitOptions.RemoveEmptyEntries) ?? [];

    /// <summary>A section that must have been told.</summary>
    /// <exception cref="HomelabException"><c>HostAnswerUnreadable</c> (Failed).</exception>
    internal string Text(string name) => Find(name) is { } text && text.Trim().Length > 0 ? text : throw HostErrors.Unreadable(Host, $"nothing is said of '{name}'");
}
