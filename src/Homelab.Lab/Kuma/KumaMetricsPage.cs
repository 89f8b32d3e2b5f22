using System.Globalization;
using System.Text;

namespace Homelab.Lab.Kuma;

/// <summary>Writes <c>/metrics</c> as the two releases do.</summary>
/// <remarks>Uptime Kuma: <c>server/prometheus.js</c>. 1.x has no <c>monitor_id</c> and no averages.</remarks>
internal static class KumaMetricsPage
{
    private static readonly string[] s_windows = ["1d", "30d", "365d"];

    internal static string Write(KumaRelease release, IReadOnlyList<MonitorState> monitors)
    {
        var page = new StringBuilder();
        Gauge("monitor_cert_days_remaining", "The number of days remaining until the certificate expires", m => Single(m, m.CertificateDays));
        Gauge("monitor_cert_is_valid", "Is the certificate still valid? (1 = Yes, 0= No)", m => Single(m, m.CertificateDays is null ? null : m.CertificateDays >= 0 ? 1 : 0));
        if (release == KumaRelease.Two)
        {
            Gauge("monitor_uptime_ratio", "Uptime ratio calculated over sliding window specified by the 'window' label. (0.0 - 1.0)", m => Windows(m, m.Last?.Status == 1 ? 1 : 0));
            Gauge(
                "monitor_response_time_seconds",
                "Average response time in seconds calculated over sliding window specified by the 'window' label",
                m => Windows(m, (m.Last?.Ping ?? 0) / 1000.0));
        }

        Gauge("monitor_response_time", "Monitor Response Time (ms)", m => Single(m, m.Last?.Ping ?? -1));
        Gauge("monitor_status", "Monitor Status (1 = UP, 0= DOWN, 2= PENDING, 3= MAINTENANCE)", m => Single(m, m.Last?.Status));
        page.Append("# HELP process_open_fds Number of open file descriptors.\n# TYPE process_open_fds gauge\nprocess_open_fds 26\n");
        return page.ToString();

        void Gauge(string name, string help, Func<MonitorState, IEnumerable<(string Labels, double Value)>> samples)
        {
            page.Append(CultureInfo.InvariantCulture, $"# HELP {name} {help}\n# TYPE {name} gauge\n");
            // What was never looked at since the start, or since it was resumed, has no series; nor has what is paused.
            foreach (var (labels, value) in monitors.Where(static m => m.IsMeasured).SelectMany(samples))
            {
                page.Append(CultureInfo.InvariantCulture, $"{name}{{{labels}}} {(double.IsNaN(value) ? "Nan" : value)}\n");
            }

            page.Append('\n');
        }

        IEnumerable<(string, double)> Single(MonitorState monitor, double? value)
        {
            if (value is { } number) yield return (Labels(release, monitor), number);
        }

        IEnumerable<(string, double)> Windows(MonitorState monitor, double value) => s_windows.Select(window => ($"{Labels(release, monitor)},window=\"{window}\"", value));
    }

    private static string Labels(KumaRelease release, MonitorState state)
    {
        var monitor = state.Monitor;
        var id = release == KumaRelease.Two ? $"monitor_id=\"{state.Id}\"," : "";
        return $"{id}monitor_name=\"{Escape(monitor.Name)}\",monitor_type=\"{monitor.Type}\",monitor_url=\"{Escape(monitor.Url?.ToString() ?? "null")}\","
            + $"monitor_hostname=\"{Escape(monitor.Hostname ?? "null")}\",monitor_port=\"{monitor.Port?.ToString(CultureInfo.InvariantCulture) ?? "null"}\"";
    }

    private static string Escape(string value) =>
        value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal);
}
