using System.ComponentModel;

namespace Homelab.Providers.UptimeKuma;

/// <summary>Where Uptime Kuma is: <c>providers: kuma:</c> in the lab file.</summary>
public sealed record UptimeKumaSettings
{
    /// <summary>Its address.</summary>
    [Description("Where Uptime Kuma listens: http://host:3001.")]
    public required Uri Url { get; init; }

    /// <summary>The key with which its metrics are read.</summary>
    [Description("An API key of Uptime Kuma (Settings, API Keys): env:UPTIME_KUMA_API_KEY. Without it, authentication must be switched off there.")]
    public SecretReference? ApiKey { get; init; }

    /// <summary>How its TLS certificate is verified.</summary>
    [Description("How its TLS certificate is verified, where the system's authorities do not know it.")]
    public TlsDefinition? Tls { get; init; }
}
