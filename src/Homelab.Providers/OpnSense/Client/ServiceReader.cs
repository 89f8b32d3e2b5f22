using System.Text.Json;

namespace Homelab.Providers.OpnSense;

/// <summary>Reads <c>core/service/search</c>: <c>{"total":…,"rows":[{"id":"openvpn/1","locked":0,"running":1,"description":…,"name":"openvpn"}]}</c>.</summary>
internal static class ServiceReader
{
    internal static IReadOnlyList<FirewallService> Read(JsonElement root)
    {
        if (root.ValueKind != JsonValueKind.Object || !root.TryGetProperty("rows", out var rows) || rows.ValueKind != JsonValueKind.Array) throw new FormatException("a list of services without rows");
        return [.. rows.EnumerateArray().Select(Row).OrderBy(static s => s.Name, StringComparer.Ordinal)];
    }

    private static FirewallService Row(JsonElement row)
    {
        if (row.ValueKind != JsonValueKind.Object || (Text(row, "id") ?? Text(row, "name")) is not { Length: > 0 } name) throw new FormatException("a service without a name");
        return new FirewallService
        {
            Name = ForeignText.Clean(name, 120),
            Description = ForeignText.Clean(Text(row, "description") ?? "", 200),
            // What it does not say is not running.
            Running = Flag(row, "running"),
            Locked = Flag(row, "locked"),
        };
    }

    private static string? Text(JsonElement row, string name) => row.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    // A number, or a text of one.
    private static bool Flag(JsonElement row, string name) => row.TryGetProperty(name, out var value) && (value.ValueKind == JsonValueKind.True || value.ToString() == "1");
}
