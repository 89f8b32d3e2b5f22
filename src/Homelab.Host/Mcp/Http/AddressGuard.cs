using System.Net;

namespace Homelab.Host.Mcp.Http;

/// <summary>
/// Refuses requests that a web page sends by a name of its own (DNS rebinding): the Host must be one of ours, and so must the Origin, which browsers send and programs do not.
/// </summary>
internal sealed class AddressGuard
{
    private static readonly string[] s_loopback = ["localhost", "127.0.0.1", "::1"];

    private readonly McpDefinition _mcp;
    private readonly Uri? _url;
    private readonly HashSet<string> _origins;

    internal AddressGuard(McpDefinition mcp)
    {
        _mcp = mcp;
        _url = mcp.Url is { } url ? new Uri(url) : null;
        _origins = new HashSet<string>(mcp.Origins.Select(static o => OriginOf(new Uri(o))), StringComparer.Ordinal);
        if (_url is not null) _origins.Add(OriginOf(_url));
    }

    /// <summary>Null when the Host is one of ours.</summary>
    internal RpcRefusal? CheckHost(HttpContext http)
    {
        var host = http.Request.Host;
        if (host.HasValue && IsOurs(host.Host.Trim('[', ']').TrimEnd('.').ToLowerInvariant(), host.Port, http.Connection)) return null;
        return new RpcRefusal(
            StatusCodes.Status421MisdirectedRequest,
            RpcRefusal.ByStatus,
            $"This server is not called '{host.Value}'. If it is, name it in the lab file: mcp.url for the address that clients use, or mcp.hosts for other names.");
    }

    /// <summary>Null when the Origin is one of ours, or there is none.</summary>
    internal RpcRefusal? CheckOrigin(HttpContext http)
    {
        if (http.Request.Headers.Origin.Count == 0 || AllowedOrigin(http) is not null) return null;
        return new RpcRefusal(StatusCodes.Status403Forbidden, RpcRefusal.ByStatus, $"Web pages of '{http.Request.Headers.Origin}' may not use this server. mcp.origins in the lab file names those that may.");
    }

    /// <summary>The Origin as it was sent, where pages of it may use this server.</summary>
    internal string? AllowedOrigin(HttpContext http)
    {
        if (http.Request.Headers.Origin is not [{ Length: > 0 } sent] || !Uri.TryCreate(sent, UriKind.Absolute, out var origin) || origin.Scheme is not ("http" or "https")) return null;
        if (_origins.Contains(OriginOf(origin))) return sent;
        // Our own pages: at the port that was come in by, under a name that no stranger can take.
        return origin.Scheme == "http" && origin.Port == http.Connection.LocalPort && IsSelf(origin.Host.Trim('[', ']').ToLowerInvariant(), http.Connection) ? sent : null;
    }

    private bool IsOurs(string name, int? port, ConnectionInfo connection)
    {
        if (IsSelf(name, connection) && (port ?? 80) == connection.LocalPort) return true;
        if (_url is not null && name == NameOf(_url) && (port is null ? _url.IsDefaultPort : port == _url.Port)) return true;
        return _mcp.Hosts.Select(HostString.FromUriComponent).Any(h => string.Equals(h.Host.Trim('[', ']'), name, StringComparison.OrdinalIgnoreCase) && (h.Port is null || h.Port == port));
    }

    // An address is no name that could be made to lead here.
    private static bool IsSelf(string name, ConnectionInfo connection) =>
        s_loopback.Contains(name, StringComparer.Ordinal) || (IPAddress.TryParse(name, out var address) && connection.LocalIpAddress is { } local && address.MapToIPv6().Equals(local.MapToIPv6()));

    private static string NameOf(Uri url) => url.Host.Trim('[', ']').ToLowerInvariant();

    private static string OriginOf(Uri url) => $"{url.Scheme}://{url.Host.ToLowerInvariant()}:{url.Port}";
}
