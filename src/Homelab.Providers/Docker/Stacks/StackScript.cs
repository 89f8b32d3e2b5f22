using System.Globalization;
using System.Security.Cryptography;

namespace Homelab.Providers.Docker;

/// <summary>
/// A fixed shell script in the folder of a stack, for GNU and busybox. What differs from call to call goes as words or as input, never into its text. Each thing that it tells is a
/// section under a mark that nobody can foresee.
/// </summary>
/// <param name="body">Shell. <c>s name</c> begins a section, <c>quit</c> ends well, <c>inside file</c> asks whether a file lies in the folder, <c>c</c> is compose.</param>
internal sealed class StackScript(string body)
{
    private const int MarkBytes = 12;

    // The first of each list is what compose itself takes.
    private const string Begin = """
        LC_ALL=C; COMPOSE_ANSI=never; COMPOSE_PROGRESS=plain; export LC_ALL COMPOSE_ANSI COMPOSE_PROGRESS; unset CDPATH
        m=$1; folder=$2; root=$3; kind=$4; shift 4
        s() { printf '\n%s %s\n' "$m" "$1"; }
        quit() { s end; exit 0; }
        inside() { r=$(readlink -f "$1") && [ -f "$r" ] && case "$r" in "$here"/*) true ;; *) false ;; esac; }
        c() { if [ "$kind" = plugin ]; then docker compose "$@"; else docker-compose "$@"; fi; }
        if [ -n "$root" ]; then base=$(cd -P -- "$root" 2>/dev/null && pwd -P) || { s noroot; quit; }; fi
        cd -P -- "$folder" 2>/dev/null || { s nofolder; quit; }
        here=$(pwd -P)
        if [ -n "$root" ] && [ "${here%/*}" != "${base%/}" ]; then s outside; printf '%s\n' "$here"; quit; fi
        main=; others=; over=
        for n in compose.yaml compose.yml docker-compose.yml docker-compose.yaml; do
          [ -e "$n" ] || [ -L "$n" ] || continue
          if [ -z "$main" ]; then main=$n; else others="$others $n"; fi
        done
        for n in compose.override.yml compose.override.yaml docker-compose.override.yml docker-compose.override.yaml; do
          if [ -e "$n" ] || [ -L "$n" ]; then over=$n; break; fi
        done
        for n in $main $over; do inside "$n" || { s astray; printf '%s\n' "$n"; quit; }; done

        """;

    private const string End = "\nquit\n";

    // A checkout may have given the lines other ends.
    private readonly string _text = (Begin + body + End).ReplaceLineEndings("\n");

    /// <summary>How long it may take, where the caller does not say.</summary>
    internal TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>True for what the account may not be allowed to: it goes through <c>sudo -n</c> where the host's <c>ssh.sudo</c> says so.</summary>
    internal bool AsRoot { get; init; }

    /// <summary>Runs it, and takes only an answer that is whole.</summary>
    /// <exception cref="HomelabException">As of <see cref="IRemoteHosts.RunAsync"/>; <c>StackAnswerUnreadable</c>, <c>StackAstray</c> (Failed), <c>StackNotFound</c> (NotFound).</exception>
    internal async Task<StackSections> RunAsync(IStackShell shell, StackPlace place, string kind, StackWish wish, CancellationToken cancellationToken)
    {
        var mark = RandomNumberGenerator.GetHexString(MarkBytes * 2, lowercase: true);
        var command = RemoteCommand.Of(["sh", "-c", _text, "homelab", mark, place.Folder, place.Root ?? "", kind, .. wish.Words]) with
        {
            Input = wish.Input,
            Timeout = wish.Timeout ?? Timeout,
            MaxOutput = 8 * 1024 * 1024,
            AsRoot = AsRoot,
        };
        var result = await shell.RunAsync(command, cancellationToken).ConfigureAwait(false);
        var sections = StackSections.Split(result, mark);
        if (sections.Find("end") is null)
        {
            throw StackErrors.Make(
                ErrorKind.Failed, "StackAnswerUnreadable", string.Create(CultureInfo.InvariantCulture, $"What {place.Host} told of stack {place.Name} ended in the middle with exit code {result.ExitCode}: {DockerErrors.Shown(result.Error).TrimEnd('.')}."), $"Log in there and look whether it has sh, and whether its account may use {place.Folder}.", place, nothingHappened: false);
        }

        if (sections.Find("outside") is { } real) throw StackErrors.Astray(place, $"{place.Folder} leads to {DockerErrors.Shown(real)}, which lies outside of {place.Root}");
        if (sections.Find("astray") is { } file) throw StackErrors.Astray(place, $"{DockerErrors.Shown(file)} in it is no file within it");
        return sections;
    }
}

/// <summary>What a script is given.</summary>
/// <param name="Words">Its words.</param>
internal sealed record StackWish(params IReadOnlyList<string> Words)
{
    /// <summary>Its input; none when null.</summary>
    internal ReadOnlyMemory<byte>? Input { get; init; }

    /// <summary>How long it may take; its own limit when null.</summary>
    internal TimeSpan? Timeout { get; init; }
}

/// <summary>What a script told, by section.</summary>
internal sealed class StackSections
{
    private readonly Dictionary<string, string> _texts = new(StringComparer.Ordinal);

    private StackSections(string error) => Error = error;

    /// <summary>What was said aside.</summary>
    internal string Error { get; }

    internal static StackSections Split(RemoteResult result, string mark)
    {
        var sections = new StackSections(result.Error);
        foreach (var part in result.Output.Split($"\n{mark} ").Skip(1))
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
}
