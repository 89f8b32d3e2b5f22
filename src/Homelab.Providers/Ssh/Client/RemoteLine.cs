using System.Globalization;
using System.Security.Cryptography;

namespace Homelab.Providers.Ssh;

/// <summary>
/// The one line that the account's login shell is given. That shell, whichever it is, only has to read quoted words; a POSIX <c>sh</c> runs our fixed script over them.
/// </summary>
internal sealed record RemoteLine
{
    /// <summary>The longest line: Linux takes 128 KiB as one argument.</summary>
    internal const int Longest = 120_000;

    // The mark on the error output says that the command begins: what comes before it was written by somebody's start-up file. Terse, for it travels with every command.
    private const string Begin = """n=$1; shift; e=; PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin; LC_ALL=C; export PATH LC_ALL; echo "$n" >&2; exec 3<&0; """;

    // Our process holds the other end of this input. It closes when we want the end, when we die, and when the connection does; then everything in the process group has to go.
    private const string Watch = "kill -0 $$ || exit; {0}kill -TERM -$$ || kill $c; sleep 2; {2}kill -KILL -$$ || kill -KILL $c";


    // 255 is also what ssh says when the connection fails: the command's own one is marked.
    private const string End = """wait $c 2>/dev/null; r=$?; if [ "$e" ]; then wait $c 2>/dev/null; kill -KILL -$$; fi; kill -KILL $w 2>/dev/null; [ $r -ne 255 ] || echo "$n" >&2; exit $r""";

    // exec: a word such as eval or exit is a program's name here, not the shell's own command.
    private const string WithoutInput = Begin + """exec "$@" </dev/null 3<&- & c=$!; trap e=1 TERM; (trap "" TERM; read -r x <&3; """ + Watch + ") >/dev/null 2>&1 & w=$!; " + End;

    // Who feeds the command also watches: it tells its number in the first line, as a pipeline's first process has no other way to be known.
    private const string WithInput = Begin + """trap : TERM; exec 5>&2 2>/dev/null; (trap "" TERM; sh -c "echo \$PPID"; {1} <&3; exec >/dev/null; cat <&3; """ + Watch
        + """) 5>&- | (exec 4<&0 2>&5 5>&-; read -r w; exec "$@" <&4 3<&- 4<&- & c=$!; trap e=1 TERM; exec 4<&-; """ + End + ")";

    // Quoted once: it is the same for every command.
    private static readonly string s_withoutInput = Quoted(WithoutInput, sudo: false);
    private static readonly string s_withoutInputAsRoot = Quoted(WithoutInput, sudo: true);

    private RemoteLine(string mark, string text)
    {
        Mark = mark;
        Text = text;
    }

    /// <summary>What stands alone in a line of the error output when the command begins, and again when it ends with 255 by itself. Known to nobody before.</summary>
    internal string Mark { get; }

    /// <summary>The line.</summary>
    internal string Text { get; }

    /// <summary>A command that is given its input, and then its end.</summary>
    /// <exception cref="HomelabException"><c>CommandInvalid</c> (Invalid).</exception>
    internal static RemoteLine Of(string host, RemoteCommand command, bool sudo) => command.Input is { } input
        ? Of(host, command.Words, sudo, string.Create(CultureInfo.InvariantCulture, $"head -c {input.Length}"))
        : Of(host, command.Words, sudo, feed: null);

    /// <summary>A command that is spoken with.</summary>
    /// <exception cref="HomelabException"><c>CommandInvalid</c> (Invalid).</exception>
    // It is given a moment to end by itself when its input does.
    internal static RemoteLine Talk(string host, IReadOnlyList<string> words) => Of(host, words, sudo: false, "cat <&3; exec >/dev/null; sleep 1; true");

    private static RemoteLine Of(string host, IReadOnlyList<string> words, bool sudo, string? feed)
    {
        var why = words.Count == 0 || words[0].Length == 0 ? "it names no program"
            : words[0][0] == '-' ? $"'{ForeignText.Clean(words[0], 100)}' is no program but an option"
            : words.Any(static w => w.Contains('\0', StringComparison.Ordinal)) ? "a word holds NUL, which no program can be given"
            : null;
        if (why is not null) throw Invalid(host, why);
        var mark = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8));
        var script = feed is not null ? Quoted(WithInput.Replace("{1}", feed, StringComparison.Ordinal), sudo) : sudo ? s_withoutInputAsRoot : s_withoutInput;
        var text = $"exec sh -c {script} homelab {mark} {(sudo ? "sudo -n -- " : "")}{ShellWords.Quote(words)}";
        return text.Length <= Longest ? new RemoteLine(mark, text) : throw Invalid(host, $"it is longer than {Longest} characters; give what is long as its input");
    }

    // Only root may end what root runs.
    private static string Quoted(string script, bool sudo) => ShellWords.Quote(
    [
        script.Replace("{0}", sudo ? "sudo -n kill -TERM -$$ || " : "", StringComparison.Ordinal).Replace("{2}", sudo ? "sudo -n kill -KILL -$$ || " : "", StringComparison.Ordinal),
    ]);

    private static HomelabException Invalid(string host, string why) => new(ErrorKind.Invalid, "CommandInvalid", $"The command for {host} cannot be run: {why}.", host) { NothingHappened = true };
}
