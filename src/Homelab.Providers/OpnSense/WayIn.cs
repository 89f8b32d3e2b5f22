namespace Homelab.Providers.OpnSense;

/// <summary>The services of a firewall by which we or people get in: while one of them is away, nobody may see how it is.</summary>
internal static class WayIn
{
    /// <summary>Why two people must say yes to a restart; null where that is not so.</summary>
    internal static Finding? Finding(string service, Uri firewall)
    {
        var kind = service.Split('/', 2)[0];
        var reason = kind switch
        {
            "webgui" or "configd" => "carries the API by which it is restarted and looked at",
            "pf" or "routing" => "is what every way through the firewall depends on, ours too",
            "openssh" => "is the way in where the web interface fails",
            "openvpn" or "wireguard" or "strongswan" or "tailscale" or "tailscaled" or "zerotier" => "may carry the connection by which we or people get in",
            "unbound" or "dnsmasq" or "bind" or "named" when firewall.HostNameType == UriHostNameType.Dns => $"resolves names, and the firewall itself is found by one: {firewall.Host}",
            _ => null,
        };
        return reason is null ? null : new Finding(Rules.Self, Requirement.AskTwice, $"{service} {reason}", "Two confirmations are needed. Do it by hand, at the firewall's console or from a network that does not need it.");
    }
}
