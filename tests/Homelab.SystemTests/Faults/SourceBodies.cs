using System.Globalization;
using System.Text.Json.Nodes;
using Homelab.Lab;
using Homelab.Tests;

namespace Homelab.SystemTests.Faults;

/// <summary>What each source sends, as it was recorded from the real one; what it is about, its state and its time are put in.</summary>
internal static class SourceBodies
{
    // As long as a message may be: what is written down of it needs room of its own.
    private static readonly string s_text = "connect ECONNREFUSED: " + string.Concat(Enumerable.Repeat("it was looked at several times, and each look failed in the same way; ", 7))[..470];

    private static readonly string s_kuma = Read("tests/Homelab.SystemTests/Data/kuma-down-503.json");
    private static readonly string s_alertmanager = Read("tests/Homelab.UnitTests/Providers/Prometheus/Data/alertmanager.json");
    private static readonly string s_prometheus = Read("tests/Homelab.UnitTests/Providers/Prometheus/Data/prometheus-alerts.json");

    internal static string Kuma(Told told)
    {
        if (told.Status == AlertStatus.Certificate) return $$"""{"heartbeat":null,"monitor":null,"msg":"[{{told.Service}}][https://localhost:18203/] server certificate localhost will expire in 6 days"}""";
        var body = JsonNode.Parse(s_kuma)!;
        var name = HomelabPlan.Services.FirstOrDefault(s => s.Name == told.Service)?.Monitor ?? told.Service;
        var id = 1 + HomelabPlan.Services.ToList().FindIndex(s => s.Name == told.Service) + 1;
        body["heartbeat"]!["monitorID"] = id;
        body["monitor"]!["id"] = id;
        body["heartbeat"]!["status"] = told.Status == AlertStatus.Up ? 1 : 0;
        body["heartbeat"]!["time"] = told.At.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss.fff", CultureInfo.InvariantCulture);
        body["heartbeat"]!["msg"] = s_text;
        body["monitor"]!["name"] = name;
        body["msg"] = $"[{name}] {s_text}";
        return body.ToJsonString();
    }

    internal static string Alertmanager(params IReadOnlyList<Told> all)
    {
        var body = JsonNode.Parse(s_alertmanager)!;
        var sample = body["alerts"]![0]!;
        body["status"] = all.All(static t => t.Status == AlertStatus.Up) ? "resolved" : "firing";
        body["alerts"] = new JsonArray([.. all.Select(told =>
        {
            var alert = sample.DeepClone();
            var resolved = told.Status == AlertStatus.Up;
            alert["status"] = resolved ? "resolved" : "firing";
            alert["labels"] = Labels(told);
            alert["annotations"]!["summary"] = s_text;
            alert["startsAt"] = Iso(told.Began ?? told.At);
            alert["endsAt"] = resolved ? Iso(told.At) : "0001-01-01T00:00:00Z";
            alert["fingerprint"] = AlertJson.Hash(told.Service)[..16];
            return alert;
        })]);
        return body.ToJsonString();
    }

    internal static string Prometheus(params IReadOnlyList<Told> firing)
    {
        var body = JsonNode.Parse(s_prometheus)!;
        var sample = body["data"]!["alerts"]![0]!;
        body["data"]!["alerts"] = new JsonArray([.. firing.Select(told =>
        {
            var alert = sample.DeepClone();
            alert["labels"] = Labels(told);
            alert["annotations"]!["summary"] = s_text;
            alert["activeAt"] = Iso(told.At);
            return alert;
        })]);
        return body.ToJsonString();
    }

