using System.Text.Json;

namespace Homelab.Providers.Telegram;

/// <summary>An answer of the Bot API: <c>{"ok":true,…}</c> or <c>{"ok":false,"error_code":…,"description":…,"parameters":{"retry_after":…}}</c>.</summary>
internal sealed record BotAnswer(int Status)
{
    /// <summary>True only when the API said so in so many words.</summary>
    internal bool Ok { get; private init; }

    internal int? ErrorCode { get; private init; }

    internal string? Description { get; private init; }

    /// <summary>Seconds to wait.</summary>
    internal int? RetryAfter { get; private init; }

    internal static BotAnswer Read(int status, byte[] body)
    {
        var plain = new BotAnswer(status);
        try
        {
            using var json = JsonDocument.Parse(body, new JsonDocumentOptions { MaxDepth = 32, AllowDuplicateProperties = false });
            var root = json.RootElement;
            if (root.ValueKind != JsonValueKind.Object) return plain;
            return plain with
            {
                Ok = status == 200 && root.TryGetProperty("ok", out var ok) && ok.ValueKind == JsonValueKind.True,
                ErrorCode = Number(root, "error_code"),
                Description = root.TryGetProperty("description", out var text) && text.ValueKind == JsonValueKind.String ? text.GetString() : null,
                RetryAfter = root.TryGetProperty("parameters", out var parameters) && parameters.ValueKind == JsonValueKind.Object ? Number(parameters, "retry_after") : null,
            };
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // A proxy's page, or half a character in a text: the status alone has to tell, and it never says that a message was taken.
            return plain;
        }
    }

    private static int? Number(JsonElement parent, string field) =>
        parent.TryGetProperty(field, out var value) && value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var number) ? number : null;
}
