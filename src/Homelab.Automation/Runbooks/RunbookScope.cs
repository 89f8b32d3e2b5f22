using System.Text.Json;
using System.Text.Json.Nodes;
using Homelab.Automation.Expressions;

namespace Homelab.Automation.Runbooks;

/// <summary>
/// What expressions of a runbook can see: <c>service</c>, <c>proxy</c>, <c>alert</c>, <c>incident</c>, <c>values</c>, <c>steps</c>, <c>now</c>, within <c>forEach</c> <c>item</c>, and within
/// <c>verify.ask</c> <c>result</c>.
/// </summary>
public sealed class RunbookScope
{
    private readonly JsonObject _steps = [];

    /// <param name="service">The service's name in the lab file; null when it concerns none.</param>
    /// <param name="definition">The service.</param>
    /// <param name="alert">The alert that set it off; null when none did.</param>
    /// <param name="incident">The incident; null where only a trigger is being matched, and for a run on request.</param>
    /// <param name="values">What a request gave.</param>
    public RunbookScope(string? service, ServiceDefinition? definition, Alert? alert, Incident? incident, JsonObject? values = null) =>
        Values = new JsonObject
        {
            ["service"] = service is null || definition is null ? null : new JsonObject
            {
                ["name"] = service,
                ["container"] = definition.Container?.ToString(),
                ["vm"] = definition.Vm?.ToString(),
                ["unit"] = definition.Unit?.ToString(),
                ["host"] = definition.Machine,
                ["stack"] = definition.Stack,
                ["provides"] = JsonSerializer.SerializeToNode(definition.Provides, HomelabJson.Options),
                ["proxy"] = definition.Proxy,
                ["tls"] = Tls(definition.Check),
                ["tier"] = JsonSerializer.SerializeToNode(definition.Tier, HomelabJson.Options),
                ["monitor"] = definition.Monitor ?? service,
                ["dependsOn"] = new JsonArray([.. definition.DependsOn.Select(static d => (JsonNode)d)]),
                ["hint"] = definition.Hint,
            },
            ["proxy"] = null,
            ["alert"] = alert is null ? null : JsonSerializer.SerializeToNode(alert, HomelabJson.Options),
            ["incident"] = incident is null ? null : new JsonObject { ["id"] = incident.Id, ["message"] = incident.Message },
            ["values"] = values?.DeepClone() ?? new JsonObject(),
            ["steps"] = _steps,
        };

    /// <summary>The names that exist before any step ran, for checks without a run.</summary>
    public static IReadOnlyDictionary<string, IReadOnlyCollection<string>> Known { get; } = new Dictionary<string, IReadOnlyCollection<string>>(StringComparer.Ordinal)
    {
        ["service"] = ["name", "container", "vm", "unit", "host", "stack", "provides", "proxy", "tls", "tier", "monitor", "dependsOn", "hint"],
        ["alert"] = ["source", "status", "subject", "subjectId", "address", "message", "at", "isRepeat", "daysLeft", "resource", "value", "severity", "host", "labels", "fingerprint"],
        ["proxy"] = ["name", "container", "host"],
        ["incident"] = ["id", "message"],
        ["values"] = [],
        ["steps"] = [],
        ["now"] = [],
        ["item"] = [],
        ["result"] = [],
    };

    /// <summary>What the service is reached through: the reverse proxy that it names, or itself when it is one.</summary>
    public (string Name, ServiceDefinition Definition)? Proxy
    {
        init => Values["proxy"] = value is { } proxy
            ? new JsonObject { ["name"] = proxy.Name, ["container"] = proxy.Definition.Container?.ToString(), ["host"] = proxy.Definition.Machine }
            : null;
    }

    /// <summary>The operations that the lab is set up for: what <c>has</c> knows.</summary>
    public IReadOnlyCollection<string> Operations
    {
        init => Values[RunbookWords.Operations] = new JsonArray([.. value.Select(static o => (JsonNode)o)]);
    }

    /// <summary>Everything, as expressions read it.</summary>
    public JsonObject Values { get; }

    /// <summary>Adds a query's result: the first item's fields, and all of them as <c>items</c> with their <c>count</c>.</summary>
    public void AddItems(string step, IReadOnlyList<object> items) => _steps[step] = Items(items);

    /// <summary>The same scope with the answer of a look, as <see cref="AddItems"/> gives it, as <c>result</c>.</summary>
    internal JsonObject WithResult(IReadOnlyList<object> items)
    {
        var scope = (JsonObject)Values.DeepClone();
        scope["result"] = Items(items);
        return scope;
    }

    /// <summary>Tells what time it is.</summary>
    internal void Tick(DateTimeOffset now) => Values["now"] = JsonSerializer.SerializeToNode(now, HomelabJson.Options);

    /// <summary>Adds a change's result: its fields.</summary>
    public void AddResult(string step, object? result)
    {
        var fields = result is not null && Node(result) is JsonObject record ? record : [];
        fields["ok"] = true;
        _steps[step] = fields;
    }

    /// <summary>Adds a step that was not taken, or that failed without stopping the run.</summary>
    public void AddMissing(string step, string status, string? error) =>
        _steps[step] = new JsonObject { ["ok"] = false, ["status"] = status, ["error"] = error };

    /// <summary>The same scope with the item of a <c>forEach</c>.</summary>
    public JsonObject With(JsonNode? item)
    {
        var scope = (JsonObject)Values.DeepClone();
        scope["item"] = item?.DeepClone();
        return scope;
    }

    private static string? Tls(CheckDefinition? check) => check?.Tls ?? (check?.Http is { Scheme: "https" } address ? $"{address.Host}:{address.Port}" : null);

    private static JsonObject Items(IReadOnlyList<object> items)
    {
        ArgumentNullException.ThrowIfNull(items);
        var list = new JsonArray([.. items.Select(Node)]);
        var result = list.Count > 0 && list[0] is JsonObject first ? (JsonObject)first.DeepClone() : [];
        result["items"] = list;
        result["count"] = items.Count;
        result["ok"] = true;
        return result;
    }

    private static JsonNode? Node(object value) => JsonSerializer.SerializeToNode(value, value.GetType(), HomelabJson.Options);
}
