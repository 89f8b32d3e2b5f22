using System.Text.Json.Nodes;

namespace Homelab.Lab.Proxmox;

/// <summary>The JSON of the API, which writes booleans as numbers and leaves out what is not there.</summary>
internal static class Json
{
    internal static JsonArray Index(string key, params IReadOnlyList<string> names) => new([.. names.Select(n => new JsonObject { [key] = n })]);

    internal static JsonArray List(IEnumerable<JsonNode?> items) => new([.. items]);

    internal static JsonArray Texts(IEnumerable<string> items) => new([.. items.Select(static i => (JsonNode)i)]);

    internal static int Bit(bool value) => value ? 1 : 0;

    /// <summary>Sets a key when there is a value for it.</summary>
    internal static JsonObject With(this JsonObject target, string key, JsonNode? value)
    {
        if (value is not null) target[key] = value;
        return target;
    }
}
