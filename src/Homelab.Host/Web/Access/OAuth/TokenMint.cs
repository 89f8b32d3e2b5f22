using System.Globalization;
using System.Text.Json.Nodes;
using Homelab.Composition;
using Homelab.Composition.Access;

namespace Homelab.Host.Web.Access.OAuth;

/// <summary>Makes codes and tokens. Their texts leave in an answer and are kept nowhere.</summary>
internal sealed class TokenMint(HomelabRuntime runtime)
{
    private static readonly TimeSpan s_code = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan s_access = TimeSpan.FromHours(1);
    private static readonly TimeSpan s_refresh = TimeSpan.FromDays(30);
    private static readonly TimeSpan s_kept = TimeSpan.FromDays(1);
    private static readonly TimeSpan s_sweepEvery = TimeSpan.FromHours(1);

    private long _sweptAt = runtime.Time.GetTimestamp();

    /// <summary>What one consent, or one login, is known by.</summary>
    internal static string NewFamily() => Guid.CreateVersion7().ToString("N");

    /// <summary>A grant of its own kind and time, and the text to hand over.</summary>
    internal (string Secret, AccessGrant Grant) Make(GrantKind kind, string family, OAuthClient client, Level level, OperationScope scope, string resource)
    {
        var secret = CredentialSecret.New(AccessGrant.PrefixOf(kind));
        var now = runtime.Time.GetUtcNow();
        return (secret, new AccessGrant
        {
            Hash = CredentialSecret.HashOf(secret),
            Kind = kind,
            Family = family,
            Client = client.Id,
            Level = level,
            Scope = scope,
            Resource = resource,
            IssuedAt = now,
            ExpiresAt = now + (kind switch { GrantKind.Code => s_code, GrantKind.Access => s_access, _ => s_refresh }),
        });
    }

    /// <summary>The answer that hands tokens over.</summary>
    internal static JsonObject Answer(string access, AccessGrant grant, string? refresh)
    {
        var answer = new JsonObject
        {
            ["access_token"] = access,
            ["token_type"] = "Bearer",
            ["expires_in"] = (int)(grant.ExpiresAt - grant.IssuedAt).TotalSeconds,
            ["scope"] = OAuthMetadata.Scope,
        };
        if (refresh is not null) answer["refresh_token"] = refresh;
        return answer;
    }

    /// <summary>How the audit tells a token.</summary>
    internal static string Told(AccessGrant grant, string by) =>
        string.Create(CultureInfo.InvariantCulture, $"access token by {by}, level {HomelabNames.Of(grant.Level)}, for {grant.Resource}, until {grant.ExpiresAt:u}");

    /// <summary>Forgets what is long over, now and then.</summary>
    internal async Task SweepAsync(CancellationToken cancellationToken)
    {
        var swept = Volatile.Read(ref _sweptAt);
        if (runtime.Time.GetElapsedTime(swept) < s_sweepEvery || Interlocked.CompareExchange(ref _sweptAt, runtime.Time.GetTimestamp(), swept) != swept) return;
        await runtime.Access.Store.SweepGrantsAsync(runtime.Time.GetUtcNow() - s_kept, cancellationToken);
    }
}
