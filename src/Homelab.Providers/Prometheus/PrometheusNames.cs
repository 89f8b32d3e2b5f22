namespace Homelab.Providers.Prometheus;

internal static class PrometheusNames
{
    /// <summary>The key under <c>providers:</c>, the feed's source, and the first part of the operations' names.</summary>
    internal const string Provider = "prometheus";

    /// <summary>The source of what Alertmanager sends, which are Prometheus' alerts.</summary>
    internal const string Alertmanager = "alertmanager";

    internal const string Product = "Prometheus";
}
