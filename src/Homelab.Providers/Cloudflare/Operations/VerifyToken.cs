using System.ComponentModel;
using System.Runtime.CompilerServices;

namespace Homelab.Providers.Cloudflare;

/// <summary>Tells whether Cloudflare takes the token by which certificates are obtained.</summary>
/// <remarks>Cloudflare API: <c>GET /user/tokens/verify</c>. Like <c>curl -H "Authorization: Bearer …" https://api.cloudflare.com/client/v4/user/tokens/verify</c>.</remarks>
[Operation("cloudflare_check_token", Level.Monitor, Risk.Read)]
[Description("Tells whether Cloudflare takes the API token by which the reverse proxy obtains certificates, and until when. That it is refused is a finding, no error.")]
[Example("Test-HlCloudflareToken", "Ask Cloudflare about the token of the lab file.")]
[Example("Test-HlCloudflareToken | Where-Object Valid -eq $false", "Show it only when certificates cannot be renewed with it.")]
public sealed class VerifyToken : Query<VerifyToken.Input, CloudflareToken>
{
    private readonly CloudflareClient? _client;

    internal VerifyToken(CloudflareClient? client) => _client = client;

    /// <summary>Nothing: the lab file names the token.</summary>
    public sealed record Input;

    /// <inheritdoc/>
    public override Intent Describe(Input input) => new("Check Cloudflare token", Target.Lab);

    /// <inheritdoc/>
    protected override async IAsyncEnumerable<CloudflareToken> RunAsync(Input input, OperationContext context, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (_client is null)
        {
            const string WayOut = "Give providers.cloudflare in the lab file: token: env:CF_DNS_API_TOKEN.";
            throw new HomelabException(ErrorKind.Invalid, "CloudflareNotConfigured", $"The lab file names no token of Cloudflare. {WayOut}", CloudflareClient.Target) { WayOut = WayOut };
        }

        yield return await _client.VerifyAsync(cancellationToken).ConfigureAwait(false);
    }
}
