using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Homelab.UnitTests.Configuration;

/// <summary>Checks a document against the part of JSON Schema 2020-12 that our schemas use; any other keyword is an error of the schema.</summary>
internal sealed class JsonSchemaCheck(JsonObject root)
{
    private static readonly HashSet<string> s_silent = new(["$schema", "$defs", "title", "description", "default", "format"], StringComparer.Ordinal);

    public IReadOnlyList<string> Problems(JsonNode? document) => [.. Check(root, document, "")];

    private IEnumerable<string> Check(JsonObject schema, JsonNode? value, string path) => schema.SelectMany(rule => Check(schema, rule.Key, rule.Value!, value, path));

    private IEnumerable<string> Check(JsonObject schema, string keyword, JsonNode rule, JsonNode? value, string path)
    {
        var kind = value?.GetValueKind() ?? JsonValueKind.Null;
        return keyword switch
        {
            "$ref" => Check((JsonObject)root["$defs"]![((string)rule!)["#/$defs/".Length..]]!, value, path),
            "oneOf" => rule.AsArray().Count(option => !Check((JsonObject)option!, value, path).Any()) == 1 ? [] : [$"{path}: oneOf"],
            "type" => (rule is JsonArray types ? types.Any(t => Is((string)t!, kind, value)) : Is((string)rule!, kind, value)) ? [] : [$"{path}: type"],
            "const" => JsonNode.DeepEquals(rule, value) ? [] : [$"{path}: const"],
            "enum" => rule.AsArray().Any(e => JsonNode.DeepEquals(e, value)) ? [] : [$"{path}: enum"],
            "pattern" => kind != JsonValueKind.String || Regex.IsMatch((string)value!, (string)rule!, RegexOptions.ECMAScript, TimeSpan.FromMinutes(1)) ? [] : [$"{path}: pattern"],
            "minimum" => kind != JsonValueKind.Number || Number(value!) >= Number(rule) ? [] : [$"{path}: minimum"],
            "maximum" => kind != JsonValueKind.Number || Number(value!) <= Number(rule) ? [] : [$"{path}: maximum"],
            "minLength" => kind != JsonValueKind.String || ((string)value!).Length >= Number(rule) ? [] : [$"{path}: minLength"],
            "maxLength" => kind != JsonValueKind.String || ((string)value!).Length <= Number(rule) ? [] : [$"{path}: maxLength"],
            "items" => value is JsonArray list ? list.SelectMany((item, i) => Check((JsonObject)rule, item, $"{path}[{i}]")) : [],
            "required" => value is JsonObject record ? rule.AsArray().Where(r => !record.ContainsKey((string)r!)).Select(r => $"{path}.{r}: required") : [],
            "properties" => value is JsonObject known ? rule.AsObject().Where(p => known.ContainsKey(p.Key)).SelectMany(p => Check((JsonObject)p.Value!, known[p.Key], $"{path}.{p.Key}")) : [],
            "additionalProperties" => value is JsonObject all ? Additional(schema, rule, all, path) : [],
            _ => s_silent.Contains(keyword) ? [] : throw new InvalidOperationException($"The schema uses {keyword}."),
        };
    }

    private IEnumerable<string> Additional(JsonObject schema, JsonNode rule, JsonObject value, string path)
    {
        var others = value.Where(p => schema["properties"]?.AsObject().ContainsKey(p.Key) != true);
        return rule is JsonObject each ? others.SelectMany(p => Check(each, p.Value, $"{path}.{p.Key}")) : others.Select(p => $"{path}.{p.Key}: additional");
    }

    private static bool Is(string type, JsonValueKind kind, JsonNode? value) => type switch
    {
        "object" => kind is JsonValueKind.Object,
        "array" => kind is JsonValueKind.Array,
        "string" => kind is JsonValueKind.String,
        "boolean" => kind is JsonValueKind.True or JsonValueKind.False,
        "null" => kind is JsonValueKind.Null,
        "integer" => kind is JsonValueKind.Number && Math.Floor(Number(value!)) == Number(value!),
        "number" => kind is JsonValueKind.Number,
        _ => throw new InvalidOperationException($"The schema names the type {type}."),
    };

    private static double Number(JsonNode value) => double.Parse(value.ToJsonString(), CultureInfo.InvariantCulture);
}
