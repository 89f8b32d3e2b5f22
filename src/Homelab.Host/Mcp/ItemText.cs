using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Homelab.Host.Mcp;

/// <summary>Items as a model reads them best: one as a line for each field, several as a table with the names once. What is empty is left out; the structured content has it all.</summary>
internal static class ItemText
{
    private const string Between = " | ";

    // Only what JSON itself needs escaped: a model reads it, no browser.
    private static readonly JsonSerializerOptions s_readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <param name="items">The items, cleaned.</param>
    /// <param name="fields">Their fields, in the order in which they are shown. What is not among them comes last.</param>
    internal static IEnumerable<string> Lines(IReadOnlyList<JsonNode> items, IReadOnlyList<string> fields) => items switch
    {
        [JsonObject only] => Ordered([only], fields).Select(f => $"{f}: {Cell(only[f])}"),
        _ when items.All(static i => i is JsonObject) => Table([.. items.Cast<JsonObject>()], fields),
        _ => items.Select(Cell),
    };

    private static string[] Ordered(IReadOnlyList<JsonObject> rows, IReadOnlyList<string> fields)
    {
        var told = rows.SelectMany(static r => r).Where(static f => !IsEmpty(f.Value)).Select(static f => f.Key).ToHashSet(StringComparer.Ordinal);
        return [.. fields.Where(told.Contains), .. rows.SelectMany(static r => r.Select(static f => f.Key)).Where(told.Contains).Except(fields, StringComparer.Ordinal)];
    }

    private static IEnumerable<string> Table(IReadOnlyList<JsonObject> rows, IReadOnlyList<string> fields)
    {
        var ordered = Ordered(rows, fields);
        if (ordered.Length == 0) return rows.Select(static _ => "(empty)");
        return rows.Select(r => string.Join(Between, ordered.Select(c => Escape(r.TryGetPropertyValue(c, out var value) && !IsEmpty(value) ? Cell(value) : "-")))).Prepend(string.Join(Between, ordered.Select(Escape)));
    }

    private static bool IsEmpty(JsonNode? node) => node switch
    {
        null => true,
        JsonArray list => list.Count == 0,
        JsonObject record => record.Count == 0,
        JsonValue value => value.GetValueKind() == JsonValueKind.String && value.GetValue<string>().Length == 0,
        _ => false,
    };

    private static string Cell(JsonNode? node) => node is JsonValue value && value.GetValueKind() == JsonValueKind.String ? value.GetValue<string>() : node?.ToJsonString(s_readable) ?? "null";

    // A text must not end its own cell.
    private static string Escape(string cell) => cell.Replace("|", "\\|", StringComparison.Ordinal);
}
