using System.Text.RegularExpressions;

namespace Homelab.Providers.TrueNas;

/// <summary>The API key of the lab file.</summary>
/// <remarks>truenas/api_client: <c>auth_api_key.py</c> for its form.</remarks>
internal sealed partial class NasKey(TrueNasSettings settings, HttpPeer http, ProviderContext context)
{
    /// <summary>The key as it is sent, if it has the form of one and is sent where nobody else reads it.</summary>
    internal async Task<string> ReadAsync(CancellationToken cancellationToken)
    {
        if (settings.Url.Scheme != Uri.UriSchemeHttps && !settings.Url.IsLoopback)
        {
            throw http.Problem(ErrorKind.Invalid, "NotEncrypted", "is not asked over plain http: TrueNAS revokes an API key that it is sent without TLS", "Set providers.truenas.url to https://…, and tls.sha256 where its certificate is its own.", nothingHappened: true);
        }

        var key = (await context.Secrets.ResolveAsync(settings.ApiKey, cancellationToken).ConfigureAwait(false)).Reveal().Trim();
        return KeyForm().IsMatch(key)
            ? key
            : throw http.Problem(ErrorKind.Invalid, "KeyInvalid", $"cannot be logged in to: {settings.ApiKey} is no API key", "It is a number, a hyphen and 64 letters and digits, shown once when it is made: Credentials, Users, API Keys.", nothingHappened: true);
    }

    [GeneratedRegex("^[0-9]+-[A-Za-z0-9]+\\z", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex KeyForm();
}
