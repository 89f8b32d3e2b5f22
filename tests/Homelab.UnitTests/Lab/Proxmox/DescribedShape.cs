using System.Text.Json;
using System.Text.Json.Nodes;

namespace Homelab.UnitTests.Lab.Proxmox;

/// <summary>Holds what a method gave against what its vendor says that it gives.</summary>
/// <remarks>As loosely as the real one takes it: Perl does not tell <c>1</c> from <c>"1"</c>, and an object may have more than is described.</remarks>
internal static class DescribedShape
{
    internal static IEnumerable<Discrepancy> Compare(JsonElement schema, JsonNode? data) => Compare("data", schema, data);

    private static IEnumerable<Discrepancy> Compare(string at, JsonElement schema, JsonNode? data)
    {
        if (schema.ValueKind != JsonValueKind.Object || !schema.TryGetProperty("type", out var type)) return [];
        var kind = data?.GetValueKind() ?? JsonValueKind.Null;
        var fits = type.GetString() switch
        {
            "null" => kind is JsonValueKind.Null,
            "array" => kind is JsonValueKind.Array,
            "object" => kind is JsonValueKind.Object,
            "string" => kind is JsonValueKind.String or JsonValueKind.Number,
            "boolean" => data?.ToString() is "0" or "1" or "true" or "false" or "",
            "integer" => data is JsonValue && long.TryParse(data.ToString(), out _),
            "number" => data is JsonValue && double.TryParse(data.ToString(), out _),
            _ => true,
        };
        if (!fits && !IsOptional(schema)) return [new Discrepancy(at, $"described as {type.GetString()}, is {kind}")];
        return data switch
        {
            JsonArray list when schema.TryGetProperty("items", out var items) => list.Index().SelectMany(e => Compare($"{at}[{e.Index}]", items, e.Item)),
            JsonObject one => CompareProperties(at, schema, one),
            JsonValue value => CompareValue(at, schema, value),
            _ => [],
        };
    }

    private static IEnumerable<Discrepancy> CompareProperties(string at, JsonElement schema, JsonObject data)
    {
        if (!schema.TryGetProperty("properties", out var properties) || properties.ValueKind != JsonValueKind.Object) yield break;
        foreach (var property in properties.EnumerateObject().Where(static p => !p.Name.EndsWith("[n]", StringComparison.Ordinal)))
        {
            if (data.TryGetPropertyValue(property.Name, out var value))
            {
                foreach (var found in Compare($"{at}.{property.Name}", property.Value, value)) yield return found;
            }
            else if (!IsOptional(property.Value)) yield return new Discrepancy($"{at}.{property.Name}", "is described as always there, and is missing");
        }
    }

    private static IEnumerable<Discrepancy> CompareValue(string at, JsonElement schema, JsonValue value)
    {
        if (schema.TryGetProperty("enum", out var known) && !known.EnumerateArray().Any(k => k.ToString() == value.ToString())) yield return new Discrepancy(at, $"'{value}' is none of {known}");
    }

    private static bool IsOptional(JsonElement schema) => schema.TryGetProperty("optional", out var optional) && optional.ToString() == "1";
}
