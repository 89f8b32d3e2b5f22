using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Homelab.Providers.Proxmox;

/// <summary>What Proxmox wraps each answer in: <c>{"data":…,"message":…,"errors":{…}}</c>, its keys in any order.</summary>
internal static class ProxmoxEnvelope
{
    /// <summary>The <c>data</c> of an answer. Null when there is none, or when it is null.</summary>
    /// <exception cref="JsonException">It is no JSON, or of another shape.</exception>
    internal static T? Data<T>(ReadOnlySpan<byte> body, JsonTypeInfo<T> type)
    {
        var reader = new Utf8JsonReader(body);
        T? data = default;
        Begin(ref reader);
        while (Next(ref reader))
        {
            if (reader.ValueTextEquals("data"u8))
            {
                reader.Read();
                data = JsonSerializer.Deserialize(ref reader, type);
            }
            else
            {
                reader.Skip();
            }
        }

        return data;
    }

    /// <summary>The <c>data</c> of a change: a task's UPID where it began one, else null.</summary>
    /// <exception cref="JsonException">It is no JSON, or has no <c>data</c>.</exception>
    internal static string? Text(ReadOnlySpan<byte> body)
    {
        var reader = new Utf8JsonReader(body);
        var found = false;
        string? text = null;
        Begin(ref reader);
        while (Next(ref reader))
        {
            var isData = reader.ValueTextEquals("data"u8);
            reader.Read();
            if (isData) text = reader.TokenType == JsonTokenType.String ? Text(ref reader) : null;
            found |= isData;
            reader.Skip();
        }

        return found ? text : throw new JsonException("there is no 'data'");
    }

    /// <summary>What a refusal says, and of which parameters. A proxy in between says it in plain words, and so does Proxmox at times.</summary>
    internal static (string Message, IReadOnlyList<(string Field, string Text)> Fields) Refusal(ReadOnlyMemory<byte> body)
    {
        if (body.IsEmpty) return ("", []);
        try
        {
            using var document = JsonDocument.Parse(body);
            if (document.RootElement is not { ValueKind: JsonValueKind.Object } root) return ("", []);
            var message = root.TryGetProperty("message", out var said) && said.ValueKind == JsonValueKind.String ? said.GetString()! : "";
            if (!root.TryGetProperty("errors", out var errors) || errors.ValueKind != JsonValueKind.Object) return (message, []);
            return (message, [.. errors.EnumerateObject().Select(static e => (e.Name, Text: e.Value.ToString())).OrderBy(static e => e.Name, StringComparer.Ordinal)]);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            var text = Encoding.UTF8.GetString(body.Span).Trim();
            // A page, or half an answer, says nothing in its first line.
            return (text.StartsWith('<') || text.StartsWith('{') ? "" : text, []);
        }
    }

    private static string? Text(ref Utf8JsonReader reader)
    {
        try
        {
            return reader.GetString();
        }
        catch (InvalidOperationException e)
        {
            throw new JsonException("its 'data' is no UTF-8", e);
        }
    }

    private static void Begin(ref Utf8JsonReader reader)
    {
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject) throw new JsonException("it is no object");
    }

    // Stands on the next key; false at the end, behind which nothing may come.
    private static bool Next(ref Utf8JsonReader reader)
    {
        reader.Read();
        if (reader.TokenType == JsonTokenType.PropertyName) return true;
        reader.Read();
        return false;
    }
}
