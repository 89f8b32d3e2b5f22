using System.Text.Json;

namespace Homelab.Composition.Clients;

/// <summary>A value of a JSON text, by where it stands in it.</summary>
/// <param name="Kind">What begins there.</param>
/// <param name="Start">Its first byte.</param>
internal sealed record JsoncNode(JsonTokenType Kind, int Start)
{
    /// <summary>The byte after its last one.</summary>
    internal int End { get; private set; }

    /// <summary>Of an object or list: what it holds, in order.</summary>
    internal List<JsoncChild> Children { get; } = [];

    /// <summary>The member of that name: the last one, as every client's parser has it; null where there is none.</summary>
    internal JsoncChild? Find(string name) => Children.FindLast(c => c.Name == name);

    /// <summary>Reads the one value of a text.</summary>
    /// <exception cref="JsonException">It is no JSON, comments and trailing commas allowed; with line and byte.</exception>
    internal static JsoncNode Read(ReadOnlySpan<byte> text)
    {
        var reader = new Utf8JsonReader(text, new JsonReaderOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true });
        reader.Read();
        var root = Read(ref reader);
        // Whatever follows it is looked at too.
        while (reader.Read())
        {
        }

        return root;
    }

    private static JsoncNode Read(ref Utf8JsonReader reader)
    {
        var node = new JsoncNode(reader.TokenType, (int)reader.TokenStartIndex);
        if (node.Kind is JsonTokenType.StartObject or JsonTokenType.StartArray)
        {
            while (reader.Read() && reader.TokenType is not (JsonTokenType.EndObject or JsonTokenType.EndArray))
            {
                string? name = null;
                var start = (int)reader.TokenStartIndex;
                if (reader.TokenType is JsonTokenType.PropertyName)
                {
                    name = reader.GetString();
                    reader.Read();
                }

                node.Children.Add(new JsoncChild(name, start, Read(ref reader)));
            }
        }

        node.End = (int)reader.BytesConsumed;
        return node;
    }
}

/// <summary>A member of an object, or an element of a list.</summary>
/// <param name="Name">Its name; null in a list.</param>
/// <param name="Start">Where the name begins, or the value of one without.</param>
/// <param name="Value">Its value.</param>
internal sealed record JsoncChild(string? Name, int Start, JsoncNode Value);
