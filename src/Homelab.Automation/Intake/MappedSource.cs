using System.Text.Json;
using System.Text.Json.Nodes;
using Homelab.Automation.Expressions;

namespace Homelab.Automation.Intake;

/// <summary>Reads another source's alerts, and some of their parts otherwise: <c>subject: alert.labels.app</c>.</summary>
internal sealed class MappedSource(IAlertSource source, IReadOnlyDictionary<string, Expression> expressions) : IAlertSource
{
    private const int LongestWord = 100;

    /// <summary>What can be read otherwise.</summary>
    internal static IReadOnlyList<string> Fields { get; } = ["subject", "message", "resource", "value", "host", "severity"];

    private readonly AlertJson _json = new(source.Name, source.Name, "an alert");

    public string Name => source.Name;

    public IReadOnlyList<Alert> Read(AlertDelivery delivery) => [.. source.Read(delivery).Select(Change)];

    private Alert Change(Alert alert)
    {
        var value = new MapValue(_json, expressions, new JsonObject { ["alert"] = JsonSerializer.SerializeToNode(alert, HomelabJson.Options) });
        var resource = Given("resource") ? value.Clean("resource", LongestWord)?.ToLowerInvariant() : alert.Resource;
        return alert with
        {
            // What runs short is not down.
            Status = alert.Status == AlertStatus.Down && Given("resource") && resource is not null ? AlertStatus.Pressure : alert.Status,
            Subject = Given("subject") ? value.Name("subject") : alert.Subject,
            Message = Given("message") ? AlertJson.Message(value.Text("message") ?? "") : alert.Message,
            Resource = resource,
            Value = Given("value") ? value.Number("value") : alert.Value,
            Host = Given("host") ? value.Name("host") : alert.Host,
            Severity = Given("severity") ? value.Clean("severity", LongestWord) : alert.Severity,
        };
    }

    private bool Given(string field) => expressions.ContainsKey(field);
}
