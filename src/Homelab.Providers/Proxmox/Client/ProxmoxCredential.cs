namespace Homelab.Providers.Proxmox;

/// <summary>By what right we ask: a token, or a login.</summary>
internal abstract class ProxmoxCredential
{
    /// <summary><c>user@realm</c> or <c>user@realm!token</c>, once known or given.</summary>
    internal abstract string? User { get; }

    /// <summary>Where it is written in the lab file.</summary>
    internal abstract string Setting { get; }

    /// <summary>What the next request shows.</summary>
    internal abstract Task<ProxmoxPass> PassAsync(CancellationToken cancellationToken);

    /// <summary>What to show in place of a pass that was refused; null where there is nothing else.</summary>
    internal virtual Task<ProxmoxPass?> AnewAsync(ProxmoxPass refused, CancellationToken cancellationToken) => Task.FromResult<ProxmoxPass?>(null);

    /// <summary>The one credential that the settings give.</summary>
    /// <exception cref="HomelabException"><c>ProxmoxCredentialMissing</c>, <c>ProxmoxCredentialAmbiguous</c> (Invalid).</exception>
    internal static ProxmoxCredential Of(ProxmoxSettings settings, ProviderContext context, ProxmoxNodes nodes, CancellationToken ending)
    {
        var cluster = ProxmoxAddress.Show(settings.Url);
        string[] given =
        [
            .. settings.Token is null ? [] : new[] { "token" },
            .. settings.TokenId is null && settings.TokenSecret is null ? [] : new[] { "tokenId and tokenSecret" },
            .. settings.Login is null ? [] : new[] { "login" },
        ];
        if (given.Length > 1)
        {
            throw Wrong(
                cluster,
                "ProxmoxCredentialAmbiguous",
                $"providers.proxmox gives more than one credential: {string.Join(", and ", given)}",
                "Leave one. tokenId and tokenSecret may also come from PROXMOX_TOKEN_ID and PROXMOX_TOKEN_SECRET of the environment.");
        }

        if (settings.Login is { } login) return new ProxmoxLogin(login, context, nodes, cluster, ending);
        if (settings.Token is not null || settings is { TokenId: not null, TokenSecret: not null }) return new ProxmoxToken(settings, context);
        var missing = settings switch
        {
            { TokenId: not null } => "gives tokenId without tokenSecret",
            { TokenSecret: not null } => "gives tokenSecret without tokenId",
            _ => "gives no credential",
        };
        throw Wrong(
            cluster,
            "ProxmoxCredentialMissing",
            $"providers.proxmox {missing}",
            "Make an API token in Proxmox (Datacenter, Permissions, API Tokens) and name it: token: env:PROXMOX_TOKEN, or tokenId and tokenSecret.");
    }

    private static HomelabException Wrong(string cluster, string id, string what, string wayOut) =>
        new(ErrorKind.Invalid, id, $"{what}. {wayOut}", cluster) { WayOut = wayOut, NothingHappened = true };
}
