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
            var result = root.TryGetProperty("result", out var given) ? given : default;
            return plain with
            {
                Ok = status == 200 && root.TryGetProperty("ok", out var ok) && ok.ValueKind == JsonValueKind.True,
                ErrorCode = Number(root, "error_code"),
                Description = Text(root, "description"),
                Username = Text(result, "username"),
                ChatType = Text(result, "type"),
                RetryAfter = root.TryGetProperty("parameters", out var parameters) && parameters.ValueKind == JsonValueKind.Object ? Number(parameters, "retry_after") : null,
            };
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // A proxy's page, or half a character in a text: the status alone has to tell, and it never says that a message was taken.
            return plain;
        }
    }

    private static string? Text(JsonElement parent, string field) =>
        parent.ValueKind == JsonValueKind.Object && parent.TryGetProperty(field, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static int? Number(JsonElement parent, string field) =>
        parent.TryGetProperty(field, out var value) && value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var number) ? number : null;
}
