using System.Buffers;
using System.Text.Json;
using ModelContextProtocol.Protocol;

namespace Homelab.Host.Mcp;

/// <summary>Finds the id in a line that cannot be read as a whole: whoever waits for an answer by that id is told, and waits no more.</summary>
internal static class MessageId
{
    // The depth is no reason to find none: it may be what is wrong with the line.
    private static readonly JsonReaderOptions s_deep = new() { MaxDepth = int.MaxValue };

    /// <summary>The first id of the outermost object; none where it is not reached.</summary>
    internal static RequestId In(ReadOnlySequence<byte> line)
    {
        try
        {
            var json = new Utf8JsonReader(line, s_deep);
            if (!json.Read() || json.TokenType != JsonTokenType.StartObject) return default;
            while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
            {
                var isId = json.ValueTextEquals("id"u8);
                if (!json.Read()) return default;
                if (isId) return Read(ref json);
                json.Skip();
            }
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // Broken before it; the latter for a text that is no Unicode.
        }

        return default;
    }

    private static RequestId Read(ref Utf8JsonReader json) => json.TokenType switch
    {
        JsonTokenType.String => new RequestId(json.GetString()!),
        JsonTokenType.Number when json.TryGetInt64(out var number) => new RequestId(number),
        _ => default,
    };
}
