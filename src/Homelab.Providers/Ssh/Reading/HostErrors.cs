namespace Homelab.Providers.Ssh;

/// <summary>What goes wrong with looks at hosts, in our words. How a host is reached has its own.</summary>
internal static class HostErrors
{
    private const int ShownLength = 300;

    internal static HomelabException NoHosts() => Make(
        ErrorKind.NotFound,
        "SshHostNotFound",
        "No host of the lab can be logged in to.",
        "Set hosts.<name>.address and hosts.<name>.ssh.user in the lab file.",
        target: null);

    internal static HomelabException NotLinux(string host, string kernel) => Make(
        ErrorKind.Failed,
        "HostUnsupported",
        $"{host} runs {Shown(kernel)}, and hosts are read only where they run Linux.",
        "Invoke-HlCommand runs commands there, where policy.commands allows them.",
        host);

    internal static HomelabException NoShell(string host, RemoteResult result) => Make(
        ErrorKind.Failed,
        "HostUnsupported",
        $"{host} ran no 'sh': it ended with code {result.ExitCode}{Said(result.Error)}.",
        "Hosts are read by their POSIX shell: look whether it has one, and whether the key or the account is bound to another command.",
        host);

    internal static HomelabException TooLong(string host, int limit) => Make(
        ErrorKind.Failed,
        "HostAnswerTooLong",
        $"{host} told more than {ByteSize.Format(limit)}, and half an answer is none.",
        "Ask for less: of one thing, of a shorter time, of fewer lines.",
        host);

    internal static HomelabException Unreadable(string host, string what) => Make(
        ErrorKind.Failed,
        "HostAnswerUnreadable",
        $"What {host} told cannot be read: {what}.",
        "Log in there and look whether its shell and /proc are what they are elsewhere.",
        host);

    internal static HomelabException NoSystemd(string host) => Make(
        ErrorKind.NotFound,
        "SystemdNotFound",
        $"{host} does not run systemd, and units and the journal are systemd's.",
        "Invoke-HlCommand runs what does it there, such as rc-service or logread, where policy.commands allows it.",
        host);

    internal static HomelabException NoUnit(string host, string unit) => Make(
        ErrorKind.NotFound,
        "UnitNotFound",
        $"{host} has no unit '{unit}'.",
        $"Run Get-HlUnit -Host {host} to list them.",
        $"{unit}@{host}");

    /// <summary>One failure for those of several hosts.</summary>
    internal static HomelabException Several(IReadOnlyList<HomelabException> failures)
    {
        var kinds = failures.Select(static f => f.Kind).Distinct().ToArray();
        var ids = failures.Select(static f => f.Id).Distinct(StringComparer.Ordinal).ToArray();
        return new HomelabException(
            kinds is [var kind] ? kind : ErrorKind.Unavailable,
            ids is [var id] ? id : "HostsFailed",
            string.Join(" ", failures.OrderBy(static f => f.Target, StringComparer.Ordinal).Select(static f => f.Message)),
            target: null,
            failures[0])
        { NothingHappened = failures.All(static f => f.NothingHappened) };
    }

    internal static HomelabException Make(ErrorKind kind, string id, string what, string wayOut, string? target, bool nothingHappened = true) =>
        new(kind, id, $"{what} {wayOut}", target) { WayOut = wayOut, NothingHappened = nothingHappened };

    /// <summary>The last line of what a program said, as the end of a sentence; empty where it said nothing.</summary>
    internal static string Said(string text)
    {
        var line = text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).LastOrDefault("");
        return line.Length == 0 ? "" : ": " + Shown(line).TrimEnd('.');
    }

    internal static string Shown(string text) => ForeignText.Clean(text, ShownLength);
}
