using System.Text.Json;
using System.Text.Json.Nodes;

namespace Homelab.UnitTests.Providers.Proxmox;

/// <summary>What an older or newer Proxmox may answer.</summary>
public enum Strangeness
{
    /// <summary>More than is known.</summary>
    UnknownFields,

    /// <summary>Less than is described.</summary>
    NoOptionalFields,

    /// <summary>Texts for numbers.</summary>
    NumbersAsTexts,
}

/// <summary>Makes the simulated one's answers strange.</summary>
internal static class StrangeAnswers
{
    // Without these an entry says nothing of itself. Everything else is optional in the vendor's description, or has been absent in some version.
    private static readonly HashSet<string> s_needed = new(StringComparer.Ordinal)
    {
        "vmid", "node", "type", "status", "name", "id", "storage", "volid", "upid", "t", "n", "poolid", "devpath", "Package", "pos", "pid", "exited", "result", "version", "content", "sid", "roleid", "path", "subdir", "members",
        "key", "value", "time", "action",
        // What is absent here says something, and is no lack: an agent that is off, a storage of one node alone, what a storage cannot do, a token with rights of its own, a guest before its
        // first snapshot, an end that nobody knows.
        "agent", "shared", "hasFeature", "privsep", "parent", "exitstatus",
    };

    /// <summary>For <see cref="Lab.Proxmox.SimulatedProxmox.Rewrite"/>.</summary>
    internal static Func<string, string, JsonNode?, JsonNode?> Of(Strangeness strangeness) => strangeness switch
    {
        Strangeness.UnknownFields => static (_, path, data) => IsMap(path) ? data : WithUnknownFields(data),
        Strangeness.NoOptionalFields => static (_, path, data) => IsMap(path) ? data : WithoutOptionalFields(data),
        _ => static (_, _, data) => WithNumbersAsTexts(data),
    };

    // From paths to privileges to 1: no names of fields at all, and what is absent is a right that is absent.
    private static bool IsMap(string path) => path == "/access/permissions";

    private static JsonNode? WithUnknownFields(JsonNode? data)
    {
        if (data is JsonArray list) foreach (var item in list) WithUnknownFields(item);
        if (data is not JsonObject entry) return data;
        foreach (var (_, value) in entry.ToArray()) WithUnknownFields(value);
        // Maps from names to things would have gained a thing, not a field.
        if (entry.Count > 0 && entry.All(static e => e.Value is JsonObject)) return data;
        entry["new-in-version-10"] = new JsonObject { ["deep"] = new JsonArray(1, "two", null) };
        return data;
    }

    private static JsonNode? WithoutOptionalFields(JsonNode? data)
    {
        if (data is JsonArray list) foreach (var item in list) WithoutOptionalFields(item);
        if (data is not JsonObject entry) return data;
        foreach (var (key, value) in entry.ToArray())
        {
            if (s_needed.Contains(key)) WithoutOptionalFields(value);
            else entry.Remove(key);
        }

        return data;
    }

    private static JsonNode? WithNumbersAsTexts(JsonNode? data) => data switch
    {
        JsonArray list => new JsonArray([.. list.Select(WithNumbersAsTexts)]),
        JsonObject entry => new JsonObject(entry.Select(static e => KeyValuePair.Create(e.Key, WithNumbersAsTexts(e.Value)))),
        JsonValue value when value.GetValueKind() is JsonValueKind.Number => JsonValue.Create(value.ToJsonString()),
        _ => data?.DeepClone(),
    };
}
