using System.Net.Http.Headers;

namespace Homelab.Providers.Proxmox;

/// <summary>What shows a request's right to be answered. A class, not a record: it must not print itself.</summary>
internal sealed class ProxmoxPass
{
    private readonly string? _token;
    private readonly string? _cookie;
    private readonly string? _csrf;

    private ProxmoxPass(string? token, string? cookie, string? csrf)
    {
        _token = token;
        _cookie = cookie;
        _csrf = csrf;
    }

    /// <summary>Nothing: for the login itself.</summary>
    internal static ProxmoxPass None { get; } = new(null, null, null);

    internal static ProxmoxPass OfToken(string token) => new(token, null, null);

    internal static ProxmoxPass OfTicket(string ticket, string csrf) => new(null, ticket, csrf);

    internal void Apply(HttpRequestHeaders headers, bool isChange)
    {
        // The scheme is joined by '=', which the typed header cannot say.
        if (_token is not null) headers.TryAddWithoutValidation("Authorization", "PVEAPIToken=" + _token);
        if (_cookie is null) return;
        headers.TryAddWithoutValidation("Cookie", "PVEAuthCookie=" + Uri.EscapeDataString(_cookie));
        if (isChange) headers.TryAddWithoutValidation("CSRFPreventionToken", _csrf);
    }
}