    internal static string Netdata(Told told)
    {
        var container = HomelabPlan.Services.FirstOrDefault(s => s.Name == told.Service)?.Container;
        var (alarm, unit) = told.Status == AlertStatus.Pressure ? ("cgroup_ram_in_use", "%") : ("container_gone", "state");
        return new JsonObject
        {
            ["host"] = told.Host,
            ["unique_id"] = told.Number.ToString(CultureInfo.InvariantCulture),
            ["alarm_id"] = "1795219760",
            ["event_id"] = "2",
            ["when"] = told.At.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture),
            ["chart"] = container is null ? "httpcheck_local.request_status" : $"cgroup_{container}.net_eth0",
            ["family"] = "all",
            ["status"] = told.Status == AlertStatus.Up ? "CLEAR" : "CRITICAL",
            ["old_status"] = told.Status == AlertStatus.Up ? "CRITICAL" : "CLEAR",
            ["value"] = "97.5",
            ["old_value"] = "50",
            ["units"] = unit,
            ["info"] = s_text,
            ["value_string"] = "97.5" + unit,
            ["duration"] = "60",
            ["src"] = "1@/etc/netdata/health.d/homelab.conf",
            ["alarm"] = alarm,
            ["class"] = "Errors",
            ["recipients"] = "homelab",
        }.ToJsonString();
    }

    internal static string Beszel(Told told)
    {
        var (title, message) = told.Status switch
        {
            AlertStatus.Up => ($"Connection to {told.Host} is up \u2705", $"Connection to {told.Host} is up"),
            AlertStatus.Pressure => ($"{told.Host} memory above threshold", "Memory averaged 95.00% for the previous 1 minute. " + s_text),
            _ => ($"Connection to {told.Host} is down \U0001F534", $"Connection to {told.Host} is down. {s_text}"),
        };
        return new JsonObject { ["title"] = title, ["message"] = message + "\n\nhttps://beszel.lan/system/abc" }.ToJsonString();
    }

    /// <summary>The state of all systems, which a hub sends every minute.</summary>
    internal static string BeszelHeartbeat(DateTimeOffset at, params string[] down) => new JsonObject
    {
        ["status"] = down.Length > 0 ? "error" : "ok",
        ["timestamp"] = at.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture),
        ["msg"] = down.Length > 0 ? $"{down.Length} system(s) down" : "",
        ["systems"] = new JsonObject { ["total"] = 2, ["up"] = 2 - down.Length, ["down"] = down.Length, ["paused"] = 0, ["pending"] = 0 },
        ["down_systems"] = new JsonArray([.. down.Select(static name => new JsonObject { ["id"] = "abc123", ["name"] = name, ["host"] = name })]),
        ["beszel_version"] = "0.18.8",
    }.ToJsonString();

    internal static string Json(params IReadOnlyList<Told> all) => new JsonObject
    {
        ["events"] = new JsonArray([.. all.Select(static told => new JsonObject
        {
            ["id"] = $"{told.Service}-{told.Status}-{told.At.UtcTicks}",
            ["name"] = told.Service,
            ["host"] = told.Host,
            ["state"] = told.Status == AlertStatus.Up ? "up" : "down",
            ["at"] = Iso(told.At),
            ["text"] = s_text,
        })]),
    }.ToJsonString();

    private static JsonObject Labels(Told told)
    {
        var labels = new JsonObject
        {
            ["alertname"] = told.Status switch { AlertStatus.Certificate => "SSLCertExpiringSoon", AlertStatus.Pressure => "HighMemoryUsage", _ => "ServiceDown" },
            ["service"] = told.Service,
            ["severity"] = "critical",
        };
        if (told.Service == "dev") labels["vmid"] = "100";
        return labels;
    }

    private static string Iso(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture);

    private static string Read(string path) => File.ReadAllText(Path.Combine(Repository.Root, path));
}

/// <summary>What a source says of one service.</summary>
/// <param name="Service">The service.</param>
/// <param name="Status">How it says that it is.</param>
/// <param name="At">Since when.</param>
internal sealed record Told(string Service, AlertStatus Status, DateTimeOffset At)
{
    /// <summary>When that began whose end is told of.</summary>
    internal DateTimeOffset? Began { get; init; }

    /// <summary>The sender's own number for it.</summary>
    internal int Number { get; init; } = 1795219773;

    internal string Host { get; init; } = HomelabPlan.Services.FirstOrDefault(s => s.Name == Service)?.Host ?? "dev";
}
