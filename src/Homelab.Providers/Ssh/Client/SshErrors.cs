using System.Net;

namespace Homelab.Providers.Ssh;

/// <summary>What goes wrong on the way to a host, in our words. ssh says 255 to all of it; its error output, in English, tells the cause.</summary>
internal static class SshErrors
{
    // What ssh repeats from a host is foreign text of any length.
    private const int ShownLength = 300;

    internal static HomelabException NotConfigured(string host, string why, string wayOut) => Make(ErrorKind.Invalid, "SshNotConfigured", $"{host} cannot be logged in to: {why}.", wayOut, host, nothingHappened: true);

    internal static HomelabException NotFound(string host, IReadOnlyCollection<string> known) =>
        Make(ErrorKind.NotFound, "HostNotFound", $"The lab has no host '{host}'.", NearestName.Hint(host, known), host, nothingHappened: true);

    internal static HomelabException NoProgram(string host, string program, Exception inner) =>
        Make(ErrorKind.Unavailable, "SshUnreachable", $"{host} cannot be reached: the program '{program}' cannot be started.", "Install an OpenSSH client.", host, nothingHappened: true, inner);

    internal static HomelabException Unreachable(SshLogin login, string why, Exception? inner = null) =>
        Make(ErrorKind.Unavailable, "SshUnreachable", $"{login.Host} ({Where(login)}) cannot be reached: {why}.", $"Look whether it runs, and at hosts.{login.Host}.address and ssh.port.", login.Host, nothingHappened: true, inner);

    internal static HomelabException NetworkDenied(SshLogin login, IReadOnlyList<IPAddress> addresses, IReadOnlyList<string> networks) => Make(
        ErrorKind.Denied,
        "SshNetworkDenied",
        $"{login.Host} is at {string.Join(", ", addresses)}, and SSH may only lead into {string.Join(", ", networks)}.",
        $"Give hosts.{login.Host}.address an address of these networks, or add its network to policy.ssh.networks.",
        login.Host,
        nothingHappened: true);

    internal static HomelabException Denied(SshLogin login, string why, string wayOut) =>
        Make(ErrorKind.Denied, "SshDenied", $"{login.Host} ({Where(login)}) did not let {login.User} in: {why}.", wayOut, login.Host, nothingHappened: true);

    internal static HomelabException OtherProgram(SshLogin login, int exitCode, string said) => Make(
        ErrorKind.Denied,
        "SshDenied",
        $"{login.Host} ({Where(login)}) let {login.User} in, but ran something else than what was asked (exit code {exitCode}{(said.Length == 0 ? "" : ": " + Last(said))}).",
        "Look at the account's shell, and for command= in its authorized_keys.",
        login.Host,
        nothingHappened: false);

    internal static HomelabException Lost(SshLogin login, string command, string said) => Make(
        ErrorKind.Unavailable,
        "SshConnectionLost",
        $"The connection to {login.Host} was lost during '{command}'{(said.Length == 0 ? "" : $" ({Last(said)})")}; whether it took effect is not known.",
        "Look at the host before it is done again.",
        login.Host,
        nothingHappened: false);

    internal static HomelabException TimedOut(SshLogin login, string command, TimeSpan timeout, bool ended) => Make(
        ErrorKind.Timeout,
        "CommandTimeout",
        $"'{command}' on {login.Host} took longer than {Duration.Format(timeout)} and was {(ended ? "ended there" : "asked to end; it had not within two seconds, and is killed there")}.",
        "Allow it more time, or look what it waits for.",
        login.Host,
        nothingHappened: false);

