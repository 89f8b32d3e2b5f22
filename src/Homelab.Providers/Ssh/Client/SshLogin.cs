using System.Globalization;

namespace Homelab.Providers.Ssh;

/// <summary>How one host is logged in to, read once from the lab file and trusted afterwards.</summary>
/// <param name="Host">The host as the lab file names it.</param>
/// <param name="Address">Its name or IP address.</param>
/// <param name="Definition">The account and the keys.</param>
internal sealed record SshLogin(string Host, string Address, SshDefinition Definition)
{
    private const int DefaultPort = 22;

    internal string User => Definition.User;

    internal int Port => Definition.Port;

    /// <summary>The host as a line of known_hosts names it: what ssh itself writes there, whichever of its addresses was connected to.</summary>
    internal string KnownAs => Port == DefaultPort ? Address.ToLowerInvariant() : string.Create(CultureInfo.InvariantCulture, $"[{Address.ToLowerInvariant()}]:{Port}");

    /// <summary>Reads a host's <c>ssh:</c>.</summary>
    /// <exception cref="HomelabException"><c>SshNotConfigured</c> (Invalid).</exception>
    internal static SshLogin Of(string host, HostDefinition definition)
    {
        if (definition.Ssh is not { } ssh) throw SshErrors.NotConfigured(host, "it has no ssh login", $"Give hosts.{host}.ssh with user and key.");
        if (definition.Address.Length == 0) throw SshErrors.NotConfigured(host, "it has no address", $"Give hosts.{host}.address.");
        // Either would be read as an option by ssh.
        if (!IsPlain(definition.Address)) throw SshErrors.NotConfigured(host, "its address is no name and no IP address", $"Look at hosts.{host}.address.");
        if (!IsPlain(ssh.User)) throw SshErrors.NotConfigured(host, "its user is no name of an account", $"Look at hosts.{host}.ssh.user.");
        return new SshLogin(host, definition.Address, ssh);
    }

    private static bool IsPlain(string text) => text.Length > 0 && text[0] != '-' && !text.Any(static c => char.IsWhiteSpace(c) || char.IsControl(c) || c is '"' or '\'' or '`' or '$' or '\\' or ';' or '&' or '<' or '>' or '|' or '(' or ')' or '{' or '}' or ',');
}
