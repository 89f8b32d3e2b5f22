using System.Globalization;
using System.Text.Json;

namespace Homelab.Providers.TrueNas;

/// <summary>Reads values as TrueNAS writes them: moments as <c>{"$date": milliseconds}</c>, properties of ZFS as <c>{"value": "1.2G", "rawvalue": "1288490188", "parsed": 1288490188}</c>.</summary>
/// <remarks>truenas/api_client: <c>ejson.py</c>; truenas/middleware: <c>api/v25_10_0/pool_dataset.py</c>.</remarks>
internal static class NasJson
{
    internal static string Text(JsonElement json, string name, int longest) =>
        json.ValueKind == JsonValueKind.Object && json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? ForeignText.Clean(value.GetString()!, longest) : "";

    internal static bool Flag(JsonElement json, string name) => json.ValueKind == JsonValueKind.Object && json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.True;

    internal static long? Number(JsonElement json, string name) => json.ValueKind == JsonValueKind.Object && json.TryGetProperty(name, out var value) ? Number(value) : null;

    internal static DateTimeOffset? Moment(JsonElement json, string name)
    {
        if (json.ValueKind != JsonValueKind.Object || !json.TryGetProperty(name, out var value)) return null;
        if (value.ValueKind == JsonValueKind.Object && Number(value, "$date") is { } milliseconds && milliseconds is > 0 and < 253_402_300_800_000) return DateTimeOffset.FromUnixTimeMilliseconds(milliseconds);
        return value.ValueKind == JsonValueKind.String && DateTimeOffset.TryParse(value.GetString(), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var moment) ? moment : null;
    }

    /// <summary>A property of ZFS as a number of bytes; null where it is not there or is none.</summary>
    internal static long? Bytes(JsonElement json, string name) => Property(json, name) is { } property ? Number(property, "rawvalue") ?? Number(property, "parsed") : null;

    /// <summary>A limit: what is zero limits nothing.</summary>
    internal static long? Limit(JsonElement json, string name) => Bytes(json, name) is > 0 and var limit ? limit : null;

    /// <summary>A property of ZFS in the words of TrueNAS.</summary>
    internal static string Word(JsonElement json, string name, int longest) => Property(json, name) is { } property ? Text(property, "value", longest) : "";

    /// <summary>A property of ZFS that is a moment.</summary>
    internal static DateTimeOffset? PropertyMoment(JsonElement json, string name)
    {
        if (Property(json, name) is not { } property) return null;
        return Number(property, "rawvalue") is > 0 and < 253_402_300_800 and var seconds ? DateTimeOffset.FromUnixTimeSeconds(seconds) : Moment(property, "parsed");
    }

    private static JsonElement? Property(JsonElement json, string name) => json.ValueKind == JsonValueKind.Object && json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Object ? value : null;

    private static long? Number(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Number => value.TryGetInt64(out var whole) ? whole : value.TryGetDouble(out var part) && Math.Abs(part) < long.MaxValue ? (long)part : null,
        JsonValueKind.String => long.TryParse(value.GetString(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var text) ? text : null,
        _ => null,
    };
}
