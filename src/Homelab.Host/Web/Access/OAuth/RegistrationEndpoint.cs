using System.Text.Json;
using System.Text.Json.Nodes;
using Homelab.Composition;

namespace Homelab.Host.Web.Access.OAuth;

/// <summary><c>POST /oauth/register</c>: a client registers itself, where the lab file lets it. It may nothing by that; a person must let it in. RFC 7591.</summary>
internal sealed class RegistrationEndpoint(HomelabRuntime runtime, Doorkeeper door, OAuthAudit audit)
{
    // Anybody may call: our store must not be filled by whoever likes to.
    private const int PerMinute = 10;
    private const int Most = 500;
    private const int MostRedirects = 10;
    private const int LongestName = 100;

    private static readonly string[] s_methods = ["none", "client_secret_basic", "client_secret_post"];

    internal async Task AnswerAsync(HttpContext http, string origin)
    {
        if (!runtime.File.Lab.Mcp.Registration.Enabled)
        {
            http.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }

        if (door.Count(http, "registrations", PerMinute) is not null) throw new OAuthException(StatusCodes.Status429TooManyRequests, "temporarily_unavailable", $"At most {PerMinute} clients register in a minute.");
        using var body = await ReadAsync(http);
        var root = body.RootElement;
        var redirects = Redirects(root);
        var method = Text(root, "token_endpoint_auth_method") ?? "client_secret_basic";
        if (!s_methods.Contains(method, StringComparer.Ordinal)) throw Metadata($"token_endpoint_auth_method may be {string.Join(", ", s_methods)}.");
        Check(root, "grant_types", ["authorization_code", "refresh_token"]);
        Check(root, "response_types", ["code"]);
        var store = runtime.Access.Store;
        if ((await store.ListClientsAsync(http.RequestAborted)).Count >= Most) throw new OAuthException(StatusCodes.Status503ServiceUnavailable, "temporarily_unavailable", "No more clients are taken: have a person remove some with Remove-HlMcpClient.");

        var secret = method == "none" ? null : CredentialSecret.New("hls_");
        var client = new ClientRegistration
        {
            Id = CredentialSecret.New(ClientRegistration.Prefix),
            Name = ForeignText.Clean(Text(root, "client_name") ?? "", LongestName) is { Length: > 0 } name ? name : "(no name)",
            Redirects = redirects,
            SecretHash = secret is null ? null : CredentialSecret.HashOf(secret),
            CreatedAt = runtime.Time.GetUtcNow(),
        };
        await store.AddClientAsync(client, CancellationToken.None);
        await audit.DoneAsync(OAuthAudit.Register, client.Id, $"registered as «{client.Name}», sent back to {string.Join(", ", redirects.Select(RedirectAddress.ShownAs))}");
        await OAuthAnswer.WriteAsync(http, StatusCodes.Status201Created, Told(client, secret, method));
    }

    private static JsonObject Told(ClientRegistration client, string? secret, string method)
    {
        var answer = new JsonObject
        {
            ["client_id"] = client.Id,
            ["client_id_issued_at"] = client.CreatedAt.ToUnixTimeSeconds(),
            ["client_name"] = client.Name,
            ["redirect_uris"] = new JsonArray([.. client.Redirects.Select(static r => (JsonNode)r)]),
            ["grant_types"] = new JsonArray("authorization_code", "refresh_token"),
            ["response_types"] = new JsonArray("code"),
            ["token_endpoint_auth_method"] = method,
            ["scope"] = OAuthMetadata.Scope,
        };
        if (secret is null) return answer;
        answer["client_secret"] = secret;
        answer["client_secret_expires_at"] = 0;
        return answer;
    }

    private static async Task<JsonDocument> ReadAsync(HttpContext http)
    {
        JsonDocument body;
        try
        {
            body = await JsonDocument.ParseAsync(http.Request.Body, cancellationToken: http.RequestAborted);
        }
        catch (JsonException)
        {
            throw Metadata("The body is not JSON.");
        }

        if (body.RootElement.ValueKind == JsonValueKind.Object) return body;
        body.Dispose();
        throw Metadata("The body is not a JSON object.");
    }

    private static string[] Redirects(JsonElement root)
    {
        var redirects = Texts(root, "redirect_uris");
        if (redirects is not { Length: > 0 and <= MostRedirects }) throw new OAuthException(StatusCodes.Status400BadRequest, "invalid_redirect_uri", $"redirect_uris takes a list of 1 to {MostRedirects} addresses.");
        foreach (var redirect in redirects)
        {
            if (RedirectAddress.WhyNot(redirect) is { } why) throw new OAuthException(StatusCodes.Status400BadRequest, "invalid_redirect_uri", $"One of redirect_uris {why}.");
        }

        return redirects;
    }

    private static void Check(JsonElement root, string name, string[] known)
    {
        if (Texts(root, name) is { } given && given.Except(known, StringComparer.Ordinal).Any()) throw Metadata($"{name} may hold {string.Join(", ", known)}.");
    }

    private static string? Text(JsonElement root, string name)
    {
        if (!root.TryGetProperty(name, out var value) || value.ValueKind == JsonValueKind.Null) return null;
        return value.ValueKind == JsonValueKind.String ? value.GetString() : throw Metadata($"{name} is not a text.");
    }

    private static string[]? Texts(JsonElement root, string name)
    {
        if (!root.TryGetProperty(name, out var value) || value.ValueKind == JsonValueKind.Null) return null;
        if (value.ValueKind != JsonValueKind.Array || value.EnumerateArray().Any(static e => e.ValueKind != JsonValueKind.String)) throw Metadata($"{name} is not a list of texts.");
        return [.. value.EnumerateArray().Select(static e => e.GetString()!)];
    }

    private static OAuthException Metadata(string description) => new(StatusCodes.Status400BadRequest, "invalid_client_metadata", description);
}
