using System.ComponentModel;

namespace Homelab.Providers.Prometheus;

/// <summary>Where Prometheus is: <c>providers: prometheus:</c> in the lab file.</summary>
public sealed record PrometheusSettings
{
    /// <summary>Its address.</summary>
    [Description("Where Prometheus listens: http://host:9090.")]
    public required Uri Url { get; init; }

    /// <summary>A bearer token, where something before it asks for one.</summary>
    [Description("A bearer token, where Prometheus or the proxy before it asks for one: env:PROMETHEUS_TOKEN.")]
    public SecretReference? Token { get; init; }

    /// <summary>The user of a login by password.</summary>
    [Description("The user, where it asks for a login by password.")]
    public string? User { get; init; }

    /// <summary>The password.</summary>
    [Description("The password of that user: env:PROMETHEUS_PASSWORD.")]
    public SecretReference? Password { get; init; }

    /// <summary>How its TLS certificate is verified.</summary>
    [Description("How its TLS certificate is verified, where the system's authorities do not know it.")]
    public TlsDefinition? Tls { get; init; }

    /// <summary>How often its firing alerts are asked for.</summary>
    [DurationRange("1s", "1h")]
    [Description("How often its firing alerts are asked for, such as 30s, where no Alertmanager sends them. Never when not given.")]
    public TimeSpan? Poll { get; init; }
}
