using System.Globalization;
using System.Text.Json;

namespace Homelab.Providers.OpnSense;

/// <summary>Reads <c>core/system/status</c>.</summary>
/// <remarks>
/// Since 25.1 <c>{"metadata":{"system":{"status":"WARNING"}},"subsystems":{"diskspace":{"statusCode":0,"status":"WARNING","message":…}}}</c>, where <c>status</c> is the number 2 and
/// <c>subsystems</c> is missing when there is nothing to tell (<c>SystemController.php</c>); before, one map of subsystems with <c>System</c> for the whole.
/// </remarks>
internal static class StatusReader
{
    private const int LongestText = 500;

    internal static FirewallStatus Read(JsonElement root, string address)
    {
        if (root.ValueKind != JsonValueKind.Object) throw new FormatException("its state as something that is no map");
        JsonElement whole;
        JsonElement parts;
        if (root.TryGetProperty("metadata", out var metadata) && metadata.ValueKind == JsonValueKind.Object)
        {
            whole = metadata.TryGetProperty("system", out var system) ? system : default;
            parts = root.TryGetProperty("subsystems", out var subsystems) ? subsystems : default;
        }
        else
        {
            whole = root.TryGetProperty("System", out var system) ? system : default;
            parts = root;
        }

        var health = HealthOf(whole);
        if (health == FirewallHealth.Unknown) throw new FormatException("its state without saying how it is as a whole");
        return new FirewallStatus { Health = health, Address = address, Notices = [.. Notices(parts).OrderByDescending(static n => n.Health == FirewallHealth.Unknown ? FirewallHealth.Error : n.Health).ThenBy(static n => n.Subsystem, StringComparer.Ordinal)] };
    }

    // PHP writes an empty map as an empty list.
    private static IEnumerable<FirewallNotice> Notices(JsonElement parts)
    {
        if (parts.ValueKind != JsonValueKind.Object) yield break;
        foreach (var part in parts.EnumerateObject())
        {
            if (part.Name == "System" || part.Value.ValueKind != JsonValueKind.Object) continue;
            var health = HealthOf(part.Value);
            if (health == FirewallHealth.Ok) continue;
            yield return new FirewallNotice
            {
                Subsystem = ForeignText.Clean(part.Name, 80),
                Health = health,
                Title = ForeignText.Clean(Text(part.Value, "title"), 120),
                Message = ForeignText.Clean(Text(part.Value, "message"), LongestText),
                At = Moment(part.Value),
            };
        }
    }

    private static FirewallHealth HealthOf(JsonElement part)
    {
        if (part.ValueKind != JsonValueKind.Object) return FirewallHealth.Unknown;
        var said = part.TryGetProperty("statusCode", out var code) && code.ValueKind == JsonValueKind.Number ? code : part.TryGetProperty("status", out var status) ? status : default;
        return said.ToString().ToUpperInvariant() switch
        {
            "2" or "OK" => FirewallHealth.Ok,
            "1" or "NOTICE" => FirewallHealth.Notice,
            "0" or "WARNING" => FirewallHealth.Warning,
            "-1" or "ERROR" => FirewallHealth.Error,
            _ => FirewallHealth.Unknown,
        };
    }

    private static string Text(JsonElement part, string name) => part.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString()! : "";

    // A number, or a text of one.
    private static DateTimeOffset? Moment(JsonElement part) =>
        part.TryGetProperty("timestamp", out var value) && long.TryParse(value.ToString(), NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) && seconds is > 0 and < 253_402_300_800
            ? DateTimeOffset.FromUnixTimeSeconds(seconds)
            : null;
}
