namespace Homelab.Providers.Prometheus;

internal static class PrometheusErrors
{
    internal static HomelabException NotConfigured() =>
        new(ErrorKind.NotFound, "PrometheusNotConfigured", "The lab file names no Prometheus. Give providers: prometheus: url.", PrometheusNames.Provider);
}
