using System.Net;

namespace Homelab.Providers.Proxmox;

/// <summary>Where one node listens, and by which settings.</summary>
internal sealed class ProxmoxAddress
{
    private ProxmoxAddress(Uri url, string setting, TlsDefinition? tls, string tlsSetting)
    {
        Host = url.IdnHost;
        Port = url.Port;
        IsSecure = url.Scheme == Uri.UriSchemeHttps;
        Setting = setting;
        Tls = tls;
        TlsSetting = tlsSetting;
        _text = Show(url);
    }

    private readonly string _text;

    internal string Host { get; }

    internal int Port { get; }

    internal bool IsSecure { get; }

    /// <summary>Where its address is written: <c>providers.proxmox.url</c>.</summary>
    internal string Setting { get; }

    internal TlsDefinition? Tls { get; }

    /// <summary>Where what verifies this node's certificate is written, or would be.</summary>
    internal string TlsSetting { get; }

    /// <summary>Every node that the settings name, the first one first.</summary>
    /// <exception cref="HomelabException"><c>ProxmoxUrlInvalid</c> (Invalid).</exception>
    internal static IReadOnlyList<ProxmoxAddress> Of(ProxmoxSettings settings) =>
    [
        Of(settings.Url, "providers.proxmox.url", settings.Tls, "providers.proxmox.tls"),
        .. settings.Failover.Select((node, i) => Of(node.Url, $"providers.proxmox.failover[{i}].url", node.Tls ?? settings.Tls, $"providers.proxmox.failover[{i}].tls")),
    ];

    /// <summary><c>pve:8006</c>, also of an address that cannot be used.</summary>
    internal static string Show(Uri url) => url.IsAbsoluteUri ? $"{url.Host}:{url.Port}" : ForeignText.Clean(url.OriginalString, 60);

    /// <inheritdoc/>
    public override string ToString() => _text;

    private static ProxmoxAddress Of(Uri url, string setting, TlsDefinition? tls, string tlsSetting)
    {
        if (!url.IsAbsoluteUri || url.Scheme is not ("https" or "http")) throw Invalid(url, setting, "is no https address", "Write it as https://pve:8006.");
        if (url.UserInfo.Length > 0) throw Invalid(url, setting, "holds a user or password", "Give them apart: token, or login.");
        if (url.Scheme == "http" && !IsLoopback(url))
        {
            throw Invalid(url, setting, "is not encrypted, and everyone on the way could read the credential", "Write https://; Proxmox answers nothing else on port 8006.");
        }

        return new ProxmoxAddress(url, setting, tls, tlsSetting);
    }

    private static bool IsLoopback(Uri url) => url.IsLoopback || (IPAddress.TryParse(url.IdnHost, out var address) && IPAddress.IsLoopback(address));

    private static HomelabException Invalid(Uri url, string setting, string why, string wayOut) =>
        new(ErrorKind.Invalid, "ProxmoxUrlInvalid", $"{setting} ({Show(url)}) {why}. {wayOut}", Show(url)) { WayOut = wayOut, NothingHappened = true };
}
