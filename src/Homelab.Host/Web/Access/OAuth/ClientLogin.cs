using System.Security.Cryptography;
using System.Text;
using Homelab.Composition;
using Homelab.Composition.Access;

namespace Homelab.Host.Web.Access.OAuth;

/// <summary>Knows a client by its id and secret, in the header or in the form. RFC 6749, 2.3.</summary>
internal sealed class ClientLogin(HomelabRuntime runtime, Doorkeeper door, OAuthAudit audit)
{
    private const string Basic = "Basic ";

    private static readonly Secret s_nobodys = new(CredentialSecret.New(""));

    /// <exception cref="OAuthException"><c>invalid_client</c>: nobody knows it, or its secret is wrong, missing, or given though it has none.</exception>
    internal async Task<OAuthClient> LogInAsync(HttpContext http, OAuthForm form, string what)
    {
        var (id, secrets) = Read(http, form);
        var client = await runtime.Access.Clients.FindAsync(id, http.RequestAborted);
        if (client is null)
        {
            // As long as with one that is known.
            foreach (var secret in secrets) BearerToken.IsSame(secret, s_nobodys);
            throw Refused(http);
        }

        if (!client.HasSecret && secrets.Length == 0) return client;
        if (client.HasSecret && await MatchesAsync(client, secrets, http.RequestAborted)) return client;
        await audit.RefusedAsync(what, client.Id, secrets.Length == 0 ? "its secret is missing" : client.HasSecret ? "its secret is wrong" : "a secret was given, and it has none");
        throw Refused(http);
    }

    // The secret as the RFC has it, percent-encoded before it is base64, and as most clients do, plain.
    private static (string Id, string[] Secrets) Read(HttpContext http, OAuthForm form)
    {
        string? header = http.Request.Headers.Authorization;
        if (header is null) return (form.Need("client_id"), form["client_secret"] is { } secret ? [secret] : []);
        if (!header.StartsWith(Basic, StringComparison.OrdinalIgnoreCase)) throw OAuthException.Request("The header Authorization takes Basic here.");
        if (form["client_secret"] is not null) throw OAuthException.Request("The secret is given twice: in the header and in the form.");
        var encoded = header[Basic.Length..].Trim();
        var bytes = new byte[encoded.Length];
        var login = Convert.TryFromBase64String(encoded, bytes, out var length) ? Encoding.UTF8.GetString(bytes, 0, length) : "";
        var colon = login.IndexOf(':', StringComparison.Ordinal);
        if (colon < 0) throw OAuthException.Request("The header Authorization is not of the form Basic base64(id:secret).");
        var id = Decoded(login[..colon]);
        if (form["client_id"] is { } other && other != id) throw OAuthException.Request("client_id is another in the header than in the form.");
        return (id, [.. new[] { login[(colon + 1)..], Decoded(login[(colon + 1)..]) }.Distinct(StringComparer.Ordinal)]);
    }

    private async Task<bool> MatchesAsync(OAuthClient client, string[] secrets, CancellationToken cancellationToken)
    {
        var matches = false;
        if (client.Secret is { } reference)
        {
            // Read anew each time: a rotated secret works at once.
            var expected = await runtime.Secrets.ResolveAsync(reference, cancellationToken);
            foreach (var secret in secrets) matches |= BearerToken.IsSame(secret, expected);
            return matches;
        }

        var kept = Encoding.ASCII.GetBytes(client.SecretHash!);
        foreach (var secret in secrets) matches |= CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(CredentialSecret.HashOf(secret)), kept);
        return matches;
    }

    private OAuthException Refused(HttpContext http)
    {
        door.NoteGuess(http, Face.Mcp);
        http.Response.Headers.WWWAuthenticate = "Basic realm=\"homelab\"";
        return new OAuthException(StatusCodes.Status401Unauthorized, "invalid_client", "The client is not known here, or its secret is wrong or missing.");
    }

    private static string Decoded(string text) => Uri.UnescapeDataString(text.Replace('+', ' '));
}
