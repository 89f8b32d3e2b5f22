namespace Homelab.Providers.UptimeKuma;

/// <summary>Turns Kuma's metrics into monitors. 2.x labels each with <c>monitor_id</c>, 1.x does not; 2.x also has averages over windows, which are not a state.</summary>
/// <remarks>Uptime Kuma: <c>server/prometheus.js</c>.</remarks>
internal static class KumaMetrics
{
    private const int LongestText = 255;

    internal static IReadOnlyList<MonitorReading> Read(IReadOnlyList<PrometheusSample> samples)
    {
        var monitors = new Dictionary<MonitorKey, Draft>();
        foreach (var sample in samples)
        {
            if (sample.Name == "monitor_status") DraftOf(sample).See(sample.Value);
        }

        foreach (var sample in samples)
        {
            if (sample.Name is not ("monitor_response_time" or "monitor_cert_days_remaining") || !monitors.TryGetValue(MonitorKey.Of(sample), out var draft)) continue;
            if (sample.Name == "monitor_response_time") draft.ResponseTime = Milliseconds(sample.Value);
            else draft.CertificateDays = Days(sample.Value);
        }

        return [.. monitors.Select(static m => m.Value.Finish(m.Key)).OrderBy(static m => m.Name, StringComparer.OrdinalIgnoreCase).ThenBy(static m => m.Id, StringComparer.Ordinal)];

        Draft DraftOf(PrometheusSample sample)
        {
            var key = MonitorKey.Of(sample);
            if (!monitors.TryGetValue(key, out var draft)) monitors.Add(key, draft = new Draft(sample));
            return draft;
        }
    }

    // -1 stands for "no response time".
    private static TimeSpan? Milliseconds(double value) => value is >= 0 and < 86_400_000 ? TimeSpan.FromMilliseconds(value) : null;

    private static int? Days(double value) => value is > int.MinValue and < int.MaxValue ? (int)Math.Floor(value) : null;

    // An edited monitor may leave a series with its old labels behind: in 2.x its id tells that both are one. In 1.x only the labels are left to tell by.
    private readonly record struct MonitorKey(string Id, string Name, string Type, string Url, string Host, string Port)
    {
        internal static MonitorKey Of(PrometheusSample sample)
        {
            var id = Label(sample, "monitor_id");
            return id.Length > 0
                ? new MonitorKey(id, "", "", "", "", "")
                : new MonitorKey("", Label(sample, "monitor_name"), Label(sample, "monitor_type"), Label(sample, "monitor_url"), Label(sample, "monitor_hostname"), Label(sample, "monitor_port"));
        }
    }

    private static string Label(PrometheusSample sample, string name) => sample.Labels.GetValueOrDefault(name, "");

    private sealed class Draft(PrometheusSample first)
    {
        private double? _status;
        private bool _contradicts;

        internal TimeSpan? ResponseTime { get; set; }

        internal int? CertificateDays { get; set; }

        internal void See(double status)
        {
            _contradicts |= _status is { } before && !before.Equals(status);
            _status = status;
        }

        internal MonitorReading Finish(MonitorKey key) => new()
        {
            Id = ForeignText.Clean(key.Id, LongestText),
            Name = ForeignText.Clean(Label(first, "monitor_name"), LongestText),
            Type = ForeignText.Clean(Label(first, "monitor_type"), LongestText),
            // Two series that disagree: nobody can tell which one is of today.
            Status = _contradicts ? MonitorStatus.Unknown : StatusOf(_status ?? double.NaN),
            ResponseTime = ResponseTime,
            CertificateDaysRemaining = CertificateDays,
        };

        private static MonitorStatus StatusOf(double value) => value switch
        {
            0 => MonitorStatus.Down,
            1 => MonitorStatus.Up,
            2 => MonitorStatus.Pending,
            3 => MonitorStatus.Maintenance,
            _ => MonitorStatus.Unknown,
        };
    }
}
