using System.Globalization;
using System.Text.Json;

namespace Homelab.Providers.Beszel;

/// <summary>
/// Reads heartbeats, which tell each minute what is down and what is raised, and never what is well again: what was told before and is not any more is well.
/// </summary>
internal sealed class BeszelHeartbeats
{
    private const int Most = 500;

    private readonly Lock _lock = new();
    private readonly Dictionary<string, Trouble> _known = new(StringComparer.Ordinal);
    private DateTimeOffset _last = DateTimeOffset.MinValue;

    internal IReadOnlyList<Alert> Read(JsonElement body)
    {
        var json = BeszelAlertSource.Json;
        var at = json.Time(body, "timestamp", "timestamp") ?? throw json.Unreadable("timestamp is missing; expected a time");
        var now = Down(body, at).Concat(Raised(body, at)).DistinctBy(static t => t.Key, StringComparer.Ordinal).ToDictionary(static t => t.Key, StringComparer.Ordinal);
        lock (_lock)
        {
            // One that was late would undo what a later one said.
            if (at < _last) return [];
            _last = at;
            var alerts = new List<Alert>();
            foreach (var (key, trouble) in _known.Where(k => !now.ContainsKey(k.Key)).ToList())
            {
                _known.Remove(key);
                alerts.Add(Tell(trouble, AlertStatus.Up, at));
            }

            // Told again each time under the name of the first time: whoever took it in knows it, and whoever could not hears it now.
            foreach (var (key, trouble) in now)
            {
                if (!_known.TryGetValue(key, out var first)) _known[key] = first = trouble;
                alerts.Add(Tell(first, first.Status, first.Since));
            }

            return alerts;
        }
    }

    private static IEnumerable<Trouble> Down(JsonElement body, DateTimeOffset at) =>
        Items(body, "down_systems").Select(i => new Trouble(
            $"down:{Required(i.Item, "id", i.Path)}", AlertStatus.Down, Named(i.Item, "name", i.Path), Required(i.Item, "id", i.Path), BeszelAlertSource.Json.Text(i.Item, "host", $"{i.Path}.host"), null, "is down", at));

    // A status alert is what down_systems says already.
    private static IEnumerable<Trouble> Raised(JsonElement body, DateTimeOffset at) =>
        from i in Items(body, "triggered_alerts")
        let name = Required(i.Item, "alert_name", i.Path)
        where name != "Status"
        let threshold = BeszelAlertSource.Json.Number(i.Item, "threshold", $"{i.Path}.threshold") ?? 0
        select new Trouble(
            $"{name}:{Required(i.Item, "system_id", i.Path)}", AlertStatus.Pressure, Named(i.Item, "system_name", i.Path), Required(i.Item, "system_id", i.Path), null, ResourceOf(name), string.Create(CultureInfo.InvariantCulture, $"is past its threshold of {threshold:0.##} for {ForeignText.Clean(name, 40)}"), at);

    private static IEnumerable<(JsonElement Item, string Path)> Items(JsonElement body, string field)
    {
        if (!AlertJson.TryGet(body, field, out _)) return [];
        var json = BeszelAlertSource.Json;
        var list = json.List(body, field, field);
        if (list.GetArrayLength() > Most) throw json.Unreadable($"{field} has {list.GetArrayLength()} items; expected at most {Most}");
        return list.EnumerateArray().Select((item, i) => item.ValueKind == JsonValueKind.Object ? (item, $"{field}[{i}]") : throw json.Wrong($"{field}[{i}]", item, "an object"));
    }

    private static string ResourceOf(string name) => name switch
    {
        "CPU" or "LoadAvg1" or "LoadAvg5" or "LoadAvg15" => "cpu",
        _ => ForeignText.Clean(name.ToLowerInvariant(), 40),
    };

    private static Alert Tell(Trouble trouble, AlertStatus status, DateTimeOffset at) => new()
    {
        Source = BeszelAlertSource.Source,
        Status = status,
        Subject = trouble.System,
        SubjectId = trouble.Id,
        Host = trouble.Host is { Length: > 0 } host ? ForeignText.Clean(host, 255) : trouble.System,
        Resource = trouble.Resource,
        Message = AlertJson.Message(status == AlertStatus.Up ? $"{trouble.System} is well again" : $"{trouble.System} {trouble.What}"),
        At = at,
        Fingerprint = string.Create(CultureInfo.InvariantCulture, $"beszel:heartbeat:{trouble.Key}:{status}:{trouble.Since.ToUnixTimeSeconds()}"),
    };

    private static string Required(JsonElement item, string field, string path) => ForeignText.Clean(BeszelAlertSource.Json.Required(item, field, $"{path}.{field}"), 100);

    private static string Named(JsonElement item, string field, string path) =>
        BeszelAlertSource.Json.Name(BeszelAlertSource.Json.Required(item, field, $"{path}.{field}"), $"{path}.{field}") ?? throw BeszelAlertSource.Json.Unreadable($"{path}.{field} is empty; expected a name");

    private sealed record Trouble(string Key, AlertStatus Status, string System, string Id, string? Host, string? Resource, string What, DateTimeOffset Since);
}
