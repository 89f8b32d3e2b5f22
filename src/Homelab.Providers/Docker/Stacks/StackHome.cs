using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace Homelab.Providers.Docker;

/// <summary>A stack's folder as it is: its compose file, what is put over it, and what is beside it. Its <c>.env</c> is asked for two settings of compose, and for nothing else.</summary>
internal sealed record StackHome
{
    /// <summary>The largest file that is read or written.</summary>
    internal const int Largest = 256 * 1024;

    /// <summary>A new stack's file.</summary>
    internal const string NewName = "compose.yaml";

    private static readonly StackScript s_there = new("s there") { AsRoot = true };

    private static readonly StackScript s_read = new("""
        s here; printf '%s\n' "$here"
        s settings; [ -f .env ] && sed -n -e 's/^[[:space:]]*COMPOSE_FILE=.*/file/p' -e 's/^[[:space:]]*COMPOSE_PROJECT_NAME=/project /p' .env
        [ -n "$main" ] || { s nofile; quit; }
        for n in $main $over; do
          [ -r "$n" ] || { s denied; printf '%s\n' "$n"; quit; }
          [ "$(wc -c <"$n")" -le "$1" ] || { s large; printf '%s\n' "$n"; quit; }
        done
        s name; printf '%s\n' "$main"
        s others; printf '%s\n' $others
        s over; printf '%s\n' "$over"
        s link; [ -L "$main" ] && echo yes
        s backups; for b in "$main".*.bak; do [ -f "$b" ] && printf '%s\n' "$b"; done
        s text; base64 <"$main"
        s more; [ -n "$over" ] && base64 <"$over"
        """)
    { AsRoot = true };

    /// <summary>Where it is, links followed.</summary>
    internal required string Folder { get; init; }

    /// <summary>The compose file's name; null where there is none.</summary>
    internal string? Name { get; init; }

    /// <summary>What the file holds.</summary>
    internal ReadOnlyMemory<byte> Bytes { get; init; }

    /// <summary>What is put over it; null where there is none.</summary>
    internal string? Override { get; init; }

    /// <summary>What that holds.</summary>
    internal ReadOnlyMemory<byte> OverrideBytes { get; init; }

    /// <summary>Other compose files beside it.</summary>
    internal IReadOnlyList<string> Others { get; init; } = [];

    /// <summary>The backups of it.</summary>
    internal IReadOnlyList<string> Backups { get; init; } = [];

    /// <summary>True where the file is a link to another one in the folder.</summary>
    internal bool IsLink { get; init; }

    /// <summary>The project that its <c>.env</c> names; null where it names none.</summary>
    internal string? EnvironmentProject { get; init; }

    /// <summary>The hash of the file; null where there is none.</summary>
    internal string? Hash => Name is null ? null : HashOf(Bytes.Span);

    /// <summary>The hash of the file with what is put over it: what compose will take.</summary>
    internal string WholeHash => HashOf([.. Bytes.Span, .. OverrideBytes.Span]);

    internal string Text => Encoding.UTF8.GetString(Bytes.Span);

    internal static string HashOf(ReadOnlySpan<byte> bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));

    /// <summary>Whether the folder is there.</summary>
    internal static async Task<bool> IsThereAsync(IStackShell shell, StackPlace place, CancellationToken cancellationToken) =>
        (await s_there.RunAsync(shell, place, "", new StackWish(), cancellationToken).ConfigureAwait(false)).Find("there") is not null;

    /// <summary>Reads it.</summary>
    /// <exception cref="HomelabException"><c>StackNotFound</c> (NotFound), <c>StackFileTooLarge</c> (Invalid), <c>StackFilesElsewhere</c> (Conflict), and what <see cref="StackScript.RunAsync"/> throws.</exception>
    internal static async Task<StackHome> ReadAsync(IStackShell shell, StackPlace place, CancellationToken cancellationToken)
    {
        var told = await s_read.RunAsync(shell, place, "", new StackWish(Largest.ToString(CultureInfo.InvariantCulture)), cancellationToken).ConfigureAwait(false);
        if (told.Find("here") is null) throw StackErrors.NoFolder(place);
        if (told.Find("denied") is { } denied) throw StackErrors.Make(ErrorKind.Denied, "StackFileDenied", $"The account on {place.Host} may not read {denied.Trim()} of stack {place}.", $"Let it, or set hosts.{place.Host}.ssh.sudo in the lab file.", place);
        if (told.Find("large") is { } large) throw StackErrors.Make(ErrorKind.Invalid, "StackFileTooLarge", $"{large.Trim()} of stack {place} is larger than {ByteSize.Format(Largest)}.", "Look at it by hand: compose files are not as large as that.", place);
        var settings = told.Lines("settings");
        // Which files those would be is for compose to say, and they may lie anywhere.
        if (settings.Contains("file", StringComparer.Ordinal)) throw StackErrors.Make(ErrorKind.Conflict, "StackFilesElsewhere", $"The .env of stack {place} names its compose files by COMPOSE_FILE, and only those that compose finds by itself are read.", "Take COMPOSE_FILE out of it, or handle this stack by hand.", place);
        var home = new StackHome
        {
            Folder = told.Line("here"),
            EnvironmentProject = settings.LastOrDefault(static l => l.StartsWith("project ", StringComparison.Ordinal)) is { } project ? ForeignText.Clean(project["project ".Length..].Trim().Trim('"', '\''), 100) : null,
        };
        if (told.Find("nofile") is not null) return home;
        try
        {
            return home with
            {
                Name = told.Line("name"),
                Others = told.Lines("others"),
                Override = told.Line("over") is { Length: > 0 } over ? over : null,
                IsLink = told.Line("link") == "yes",
                Backups = [.. told.Lines("backups").Select(static b => ForeignText.Clean(b, 200))],
                Bytes = Convert.FromBase64String(told.Find("text") ?? ""),
                OverrideBytes = Convert.FromBase64String(told.Find("more") ?? ""),
            };
        }
        catch (FormatException)
        {
            throw StackErrors.Make(ErrorKind.Failed, "StackAnswerUnreadable", $"The compose file of stack {place} could not be read whole{(told.Error.Length == 0 ? "" : ": " + DockerErrors.Shown(told.Error).TrimEnd('.'))}.", $"Look whether the account on {place.Host} may read it, and whether base64 is there.", place);
        }
    }

    /// <summary>What its files say.</summary>
    /// <exception cref="HomelabException"><c>StackFileNotFound</c> (NotFound); <c>StackFileInvalid</c> (Invalid), with the line.</exception>
    internal ComposeReading Understand(StackPlace place, IYamlReader yaml)
    {
        if (Name is null) throw StackErrors.NoFile(place);
        var files = new List<JsonObject> { Document(place, yaml, Name, Bytes) };
        if (Override is { } over) files.Add(Document(place, yaml, over, OverrideBytes));
        return ComposeReading.Of(files);
    }

    /// <summary>The project by which compose knows it.</summary>
    internal string ProjectOf(StackPlace place, ComposeReading reading) => place.Project ?? EnvironmentProject ?? reading.Project ?? ComposeProgram.ProjectOf(Folder);

    private static JsonObject Document(StackPlace place, IYamlReader yaml, string file, ReadOnlyMemory<byte> bytes)
    {
        var reading = yaml.Read(Encoding.UTF8.GetString(bytes.Span));
        if (reading.Problem is { } problem) throw StackErrors.Unreadable(place, file, problem, reading.Line);
        return reading.Document is null ? [] : reading.Document as JsonObject ?? throw StackErrors.Unreadable(place, file, "is no mapping", 1);
    }
}
