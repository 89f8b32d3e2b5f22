using System.Globalization;
using System.Text.Json;

namespace Homelab.Providers.UptimeKuma;

/// <summary>A monitor as Uptime Kuma tells it to whoever is logged in. Of the rest of what it tells nothing is kept: credentials are among it.</summary>
/// <param name="Id">Its number.</param>
/// <param name="Name">Its name, which need not be the only one of its kind.</param>
/// <param name="Type">What it watches with.</param>
/// <param name="Active">False while it is paused, by itself or with its group.</param>
/// <param name="Forced">True while the group it is in is paused.</param>
internal sealed record KumaMonitorEntry(int Id, string Name, string Type, bool Active, bool Forced)
{
    private const int LongestName = 255;

    /// <summary>Its number as people and inputs write it: <c>#3</c>.</summary>
    internal string Number => string.Create(CultureInfo.InvariantCulture, $"#{Id}");

    /// <summary>Reads the argument of <c>monitorList</c>: monitors by their number. What is no monitor is passed over.</summary>
    internal static IReadOnlyList<KumaMonitorEntry> ReadAll(JsonElement list)
    {
        if (list.ValueKind != JsonValueKind.Object) return [];
        var monitors = new List<KumaMonitorEntry>();
        foreach (var property in list.EnumerateObject())
        {
            if (property.Value is { ValueKind: JsonValueKind.Object } monitor && int.TryParse(property.Name, NumberStyles.None, CultureInfo.InvariantCulture, out var id))
            {
                monitors.Add(new KumaMonitorEntry(id, Text(monitor, "name"), Text(monitor, "type"), Flag(monitor, "active"), Flag(monitor, "forceInactive")));
            }
        }

        return monitors;
    }

    private static string Text(JsonElement json, string name) => json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? ForeignText.Clean(value.GetString()!, LongestName) : "";

    // 1.x writes 0 and 1 in places.
    private static bool Flag(JsonElement json, string name) => json.TryGetProperty(name, out var value) && (value.ValueKind == JsonValueKind.True || (value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var number) && number != 0));
}
