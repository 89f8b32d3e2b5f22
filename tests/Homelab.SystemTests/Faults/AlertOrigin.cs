namespace Homelab.SystemTests.Faults;

/// <summary>By what way a failure becomes known.</summary>
public enum AlertOrigin
{
    /// <summary>Uptime Kuma's webhook.</summary>
    Kuma,

    /// <summary>Alertmanager's webhook, version 4.</summary>
    Alertmanager,

    /// <summary>Prometheus, which is asked for its alerts.</summary>
    Prometheus,

    /// <summary>The sender that we ship for Netdata.</summary>
    Netdata,

    /// <summary>Beszel's notifications and heartbeats.</summary>
    Beszel,

    /// <summary>Anybody's JSON, read by a map of the lab file.</summary>
    Json,

    /// <summary>The events of the Docker Engine.</summary>
    DockerEvents,

    /// <summary>Our own probes.</summary>
    Probe,
}
