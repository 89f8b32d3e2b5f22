using System.Globalization;
using System.Text.Json.Nodes;

namespace Homelab.UnitTests.Providers.Proxmox;

/// <summary>What an older or newer Proxmox may answer: more than is known, less than is described, numbers as texts.</summary>
internal static class StrangeAnswers
{
    // Without these an entry says nothing of itself; everything else is optional in the vendor's description, or has been absent in some version.
    private static readonly HashSet<string> s_needed = new(StringComparer.Ordinal)
    {
        "vmid", "node", "type", "status", "name", "id", "storage", "volid", "upid", "t", "n", "poolid", "devpath", "Package", "pos", "pid", "exited", "result", "version", "content", "sid", "roleid", "path", "subdir", "members",
    };

    /// <summary>Each object has fields that nobody knows.</summary>
    internal static JsonNode? WithUnknownFields(JsonNode? data)
    {
        if (data is JsonArray list) foreach (var item in list) WithUnknownFields(item);
        if (data is not JsonObject entry) return data;
        foreach (var (_, value) in entry.ToArray()) WithUnknownFields(value);
        // Maps from names to things would have gained a thing, not a field.
        if (entry.Count > 0 && entry.All(static e => e.Value is JsonObject)) return data;
        entry["new-in-version-10"] = new JsonObject { ["deep"] = new JsonArray(1, "two", null) };
        return data;
    }

    /// <summary>Each object of a list has only what it cannot do without.</summary>
    internal static JsonNode? WithoutOptionalFields(JsonNode? data)
    {
        foreach (var entry in Entries(data))
        {
            foreach (var key in entry.Select(static e => e.Key).Where(static k => !s_needed.Contains(k)).ToArray()) entry.Remove(key);
        }

        return data;
    }

    /// <summary>Every number is a text.</summary>
    internal static JsonNode? WithNumbersAsTexts(JsonNode? data)
    {
        if (data is JsonArray list)
        {
            for (var i = 0; i < list.Count; i++) list[i] = WithNumbersAsTexts(list[i]?.DeepClone());
            return list;
        }

        if (data is JsonObject entry)
        {
            foreach (var (key, value) in entry.ToArray()) entry[key] = WithNumbersAsTexts(value?.DeepClone());
            return entry;
        }

        return data is JsonValue number && number.GetValueKind() is System.Text.Json.JsonValueKind.Number ? JsonValue.Create(number.ToJsonString()) : data;
    }

    // The outermost objects: within them everything is one value.
    private static IEnumerable<JsonObject> Entries(JsonNode? data) => data switch
    {
        JsonArray list => list.OfType<JsonObject>(),
        JsonObject entry => [entry],
        _ => [],
    };
}
