using System.Globalization;
using System.Text.Json;

namespace Homelab.Providers.Prometheus;

/// <summary>
/// Reads what Alertmanager's webhook receiver sends, version 4: a group of alerts, each firing or resolved. The two of a pair that is highly available send the
/// same alerts, which have the same fingerprints.
/// </summary>
/// <remarks>https://prometheus.io/docs/alerting/latest/configuration/#webhook_config</remarks>
public sealed class AlertmanagerAlertSource : IAlertSource
{
    private const string Version = "4";
    private const int MostAlerts = 1000;

    private static readonly AlertJson s_json = new(PrometheusNames.Alertmanager, "Alertmanager", "JSON of version 4 with a list of alerts");

    /// <inheritdoc/>
    public string Name => PrometheusNames.Alertmanager;

    /// <inheritdoc/>
    public IReadOnlyList<Alert> Read(AlertDelivery delivery)
    {
        ArgumentNullException.ThrowIfNull(delivery);
        using var json = s_json.Parse(delivery.Body);
        var body = json.RootElement;
        if (body.ValueKind != JsonValueKind.Object) throw s_json.Wrong("the body", body, "an object with version and alerts");
        if (s_json.Required(body, "version", "version") is not Version and var version) throw s_json.Unreadable($"version is \"{ForeignText.Clean(version, 20)}\"; expected \"{Version}\"");
        var group = ForeignText.Clean(s_json.Text(body, "groupKey", "groupKey") ?? "", 300);
        var list = s_json.List(body, "alerts", "alerts");
        if (list.GetArrayLength() > MostAlerts) throw s_json.Unreadable(string.Create(CultureInfo.InvariantCulture, $"alerts has {list.GetArrayLength()} items; expected at most {MostAlerts}. Set max_alerts of the webhook receiver"));
        var alerts = list.EnumerateArray().Select((alert, i) => Read(alert, $"alerts[{i}]", group, delivery.ReceivedAt)).ToList();
        if (s_json.Number(body, "truncatedAlerts", "truncatedAlerts") is > 0 and var missing) alerts.Add(Truncated(missing, group, alerts, delivery.ReceivedAt));
        return alerts;
    }

    private static Alert Read(JsonElement alert, string path, string group, DateTimeOffset receivedAt)
    {
        if (alert.ValueKind != JsonValueKind.Object) throw s_json.Wrong(path, alert, "an object");
        var labels = s_json.Texts(alert, "labels", $"{path}.labels");
        var fires = s_json.Required(alert, "status", $"{path}.status") switch
        {
            "firing" => true,
            "resolved" => false,
            var other => throw s_json.Unreadable($"{path}.status is \"{ForeignText.Clean(other, 40)}\"; expected \"firing\" or \"resolved\""),
        };
        var startsAt = s_json.Time(alert, "startsAt", $"{path}.startsAt") ?? throw s_json.Unreadable($"{path}.startsAt is missing; expected a time");
        var endsAt = s_json.Time(alert, "endsAt", $"{path}.endsAt");
        // Alertmanager before 0.19 gave none; the labels are what it is made of.
        var id = s_json.Name(s_json.Text(alert, "fingerprint", $"{path}.fingerprint"), $"{path}.fingerprint") ?? AlertJson.Hash(string.Join('\n', labels.Select(static l => $"{l.Key}={l.Value}")));
        return LabelReading.Read(new LabelledAlert(
            PrometheusNames.Alertmanager,
            fires,
            labels,
            s_json.Texts(alert, "annotations", $"{path}.annotations"),
            fires ? startsAt : endsAt ?? receivedAt,
            $"alertmanager:{id}:{startsAt.UtcDateTime:yyyy-MM-ddTHH:mm:ss.fffffff}:{(fires ? "firing" : "resolved")}")
        {
            More = group.Length > 0 ? new Dictionary<string, string>(StringComparer.Ordinal) { ["groupKey"] = group } : [],
        });
    }

    // Nobody can tell which alerts those are; that some are missing must not go unnoticed.
    private static Alert Truncated(double missing, string group, List<Alert> alerts, DateTimeOffset receivedAt) => new()
    {
        Source = PrometheusNames.Alertmanager,
        Status = AlertStatus.Pending,
        Severity = "warning",
        Message = AlertJson.Message(string.Create(CultureInfo.InvariantCulture, $"Alertmanager left out {missing:0} more alerts of the group {group}: raise max_alerts of its webhook receiver, or group by more labels")),
        At = receivedAt,
        Labels = new Dictionary<string, string>(StringComparer.Ordinal) { ["groupKey"] = group, ["truncatedAlerts"] = missing.ToString("0", CultureInfo.InvariantCulture) },
        Fingerprint = "alertmanager:truncated:" + AlertJson.Hash(string.Create(CultureInfo.InvariantCulture, $"{group}\n{missing:0}\n{string.Join('\n', alerts.Select(static a => a.Fingerprint).Order(StringComparer.Ordinal))}")),
    };
}
