using System.Globalization;
using System.Text.Json;

namespace Homelab.Providers.Prometheus;

/// <summary>Reads the answer of <c>/api/v1/alerts</c>.</summary>
internal static class PrometheusAlertReader
{
    internal static IReadOnlyList<PrometheusAlert> Read(JsonElement data) =>
        [.. data.GetProperty("alerts").EnumerateArray().Select(static a => ReadOne(a)).OrderBy(static a => a.Name, StringComparer.OrdinalIgnoreCase)];

    private static PrometheusAlert ReadOne(JsonElement alert)
    {
        var labels = MetricReader.Labels(alert.GetProperty("labels"));
        var annotations = MetricReader.Labels(alert.GetProperty("annotations"));
        return new PrometheusAlert
        {
            Name = labels.GetValueOrDefault("alertname", ""),
            State = alert.GetProperty("state").GetString() switch
            {
                "firing" => PrometheusAlertState.Firing,
                "pending" => PrometheusAlertState.Pending,
                var other => throw new FormatException($"an alert in the state {ForeignText.Clean(other ?? "null", 40)}"),
            },
            Since = DateTimeOffset.Parse(alert.GetProperty("activeAt").GetString() ?? "", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal),
            Value = MetricReader.Number(alert.GetProperty("value").GetString()),
            Severity = labels.GetValueOrDefault("severity"),
            Summary = annotations.GetValueOrDefault("summary") ?? annotations.GetValueOrDefault("description") ?? "",
            Labels = labels,
            Annotations = annotations,
        };
    }
}
