using System.ComponentModel;

namespace Homelab.Providers.Cloudflare;

/// <summary>The token that certificates are obtained with: <c>providers: cloudflare:</c> in the lab file.</summary>
public sealed record CloudflareSettings
{
    /// <summary>The token.</summary>
    [Description("The API token by which the reverse proxy proves that names are yours (DNS challenge): env:CF_DNS_API_TOKEN.")]
    public required SecretReference Token { get; init; }

    /// <summary>The address of the API.</summary>
    [Description("The address of Cloudflare's API, where it is not https://api.cloudflare.com/client/v4.")]
    public Uri? Url { get; init; }
}
