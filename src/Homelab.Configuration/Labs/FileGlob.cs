namespace Homelab.Configuration;

/// <summary>Finds files by a relative pattern with <c>*</c> and <c>?</c> in any part of it.</summary>
internal static class FileGlob
{
    private static readonly EnumerationOptions s_plain = new() { IgnoreInaccessible = true, MatchType = MatchType.Simple };

    /// <summary>The files, in the order of their names.</summary>
    internal static IReadOnlyList<string> Expand(string folder, string pattern)
    {
        var parts = pattern.Split('/', StringSplitOptions.RemoveEmptyEntries);
        IEnumerable<string> folders = [folder];
        foreach (var part in parts[..^1])
        {
            folders = Wildcard.IsPattern(part)
                ? [.. folders.Where(Exists).SelectMany(f => Below(f, part, Directory.EnumerateDirectories))]
                : [.. folders.Select(f => Path.Join(f, part))];
        }

        return [.. folders.Where(Exists).SelectMany(f => Below(f, parts[^1], Directory.EnumerateFiles)).Order(StringComparer.Ordinal)];
    }

    /// <summary>A hint at the file that was probably meant.</summary>
    internal static string Hint(string file)
    {
        var folder = Path.GetDirectoryName(file) ?? "";
        if (!Exists(folder)) return "Check the path; its folder does not exist either.";
        var names = Directory.EnumerateFiles(OrHere(folder), "*", s_plain).Select(static f => Path.GetFileName(f)!);
        return NearestName.Of(Path.GetFileName(file), names) is { } nearest ? $"Did you mean '{nearest}'?" : "Paths are relative to the file that includes.";
    }

    private static IEnumerable<string> Below(string folder, string pattern, Func<string, string, EnumerationOptions, IEnumerable<string>> list) =>
        from path in list(OrHere(folder), "*", s_plain)
        let name = Path.GetFileName(path)
        where Wildcard.Matches(pattern, name)
        select Path.Join(folder, name);

    private static bool Exists(string folder) => Directory.Exists(OrHere(folder));

    private static string OrHere(string folder) => folder.Length == 0 ? "." : folder;
}
