using System.Text.Json;
using System.Text.Json.Nodes;
using Homelab.Automation.Expressions;

namespace Homelab.Automation.Intake;

/// <summary>Reads any sender's JSON by the map of its hook.</summary>
internal sealed class MappedJsonSource(string hook, AlertMapDefinition map, IReadOnlyDictionary<string, Expression> expressions) : IAlertSource
{
    private const int MostItems = 1000;
    private const int LongestWord = 100;

    private readonly AlertJson _json = new(AlertIntake.Json, $"hook '{hook}'", "JSON");

    public string Name => AlertIntake.Json;

    public IReadOnlyList<Alert> Read(AlertDelivery delivery)
    {
        using var json = _json.Parse(delivery.Body);
        try
        {
            var scope = new JsonObject { ["body"] = Node(json.RootElement), ["item"] = null };
            var value = new MapValue(_json, expressions, scope);
            if (map.Items is null) return [Read(value, scope, scope["body"], delivery.ReceivedAt)];
            if (value.Value("items") is not JsonArray items) throw _json.Unreadable("map.items is no list; expected the alerts");
            if (items.Count > MostItems) throw _json.Unreadable($"map.items has {items.Count} items; expected at most {MostItems}");
            return [.. items.Select(item => Read(value, scope, item, delivery.ReceivedAt))];
        }
        catch (InvalidOperationException)
        {
            throw _json.Unreadable("a text holds half a character (an unpaired surrogate); expected whole ones");
        }
    }

    private Alert Read(MapValue value, JsonObject scope, JsonNode? item, DateTimeOffset receivedAt)
    {
        scope["item"] = item?.DeepClone();
        var said = value.Text("status") ?? throw _json.Unreadable("map.status is null; expected one of the values that mean down or up");
        var status = StatusOf(said);
        var subject = value.Name("subject");
        var at = value.Time("at");
        return new Alert
        {
            Source = AlertIntake.Json,
            Status = status,
            Subject = subject,
            Message = AlertJson.Message(value.Text("message") ?? $"{subject ?? value.Text("host")} is {said}"),
            At = at ?? receivedAt,
            Resource = value.Clean("resource", LongestWord)?.ToLowerInvariant(),
            Value = value.Number("value"),
            Severity = value.Clean("severity", LongestWord),
            Host = value.Name("host"),
            Fingerprint = $"{hook}:{status}:{Identity(value, item, at is null ? receivedAt : null)}",
        };
    }

    private AlertStatus StatusOf(string said)
    {
        foreach (var (values, status) in new (IReadOnlyList<string>, AlertStatus)[] { (map.Down, AlertStatus.Down), (map.Up, AlertStatus.Up), (map.Pressure, AlertStatus.Pressure), (map.Pending, AlertStatus.Pending) })
        {
            if (values.Contains(said.Trim(), StringComparer.OrdinalIgnoreCase)) return status;
        }

        throw _json.Unreadable($"map.status is \"{ForeignText.Clean(said, 60)}\", which means nothing; expected one of {string.Join(", ", map.Down.Concat(map.Up).Concat(map.Pressure).Concat(map.Pending).Take(20))}. Add it to down, up, pressure or pending of hooks.{hook}.map");
    }

    // Without a time or a name of its own, the same words a minute later are another event: a delivery that is tried again comes within seconds.
    private static string Identity(MapValue value, JsonNode? item, DateTimeOffset? receivedAt)
    {
        if (value.Text("fingerprint") is { Length: > 0 } given) return AlertJson.Hash(given);
        var whole = AlertJson.Hash(item?.ToJsonString() ?? "");
        return receivedAt is { } moment ? $"{moment.UtcDateTime:yyyy-MM-ddTHH:mm}:{whole}" : whole;
    }

    private static JsonNode? Node(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => JsonObject.Create(element),
        JsonValueKind.Array => JsonArray.Create(element),
        JsonValueKind.Null => null,
        _ => JsonValue.Create(element),
    };
}
