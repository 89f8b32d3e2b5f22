using System.Net;

namespace Homelab.Host.Web.Access;

/// <summary>By which addresses the MCP server is known: what tokens are for, what metadata tell, and which names may stand in a request.</summary>
/// <param name="mcp">What the lab file says.</param>
/// <param name="listening">Where the server listens, once it does.</param>
internal sealed class McpAddress(McpDefinition mcp, Func<Uri> listening)
{
    /// <summary>The path of the server.</summary>
    internal const string Path = "/mcp";

    private const int DefaultPort = 80;

    private static readonly string[] s_loopback = ["localhost", "127.0.0.1", "[::1]"];

    private readonly Lazy<HashSet<string>> _origins = new(() => OriginsOf(mcp, listening()));
    private readonly HashSet<string> _names = new(mcp.Hosts, StringComparer.OrdinalIgnoreCase);

    /// <summary>Our own origin as the client wrote it in his request; null when he addressed somebody else, as a web page does that has our address under a name of its own.</summary>
    internal string? OriginOf(HttpContext http)
    {
        var host = http.Request.Host;
        if (!host.HasValue) return null;
        // Behind a reverse proxy it is https, though the request comes here by http.
        foreach (var scheme in (string[])[Uri.UriSchemeHttps, Uri.UriSchemeHttp])
        {
            if (Origin($"{scheme}://{host.Value}") is { } origin && _origins.Value.Contains(origin)) return origin;
        }

        // A name without a port is ours at every port: where there is none, somebody stands before us, and speaks TLS.
        if (_names.Contains(host.Host)) return Origin($"{(host.Port is null && listening().Port != DefaultPort ? Uri.UriSchemeHttps : OwnScheme)}://{host.Value}");

        // Nobody can make an address of ours his own name.
        var local = http.Connection.LocalIpAddress is { IsIPv4MappedToIPv6: true } mapped ? mapped.MapToIPv4() : http.Connection.LocalIpAddress;
        var isOwn = IPAddress.TryParse(host.Host.Trim('[', ']'), out var address) && address.Equals(local) && host.Port == http.Connection.LocalPort;
        return isOwn ? Origin($"{Uri.UriSchemeHttp}://{host.Value}") : null;
    }

    /// <summary>True when a resource, as a client or a token names it, is this server. RFC 8707.</summary>
    internal bool IsOurs(HttpContext http, string resource)
    {
        if (!Uri.TryCreate(resource, UriKind.Absolute, out var uri) || uri.Query.Length > 0 || uri.Fragment.Length > 0 || uri.AbsolutePath.TrimEnd('/') is not ("" or Path)) return false;
        return Origin(uri.GetLeftPart(UriPartial.Authority)) is { } origin && (_origins.Value.Contains(origin) || _names.Contains(uri.Host) || origin == OriginOf(http));
    }

    private string OwnScheme => Own(mcp)?.Scheme ?? Uri.UriSchemeHttp;

    private static Uri? Own(McpDefinition mcp) => mcp.Url is { } url && Uri.TryCreate(url, UriKind.Absolute, out var own) ? own : null;

    private static HashSet<string> OriginsOf(McpDefinition mcp, Uri listening)
    {
        var own = Own(mcp);
        var origins = new HashSet<string>(StringComparer.Ordinal);
        if (own is not null) Add(own.GetLeftPart(UriPartial.Authority));
        foreach (var name in s_loopback.Append(listening.Host)) Add($"{Uri.UriSchemeHttp}://{name}:{listening.Port}");
        foreach (var name in mcp.Hosts.Where(static h => h.Contains(':', StringComparison.Ordinal))) Add($"{own?.Scheme ?? Uri.UriSchemeHttp}://{name}");

        return origins;

        void Add(string address)
        {
            if (Origin(address) is { } origin) origins.Add(origin);
        }
    }

    private static string? Origin(string address) =>
        Uri.TryCreate(address, UriKind.Absolute, out var uri) && uri.UserInfo.Length == 0 && uri.AbsolutePath == "/" && (uri.Scheme == Uri.UriSchemeHttp || uri.Scheme == Uri.UriSchemeHttps)
            ? uri.GetLeftPart(UriPartial.Authority).ToLowerInvariant()
            : null;
}
