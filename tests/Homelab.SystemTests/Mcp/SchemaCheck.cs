using System.Text.Json;
using System.Text.Json.Nodes;

namespace Homelab.SystemTests.Mcp;

/// <summary>Holds a value against a JSON Schema, as far as our own schemas go.</summary>
internal static class SchemaCheck
{
    private static readonly HashSet<string> s_words = ["type", "enum", "format", "properties", "required", "items", "additionalProperties", "anyOf"];

    /// <summary>Every place where the value is not what the schema says.</summary>
    internal static IEnumerable<string> Problems(JsonNode? value, JsonNode schema, string at = "$")
    {
        var rule = schema.AsObject();
        foreach (var word in rule.Select(r => r.Key).Where(w => !s_words.Contains(w))) yield return $"{at}: this check does not know '{word}'";
        if (rule["anyOf"] is JsonArray choices)
        {
            if (!choices.Any(c => !Problems(value, c!, at).Any())) yield return $"{at}: {value?.ToJsonString() ?? "null"} is none of {choices.ToJsonString()}";
            yield break;
        }

        if (rule["type"] is { } type && !(type is JsonArray several ? several.Select(t => (string)t!) : [(string)type!]).Any(t => IsOf(value, t)))
        {
            yield return $"{at}: {value?.ToJsonString() ?? "null"} is no {type.ToJsonString()}";
            yield break;
        }

        if (rule["enum"] is JsonArray words && !words.Any(w => (string)w! == (string?)value)) yield return $"{at}: {value} is none of {words.ToJsonString()}";
        if ((string?)rule["format"] == "date-time" && value is not null && !DateTimeOffset.TryParse((string)value!, out _)) yield return $"{at}: {value} is no time";
        if (value is JsonArray list && rule["items"] is { } item)
        {
            foreach (var problem in list.SelectMany((v, i) => Problems(v, item, $"{at}[{i}]"))) yield return problem;
        }

        if (value is not JsonObject record) yield break;
        foreach (var missing in rule["required"]?.AsArray().Select(r => (string)r!).Where(r => !record.ContainsKey(r)) ?? []) yield return $"{at}: {missing} is missing";
        foreach (var (name, inner) in record)
        {
            if ((rule["properties"]?[name] ?? rule["additionalProperties"]) is not { } next) continue;
            foreach (var problem in Problems(inner, next, $"{at}.{name}")) yield return problem;
        }
    }

    /// <summary>The fields that a value has and no schema speaks of; what was cut says so in one called '…'.</summary>
    internal static IEnumerable<string> Unspoken(JsonNode? value, JsonNode schema, string at = "$")
    {
        if (schema["anyOf"] is JsonArray choices && choices.FirstOrDefault(c => c!["properties"] is not null || c["items"] is not null) is { } choice) schema = choice;
        if (value is JsonArray list && schema["items"] is { } item) return list.SelectMany((v, i) => Unspoken(v, item, $"{at}[{i}]"));
        if (value is not JsonObject record || schema["properties"] is not JsonObject properties) return [];
        return record.SelectMany(f => properties[f.Key] is { } next ? Unspoken(f.Value, next, $"{at}.{f.Key}") : f.Key == "…" ? [] : [$"{at}.{f.Key}"]);
    }

    private static bool IsOf(JsonNode? value, string type) => (type, value?.GetValueKind() ?? JsonValueKind.Null) switch
    {
        ("null", JsonValueKind.Null) or ("string", JsonValueKind.String) or ("boolean", JsonValueKind.True or JsonValueKind.False) or ("number", JsonValueKind.Number) => true,
        ("integer", JsonValueKind.Number) => value!.ToJsonString().All(c => char.IsAsciiDigit(c) || c == '-'),
        ("array", JsonValueKind.Array) or ("object", JsonValueKind.Object) => true,
        _ => false,
    };
}
