using System.Security.Cryptography;

namespace Homelab.Providers.Ssh;

/// <summary>
/// A fixed shell script that tells several things of a host in one round trip, for GNU, busybox and whatever else is a POSIX shell on Linux. What differs from call to call
/// goes as words, never into its text. Each thing is a section under a mark that nobody can foresee, so that no text of the host passes for one.
/// </summary>
/// <param name="body">
/// Shell. <c>s name</c> begins a section, <c>has program</c> asks for a program; <c>$1</c>, <c>$2</c>, … are the words.
/// </param>
internal sealed class HostScript(string body)
{
    private const int MarkBytes = 12;

    // Programs that only look are often where only root's path leads; the words of programs are those of English.
    private const string Begin = """
        LC_ALL=C; TZ=UTC; PATH=$PATH:/usr/sbin:/sbin
        export LC_ALL TZ PATH
        m=$1; shift
        s() { printf '\n%s %s\n' "$m" "$1"; }
        has() { command -v "$1" >/dev/null 2>&1; }
        s kernel; uname -s
        [ "$(uname -s)" = Linux ] || exit 0

        """;

    private const string End = "\ns end\n";

    // A checkout may have given the lines other ends.
    private readonly string _text = (Begin + body + End).ReplaceLineEndings("\n");

    /// <summary>How long it may take.</summary>
    internal TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How many bytes it may tell.</summary>
    internal int MaxOutput { get; init; } = 4 * 1024 * 1024;

    /// <summary>Runs it, and takes only an answer that is whole.</summary>
    /// <exception cref="HomelabException">
    /// As of <see cref="IRemoteHosts.RunAsync"/>; <c>HostUnsupported</c>, <c>HostAnswerTooLong</c>, <c>HostAnswerUnreadable</c> (Failed).
    /// </exception>
    internal async Task<HostSections> RunAsync(IRemoteHosts hosts, string host, CancellationToken cancellationToken, params IReadOnlyList<string> words)
    {
        var mark = RandomNumberGenerator.GetHexString(MarkBytes * 2, lowercase: true);
        var command = RemoteCommand.Of(["sh", "-c", _text, "homelab", mark, .. words]) with { Timeout = Timeout, MaxOutput = MaxOutput, EndsWhenFull = true };
        var result = await hosts.RunAsync(host, command, cancellationToken).ConfigureAwait(false);
        var sections = HostSections.Split(host, result.Output, result.Error, mark);
        // The kernel is told first: what is said of it is true of a cut answer too.
        if (sections.Find("kernel")?.Trim() is { } kernel and not "Linux") throw HostErrors.NotLinux(host, kernel);
        if (result.Truncated) throw HostErrors.TooLong(host, MaxOutput);
        if (sections.Find("kernel") is null) throw HostErrors.NoShell(host, result);
        if (sections.Find("end") is null) throw HostErrors.Unreadable(host, $"it ended in the middle with code {result.ExitCode}{HostErrors.Said(result.Error)}");
        return sections;
    }
}
