using System.Collections.Concurrent;

namespace Homelab.Providers.Docker;

/// <summary>Which compose a host has: the plugin of docker, or the older program of its own.</summary>
/// <param name="Kind">As the scripts take it: <c>plugin</c>, <c>program</c>.</param>
/// <param name="Version">Its version.</param>
internal sealed record ComposeProgram(string Kind, string Version)
{
    internal const string Plugin = "plugin";
    private const string Program = "program";
    private const int ShownLength = 40;

    /// <summary>What begins everything in the background.</summary>
    internal static IReadOnlyList<string> Up { get; } = ["up", "-d"];

    /// <summary>What takes everything away but the volumes.</summary>
    internal static IReadOnlyList<string> Down { get; } = ["down", "--remove-orphans"];

    /// <summary>The project as compose names it where nobody says: the folder's name, in small letters, without what is neither letter, digit, hyphen nor underscore.</summary>
    internal static string ProjectOf(string folder) =>
        string.Concat(folder.TrimEnd('/').Split('/')[^1].ToLowerInvariant().Where(static c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c is '-' or '_')).TrimStart('-', '_');

    /// <summary>Reads what a host says of its compose; null where it has none.</summary>
    internal static ComposeProgram? Read(string line) => line.Split(' ', 2) switch
    {
        [Plugin or Program, { Length: > 0 } version] words => new ComposeProgram(words[0], ForeignText.Clean(version, ShownLength)),
        _ => null,
    };

    /// <inheritdoc/>
    public override string ToString() => $"{(Kind == Plugin ? "docker compose" : "docker-compose")} {Version}";
}

/// <summary>Which compose each host has, asked once.</summary>
internal sealed class ComposePrograms
{
    // The plugin comes first: the older program is there on many hosts only because nobody has removed it.
    private static readonly StackScript s_look = new("""
        s compose
        if v=$(docker compose version --short 2>/dev/null) && [ -n "$v" ]; then printf 'plugin %s\n' "$v"
        elif v=$(docker-compose version --short 2>/dev/null) && [ -n "$v" ]; then printf 'program %s\n' "$v"
        fi
        """);

    private readonly ConcurrentDictionary<string, ComposeProgram> _known = new(StringComparer.OrdinalIgnoreCase);

    /// <exception cref="HomelabException"><c>ComposeNotFound</c> (Failed).</exception>
    internal async Task<ComposeProgram> OfAsync(IStackShell shell, StackPlace place, CancellationToken cancellationToken)
    {
        if (_known.TryGetValue(place.Host, out var known)) return known;
        var sections = await s_look.RunAsync(shell, place, "", new StackWish(), cancellationToken).ConfigureAwait(false);
        if (sections.Find("compose") is null) throw StackErrors.NoFolder(place);
        // One that is missing may be installed: only what was found is remembered.
        return ComposeProgram.Read(sections.Line("compose")) is { } found ? _known.GetOrAdd(place.Host, found) : throw StackErrors.NoCompose(place);
    }
}
