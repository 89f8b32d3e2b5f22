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

    /// <summary>Who logs in, for what the key cannot do.</summary>
    [Description("The user that logs in to pause monitors and to write maintenances and incidents: the API key cannot do that. With password.")]
    public string? User { get; init; }

    /// <summary>The user's password.</summary>
    [Description("The password of user: env:UPTIME_KUMA_PASSWORD.")]
    public SecretReference? Password { get; init; }

    /// <summary>The key of the user's second factor.</summary>
    [Description("The key of the user's second factor in base32, as it was shown when that was set up: env:UPTIME_KUMA_TOTP. Only where the user has one.")]
    public SecretReference? Token { get; init; }

    /// <summary>Where we say that we live.</summary>
    [Description("The address of a push monitor, or its token alone: env:UPTIME_KUMA_PUSH. There this program says that it lives, so that its silence is noticed.")]
    public SecretReference? Push { get; init; }

    /// <summary>How its TLS certificate is verified.</summary>
    [Description("How its TLS certificate is verified, where the system's authorities do not know it.")]
    public TlsDefinition? Tls { get; init; }
}
