using System.Text.RegularExpressions;

namespace Homelab.Providers.Proxmox;

/// <summary>An API token, read anew for each request, so that a rotated one works without a restart.</summary>
internal sealed partial class ProxmoxToken(ProxmoxSettings settings, ProviderContext context) : ProxmoxCredential
{
    private volatile string? _user = settings.TokenId?.Trim();

    internal override string? User => _user;

    internal override string Setting => settings.Token is null ? "providers.proxmox.tokenId and tokenSecret" : "providers.proxmox.token";

    internal override async Task<ProxmoxPass> PassAsync(CancellationToken cancellationToken)
    {
        var token = await ReadAsync(cancellationToken).ConfigureAwait(false);
        _user = token[..token.LastIndexOf('=')];
        return ProxmoxPass.OfToken(token);
    }

    private async Task<string> ReadAsync(CancellationToken cancellationToken)
    {
        if (settings.Token is { } reference)
        {
            var whole = (await context.Secrets.ResolveAsync(reference, cancellationToken).ConfigureAwait(false)).Reveal().Trim();
            return WholePattern().IsMatch(whole) ? whole : throw Invalid($"providers.proxmox.token ({reference})", "user@realm!name=secret, with a secret such as 01234567-89ab-cdef-0123-456789abcdef");
        }

        var id = settings.TokenId!.Trim();
        if (!IdPattern().IsMatch(id)) throw Invalid("providers.proxmox.tokenId", "user@realm!name, such as homelab@pve!module");
        var secret = (await context.Secrets.ResolveAsync(settings.TokenSecret!, cancellationToken).ConfigureAwait(false)).Reveal().Trim();
        if (!SecretPattern().IsMatch(secret)) throw Invalid($"providers.proxmox.tokenSecret ({settings.TokenSecret})", "that of a UUID, 01234567-89ab-cdef-0123-456789abcdef");
        return $"{id}={secret}";
    }

    // What is there is not repeated, whatever it looks like: it may be a secret in the wrong place.
    private HomelabException Invalid(string setting, string form)
    {
        const string WayOut = "Take it as Proxmox showed it when the token was made (Datacenter, Permissions, API Tokens); a lost secret is replaced by a new token.";
        return new HomelabException(ErrorKind.Invalid, "ProxmoxTokenInvalid", $"{setting} is no API token: its form must be {form}. {WayOut}", ProxmoxAddress.Show(settings.Url)) { WayOut = WayOut, NothingHappened = true };
    }

    private const string Id = @"[!-~-[!/:=]]+@[A-Za-z][A-Za-z0-9._-]*![A-Za-z][A-Za-z0-9._-]*";
    private const string Uuid = "[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}";

    [GeneratedRegex($@"\A{Id}={Uuid}\z", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex WholePattern();

    [GeneratedRegex($@"\A{Id}\z", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex IdPattern();

    [GeneratedRegex($@"\A{Uuid}\z", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex SecretPattern();
}
