using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace Homelab.Lab.Proxmox;

/// <summary>Finds out who asks. Who cannot be recognized is refused without a body.</summary>
internal static class CallerRecognition
{
    private const string Scheme = "PVEAPIToken";

    /// <summary>The caller, whether by token; or why nobody is let in.</summary>
    internal readonly record struct Result(string? User, bool ByToken, string? Refusal);

    internal static Result Recognize(SimulatedProxmox cluster, HttpRequest request, string path)
    {
        var open = (path is "/access/domains" && request.Method is "GET") || (path is "/access/ticket" && request.Method is "GET" or "POST");
        var header = request.Headers.Authorization.ToString();
        // The scheme is a word of its own case, and blank or equals sign follow it.
        if (header.StartsWith(Scheme, StringComparison.Ordinal) && header.Length > Scheme.Length && header[Scheme.Length] is '=' or ' ')
        {
            var user = UserOfToken(cluster, header[(Scheme.Length + 1)..].Trim());
            return user is not null ? new Result(user, ByToken: true, null) : open ? default : new Result(null, ByToken: true, "Authentication failed!");
        }

        var cookie = request.Cookies["PVEAuthCookie"];
        if (string.IsNullOrEmpty(cookie)) return new Result(null, ByToken: false, open ? null : "No ticket");
        // Kestrel has decoded the cookie already.
        var known = cluster.Tickets.User(cookie);
        if (known is null || !cluster.Access.Users.TryGetValue(known, out var account) || !account.Enabled) return new Result(null, ByToken: false, open ? null : "Authentication failed!");
        if (open || request.Method is "GET" || cluster.Tickets.Proves(known, request.Headers["CSRFPreventionToken"])) return new Result(known, ByToken: false, null);
        return new Result(null, ByToken: false, "Permission denied - invalid csrf token");
    }

    private static string? UserOfToken(SimulatedProxmox cluster, string text)
    {
        if (text.Split('=', 2) is not [var id, var secret]) return null;
        var (owner, name) = SimulatedAccess.Split(id);
        if (name is null) return null;
        lock (cluster.Sync)
        {
            if (!cluster.Access.Users.TryGetValue(owner, out var user) || !user.Enabled || Over(user.Expires, cluster)) return null;
            if (!user.Tokens.TryGetValue(name, out var token) || Over(token.Expires, cluster)) return null;
            return CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(token.Secret), Encoding.UTF8.GetBytes(secret)) ? id : null;
        }
    }

    private static bool Over(long expires, SimulatedProxmox cluster) => expires > 0 && expires <= cluster.Time.GetUtcNow().ToUnixTimeSeconds();
}
