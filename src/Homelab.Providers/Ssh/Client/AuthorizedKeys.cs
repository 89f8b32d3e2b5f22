using System.Globalization;

namespace Homelab.Providers.Ssh;

/// <summary>The file <c>~/.ssh/authorized_keys</c> of the account that is logged in to. Only the lines about one key are touched; the others keep every byte.</summary>
/// <param name="hosts">How to log in.</param>
/// <param name="host">The host as the lab file names it.</param>
internal sealed class AuthorizedKeys(SshHosts hosts, string host)
{
    private const int ChangedMeanwhile = 75;
    private const int Largest = 4 * 1024 * 1024;

    // The sum of what was read, by which the other script knows that it is still that.
    private const string Reader = "cd || exit 1; f=.ssh/authorized_keys; [ -e $f ] || exit 0; cksum <$f && cat $f";

    // Takes the sum, the new line, and sed's own words for the lines that go. A file that is a link stays one. What fails leaves the old file.
    private const string Writer = """
        umask 077; cd && mkdir -p .ssh || exit 1
        f=.ssh/authorized_keys; if [ -h $f ]; then f=$(readlink -f $f) || exit 1; fi
        t=$f.homelab.$$; trap 'rm -f "$t"' 0; trap 'exit 1' 1 2 15
        s=; if [ -e "$f" ]; then s=$(cksum <"$f") || exit 1; fi
        [ "$s" = "$1" ] || exit 75
        : >"$t" || exit 1
        if [ -n "$s" ]; then sed "$3" "$f" >"$t" || exit 1; fi
        if [ -n "$(tail -c 1 "$t")" ]; then echo >>"$t" || exit 1; fi
        printf '%s\n' "$2" >>"$t" && mv -f "$t" "$f"
        """;

    /// <summary>What it says of a key.</summary>
    /// <exception cref="HomelabException">What <see cref="IRemoteHosts.RunAsync"/> throws; <c>AuthorizedKeysUnreadable</c> (Failed).</exception>
    internal async Task<AuthorizedLines> FindAsync(PublicKey key, CancellationToken cancellationToken)
    {
        var look = RemoteCommand.Of("sh", "-c", Reader) with { MaxOutput = Largest };
        var seen = await hosts.RunAsync(host, look, cancellationToken).ConfigureAwait(false);
        if (seen.ExitCode != 0 || seen.Truncated) throw Failed("AuthorizedKeysUnreadable", "cannot be read", seen.Truncated ? $"it is larger than {Largest} bytes" : seen.Error);
        var lines = seen.Output.Split('\n');
        var found = lines.Skip(1).Select((text, index) => (Number: index + 1, Options: OptionsOf(text, key))).Where(static l => l.Options is not null).Select(static l => (l.Number, l.Options!));
        return new AuthorizedLines(lines[0], [.. found]);
    }

    /// <summary>Writes one line in place of those that were found.</summary>
    /// <exception cref="HomelabException">As above, and <c>AuthorizedKeysChanged</c> (Conflict): somebody else wrote it meanwhile.</exception>
    internal async Task WriteAsync(AuthorizedLines found, string line, CancellationToken cancellationToken)
    {
        var drop = string.Join(';', found.Lines.Select(static l => string.Create(CultureInfo.InvariantCulture, $"{l.Number}d")));
        var ended = await hosts.RunAsync(host, RemoteCommand.Of("sh", "-c", Writer, "homelab", found.Sum, line, drop), cancellationToken).ConfigureAwait(false);
        if (ended.ExitCode == ChangedMeanwhile) throw new HomelabException(ErrorKind.Conflict, "AuthorizedKeysChanged", $"Somebody else changed ~/.ssh/authorized_keys on {host} at the same time. Do it again.", host) { NothingHappened = true };
        if (ended.ExitCode != 0) throw Failed("AuthorizedKeysUnwritable", "cannot be written", ended.Error);
    }

    /// <summary>The options before a key in a line; null where the line is not about it.</summary>
    internal static string? OptionsOf(string line, PublicKey key)
    {
        var text = line.Trim();
        if (text.StartsWith('#')) return null;
        var at = text.IndexOf(key.Key, StringComparison.Ordinal);
        if (at < 0 || (at + key.Key.Length < text.Length && text[at + key.Key.Length] is not (' ' or '\t'))) return null;
        var before = text[..at].TrimEnd();
        return before.EndsWith(key.Type, StringComparison.Ordinal) && (before.Length == key.Type.Length || before[^(key.Type.Length + 1)] is ' ' or '\t') ? before[..^key.Type.Length].TrimEnd() : null;
    }

    private HomelabException Failed(string id, string what, string said)
    {
        var told = SshErrors.Last(said);
        return new HomelabException(ErrorKind.Failed, id, $"~/.ssh/authorized_keys on {host} {what}{(told.Length > 0 ? ": " + told : "")}. Look at the account's home folder there.", host);
    }
}

/// <summary>The lines about one key.</summary>
/// <param name="Sum">The sum of the whole file; empty when there is none.</param>
/// <param name="Lines">Each with its number, from 1, and the options before the key.</param>
internal sealed record AuthorizedLines(string Sum, IReadOnlyList<(int Number, string Options)> Lines);
