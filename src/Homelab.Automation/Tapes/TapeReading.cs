using System.Text.Json;
using System.Text.Json.Nodes;

namespace Homelab.Automation.Tapes;

/// <summary>A line of a tape, read or found wrong.</summary>
/// <param name="Number">Its number, from 1.</param>
/// <param name="Entry">What it says; null for one that cannot be read.</param>
/// <param name="Problem">What is wrong with it; empty for one that was read.</param>
public sealed record TapeReading(int Number, TapeEntry? Entry, string Problem)
{
    /// <summary>An entry as a line, without any secret known so far.</summary>
    public static string Write(TapeEntry entry, Func<string, string> redact)
    {
        ArgumentNullException.ThrowIfNull(redact);
        var node = JsonSerializer.SerializeToNode(entry, HomelabJson.Options)!;
        // Before it is escaped: a secret with a quote in it would no longer be found afterwards.
        Redact(node, redact);
        return node.ToJsonString(HomelabJson.Options);
    }

    private static void Redact(JsonNode node, Func<string, string> redact)
    {
        switch (node)
        {
            case JsonObject record:
                foreach (var (name, value) in record.ToList())
                {
                    if (Text(value) is { } text) record[name] = redact(text);
                    else if (value is not null) Redact(value, redact);
                }

                break;
            case JsonArray list:
                for (var i = 0; i < list.Count; i++)
                {
                    if (Text(list[i]) is { } text) list[i] = redact(text);
                    else if (list[i] is { } item) Redact(item, redact);
                }

                break;
        }
    }

    private static string? Text(JsonNode? node) => node is JsonValue && node.GetValueKind() == JsonValueKind.String ? node.GetValue<string>() : null;
}
