using System.Text.Json;

namespace Homelab.Providers.Telegram;

/// <summary>An answer of the Bot API: <c>{"ok":true,…}</c> or <c>{"ok":false,"error_code":…,"description":…,"parameters":{"retry_after":…}}</c>.</summary>
internal sealed record BotAnswer(int Status)
{
    /// <summary>True only when the API said so in so many words.</summary>
    internal bool Ok { get; private init; }

    internal int? ErrorCode { get; private init; }

    internal string? Description { get; private init; }

    /// <summary>The user name of the bot that <c>getMe</c> tells of.</summary>
    internal string? Username { get; private init; }

    /// <summary>The kind of the chat that <c>getChat</c> tells of: <c>private</c>, <c>group</c>, …</summary>
    internal string? ChatType { get; private init; }

    /// <summary>The message that was sent or changed.</summary>
    internal long? MessageId { get; private init; }

    /// <summary>The address that <c>getWebhookInfo</c> tells of; empty where none is set.</summary>
    internal string? Url { get; private init; }

    /// <summary>What <c>getUpdates</c> tells of; null where the answer is no list.</summary>
    internal IReadOnlyList<BotUpdate>? Updates { get; private init; }

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
            var result = Part(root, "result");
            return plain with
            {
                Ok = status == 200 && root.TryGetProperty("ok", out var ok) && ok.ValueKind == JsonValueKind.True,
                ErrorCode = Number(root, "error_code"),
                Description = Text(root, "description"),
                Username = Text(result, "username"),
                ChatType = Text(result, "type"),
                MessageId = Long(result, "message_id"),
                Url = Text(result, "url"),
                Updates = result.ValueKind == JsonValueKind.Array ? [.. result.EnumerateArray().Select(BotUpdate.Read).OfType<BotUpdate>()] : null,
                RetryAfter = root.TryGetProperty("parameters", out var parameters) && parameters.ValueKind == JsonValueKind.Object ? Number(parameters, "retry_after") : null,
            };
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // A proxy's page, or half a character in a text: the status alone has to tell, and it never says that a message was taken.
            return plain;
        }
    }

    internal static string? Text(JsonElement parent, string field) =>
        parent.ValueKind == JsonValueKind.Object && parent.TryGetProperty(field, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    internal static long? Long(JsonElement parent, string field) =>
        parent.ValueKind == JsonValueKind.Object && parent.TryGetProperty(field, out var value) && value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out var number) ? number : null;

    internal static JsonElement Part(JsonElement parent, string field) =>
        parent.ValueKind == JsonValueKind.Object && parent.TryGetProperty(field, out var value) ? value : default;

    private static int? Number(JsonElement parent, string field) =>
        parent.TryGetProperty(field, out var value) && value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var number) ? number : null;
}
