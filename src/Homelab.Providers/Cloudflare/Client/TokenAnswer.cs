using System.Globalization;
using System.Text.Json;

namespace Homelab.Providers.Cloudflare;

/// <summary>An answer of <c>/user/tokens/verify</c>: <c>{"success":true,"result":{"id":…,"status":"active","expires_on":…},"errors":[],"messages":[{"code":…,"message":…}]}</c>.</summary>
/// <param name="Success">True only when the API said so in so many words.</param>
/// <param name="Token">What it says of the token; null when it says nothing that can be read.</param>
/// <param name="Said">Its own words: the first error, else the first message.</param>
internal sealed record TokenAnswer(bool Success, CloudflareToken? Token, string Said)
{
    private const int LongestText = 200;

    /// <summary>Null for what is no answer of the API: a proxy's page.</summary>
    internal static TokenAnswer? Read(byte[] body)
    {
        try
        {
            using var json = JsonDocument.Parse(body, new JsonDocumentOptions { MaxDepth = 32, AllowDuplicateProperties = false });
            var root = json.RootElement;
            if (root.ValueKind != JsonValueKind.Object || !root.TryGetProperty("success", out var success)) return null;
            var said = First(root, "errors") ?? First(root, "messages") ?? "Cloudflare does not say why";
            var token = root.TryGetProperty("result", out var result) && Text(result, "status") is { } status ? Of(result, status, said) : null;
            return new TokenAnswer(success.ValueKind == JsonValueKind.True, token, said);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    private static CloudflareToken Of(JsonElement result, string status, string said)
    {
        var known = status switch
        {
            "active" => CloudflareTokenStatus.Active,
            "disabled" => CloudflareTokenStatus.Disabled,
            "expired" => CloudflareTokenStatus.Expired,
            _ => CloudflareTokenStatus.Refused,
        };
        return new CloudflareToken
        {
            Valid = known == CloudflareTokenStatus.Active,
            Status = known,
            Reason = known == CloudflareTokenStatus.Refused ? $"its status is '{ForeignText.Clean(status, LongestText)}', which is not known" : said,
            Id = Text(result, "id") is { } id ? ForeignText.Clean(id, LongestText) : "",
            ExpiresOn = Time(result, "expires_on"),
            NotBefore = Time(result, "not_before"),
        };
    }

    private static string? First(JsonElement root, string field) =>
        root.TryGetProperty(field, out var list) && list.ValueKind == JsonValueKind.Array && list.GetArrayLength() > 0 && Text(list[0], "message") is { } text ? ForeignText.Clean(text, LongestText) : null;

    private static DateTimeOffset? Time(JsonElement parent, string field) =>
        Text(parent, field) is { } text && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) ? time : null;

    private static string? Text(JsonElement parent, string field) =>
        parent.ValueKind == JsonValueKind.Object && parent.TryGetProperty(field, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
