using System.Text;

namespace Homelab.Providers.Ssh;

/// <summary>What became of a command.</summary>
internal enum SshFate
{
    /// <summary>It ran to its end, whatever it said.</summary>
    Ended,

    /// <summary>The shared connection was not there any more: nothing was run.</summary>
    NoMaster,

    /// <summary>The host opens no further session over this connection: nothing was run.</summary>
    NoSession,

    /// <summary>A connection of its own failed before the command began: nothing was run.</summary>
    NotConnected,

    /// <summary>The account let us in, but something else than our command was run.</summary>
    OtherProgram,

    /// <summary>The connection ended before the command did, or nobody knows.</summary>
    Lost,
}

/// <summary>How one ssh process ended.</summary>
/// <param name="Fate">What became of the command.</param>
/// <param name="ExitCode">Its exit code, where it ended.</param>
/// <param name="Error">Its error output, or what ssh said instead.</param>
internal sealed record SshEnding(SshFate Fate, int ExitCode, string Error)
{
    /// <summary>What ssh says with, when it fails itself.</summary>
    internal const int Failed = 255;

    /// <summary>What the proxy command says that ssh tries where the shared connection is not there.</summary>
    internal const string NoMasterWord = "homelab-no-connection";

    // What ssh says of a connection that was made and lost: the command may have begun.
    private static readonly string[] s_late = ["Connection to ", "Read from remote host", "not responding", "client_loop", "Broken pipe"];

    /// <summary>Tells them apart.</summary>
    /// <param name="shares">True where the connection is a shared one.</param>
    /// <param name="exitCode">That of ssh.</param>
    /// <param name="mark">What stands in the error output where the command begins.</param>
    /// <param name="error">The error output.</param>
    internal static SshEnding Of(bool shares, int exitCode, string mark, KeptOutput error)
    {
        var said = Encoding.UTF8.GetString(error.Kept);
        var line = mark + "\n";
        var begin = said.IndexOf(line, StringComparison.Ordinal);
        if (begin < 0) return Unbegun(shares, exitCode, said);
        said = said[(begin + line.Length)..];
        if (exitCode != Failed) return new SshEnding(SshFate.Ended, exitCode, said);
        if (!Encoding.UTF8.GetString(error.Tail).EndsWith(line, StringComparison.Ordinal) || (said.Length == 0 && !error.Overflowed)) return new SshEnding(SshFate.Lost, exitCode, said);
        return new SshEnding(SshFate.Ended, exitCode, said.EndsWith(line, StringComparison.Ordinal) ? said[..^line.Length] : said);
    }

    /// <summary>Without the mark.</summary>
    internal static SshEnding Unbegun(bool shares, int exitCode, string said) => new(UnbegunFate(shares, exitCode, said), exitCode, said);

    private static SshFate UnbegunFate(bool shares, int exitCode, string said)
    {
        if (exitCode != Failed) return SshFate.OtherProgram;
        if (!shares) return s_late.Any(l => said.Contains(l, StringComparison.Ordinal)) ? SshFate.Lost : SshFate.NotConnected;
        // The connection took our wish and was gone before it answered.
        if (said.Contains("read from master failed", StringComparison.Ordinal)) return SshFate.Lost;
        if (said.Contains("Session open refused by peer", StringComparison.Ordinal)) return SshFate.NoSession;
        return said.Contains(NoMasterWord, StringComparison.Ordinal) ? SshFate.NoMaster : SshFate.Lost;
    }
}
