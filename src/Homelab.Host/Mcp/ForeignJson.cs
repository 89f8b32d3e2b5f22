using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Homelab.Host.Mcp;

/// <summary>Makes what other systems wrote fit for a model: secrets masked, every text cleaned and cut, long lists cut, and nothing larger than it may be.</summary>
internal sealed class ForeignJson(SecretRedactor redactor)
{
    // Tried one after the other until the item is small enough: characters of a text, entries of a list.
    private static readonly (int Text, int Entries)[] s_measures = [(2_000, 100), (200, 40), (40, 10)];

    // Only what JSON itself needs escaped: a model reads it, no browser.
    private static readonly JsonSerializerOptions s_readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>One item as clean JSON of at most about <paramref name="characters"/> characters.</summary>
    internal (JsonNode Node, string Text) Clean(object item, Type type, int characters)
    {
        var whole = JsonSerializer.SerializeToNode(item, type, HomelabJson.Options);
        JsonNode? clean = null;
        var text = "";
        foreach (var (longest, entries) in s_measures)
        {
            clean = Clean(whole, longest, entries);
            text = clean?.ToJsonString(s_readable) ?? "null";
            if (text.Length <= characters) break;
        }

        return (clean ?? JsonValue.Create("")!, text);
    }

    /// <summary>One text on one line.</summary>
    internal string Clean(string text, int longest) => ForeignText.Clean(redactor.Redact(text), longest);

    private JsonNode? Clean(JsonNode? node, int longest, int entries)
    {
        switch (node)
        {
            case JsonObject record:
                var fields = new JsonObject();
                // Labels are names too, and as foreign as what they name.
                foreach (var (name, value) in record.Take(entries)) fields[Clean(name, longest)] = Clean(value, longest, entries);
                if (record.Count > entries) fields["…"] = $"{record.Count - entries} more";
                return fields;
            case JsonArray list:
                var items = new JsonArray([.. list.Take(entries).Select(n => Clean(n, longest, entries))]);
                if (list.Count > entries) items.Add($"… {list.Count - entries} more");
                return items;
            case JsonValue value when value.GetValueKind() == JsonValueKind.String:
                return Clean(value.GetValue<string>(), longest);
            default:
                return node?.DeepClone();
        }
    }
}