    /// <summary>Why a connection failed.</summary>
    /// <param name="login">Where to.</param>
    /// <param name="address">The very address.</param>
    /// <param name="said">What ssh said.</param>
    /// <param name="timeout">How long it was tried.</param>
    internal static HomelabException Read(SshLogin login, IPAddress address, string said, TimeSpan timeout)
    {
        if (Says("IDENTIFICATION HAS CHANGED", "has changed and you have requested", "REVOKED HOST KEY")) return HostKey(login, changed: true, shown: null);
        // A pin is for one kind of key: a host that shows another kind has not the key that was pinned.
        if (Says("host key is known for", "Host key verification failed")) return HostKey(login, changed: login.Definition.HostKey is not null, shown: null);
        if (Says("Permission denied (", "Too many authentication failures", "No supported authentication methods"))
        {
            var key = login.Definition.Key is { } named ? named.ToString() : "the keys of this account and its agent";
            var why = Says("UNPROTECTED PRIVATE KEY", "bad permissions") ? $"others may read {key}, so ssh does not use it"
                : Says("incorrect passphrase") ? $"{key} needs a passphrase"
                : Says("Load key") ? $"{key} cannot be read: {Last(said.Split('\n').First(static l => l.Contains("Load key", StringComparison.Ordinal)))}"
                : $"it did not accept {key}";
            var wayOut = Says("UNPROTECTED PRIVATE KEY", "bad permissions") ? "Let only its owner read it (chmod 600)."
                : Says("incorrect passphrase") ? "Add it to an agent and leave hosts." + login.Host + ".ssh.key out, or use a key without one."
                : $"Put the public key into that account's authorized_keys (Install-HlSshKey {login.Host}); hosts.{login.Host}.ssh.key names the private one.";
            return Denied(login, why, wayOut);
        }

        if (Says("Connection refused")) return Unreachable(login, $"nobody listens at {SshWay.Forward(address, login.Port)}");
        if (Says("Stdio forwarding request failed")) return Unreachable(login, $"{login.Definition.Jump} did not get through to {SshWay.Forward(address, login.Port)}");
        if (Says("timed out")) return Unreachable(login, $"{SshWay.Forward(address, login.Port)} did not answer within {Duration.Format(Says("logging in") ? timeout * 2 : timeout)}");
        if (Says("No route to host", "Network is unreachable")) return Unreachable(login, $"there is no way to {address}");
        if (Says("Unable to negotiate")) return Unreachable(login, $"it and we speak no common kind of SSH: {Last(said)}");
        return Unreachable(login, said.Trim().Length == 0 ? "ssh ended without a word" : Last(said));

        bool Says(params ReadOnlySpan<string> texts)
        {
            foreach (var text in texts)
            {
                if (said.Contains(text, StringComparison.Ordinal)) return true;
            }

            return false;
        }
    }

    /// <summary>The host's key is not the known one, or none is known.</summary>
    internal static HomelabException HostKey(SshLogin login, bool changed, HostKeyScan? shown)
    {
        var fingerprint = shown?.Fingerprint ?? "SHA256:…";
        var what = shown is null ? "a key that could not be read again" : $"the key {shown.Fingerprint} ({shown.Type})";
        return changed
            ? Make(
                ErrorKind.Denied,
                "HostKeyChanged",
                $"{login.Host} ({Where(login)}) showed {what}, which is not the known one. Either it was set up anew, or somebody stands between.",
                login.Definition.HostKey is null
                    ? $"Compare the fingerprint at the machine itself. Only if it is the same: Register-HlHostKey {login.Host} -Fingerprint {fingerprint} -Replace"
                    : $"Compare the fingerprint at the machine itself. Only if it is the same, write the new key into hosts.{login.Host}.ssh.hostKey{(shown is null ? "." : $": {shown.Type} {shown.Key}")}",
                login.Host,
                nothingHappened: true)
            : Make(
                ErrorKind.Denied,
                "HostKeyUnknown",
                $"{login.Host} ({Where(login)}) showed {what}, and none is known for it.",
                $"Compare the fingerprint at the machine itself, then run Register-HlHostKey {login.Host} -Fingerprint {fingerprint}.",
                login.Host,
                nothingHappened: true);
    }

    /// <summary>The last line that says something.</summary>
    internal static string Last(string said) =>
        ForeignText.Clean(said.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).LastOrDefault() ?? "", ShownLength).TrimEnd('.');

    private static string Where(SshLogin login) => login.Port == 22 ? login.Address : SshPlace(login);

    private static string SshPlace(SshLogin login) => IPAddress.TryParse(login.Address, out var address) ? SshWay.Forward(address, login.Port) : string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{login.Address}:{login.Port}");

    private static HomelabException Make(ErrorKind kind, string id, string what, string wayOut, string host, bool nothingHappened, Exception? inner = null) =>
        new(kind, id, $"{what} {wayOut}", host, inner) { WayOut = wayOut, NothingHappened = nothingHappened };
}
