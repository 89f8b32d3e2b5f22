using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Homelab.UnitTests.Lab.Proxmox;

/// <summary>Reads as much of a JSON text as there is: what the end cuts through is left out, what it leaves open is closed.</summary>
internal static class AbridgedJson
{
    internal static JsonNode? Read(string text)
    {
        var reader = new Utf8JsonReader(Encoding.UTF8.GetBytes(text), isFinalBlock: false, state: default);
        var open = new Stack<JsonNode>();
        JsonNode? root = null;
        string? name = null;
        while (reader.Read())
        {
            switch (reader.TokenType)
            {
                case JsonTokenType.PropertyName:
                    name = reader.GetString();
                    break;
                case JsonTokenType.EndObject or JsonTokenType.EndArray:
                    open.Pop();
                    break;
                default:
                    var value = Value(ref reader);
                    if (open.Count == 0) root = value;
                    else if (open.Peek() is JsonObject parent) parent[name!] = value;
                    else open.Peek().AsArray().Add(value);
                    if (reader.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray) open.Push(value!);
                    break;
            }
        }

        return root;
    }

    private static JsonNode? Value(ref Utf8JsonReader reader) => reader.TokenType switch
    {
        JsonTokenType.StartObject => new JsonObject(),
        JsonTokenType.StartArray => new JsonArray(),
        JsonTokenType.String => JsonValue.Create(reader.GetString()),
        JsonTokenType.Number => JsonValue.Create(reader.GetDecimal()),
        JsonTokenType.True => JsonValue.Create(value: true),
        JsonTokenType.False => JsonValue.Create(value: false),
        JsonTokenType.Null => null,
        _ => throw new JsonException($"Unexpected {reader.TokenType}."),
    };
}
