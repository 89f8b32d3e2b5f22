using System.ComponentModel;

namespace Homelab.Providers.TrueNas;

/// <summary>Where TrueNAS is: <c>providers: truenas:</c> in the lab file.</summary>
public sealed record TrueNasSettings
{
    /// <summary>Its address.</summary>
    [Description("Where the web interface of TrueNAS listens: https://nas. Never plain http: TrueNAS revokes a key that was sent without TLS.")]
    public required Uri Url { get; init; }

    /// <summary>Whose key it is.</summary>
    [Description("The user whose API key it is. Without it the key is used the older way, which names no user and is going away.")]
    public string? User { get; init; }

    /// <summary>The API key.</summary>
    [Description("An API key of that user (Credentials, Users, API Keys), such as 1-… : env:TRUENAS_API_KEY.")]
    public required SecretReference ApiKey { get; init; }

    /// <summary>How its TLS certificate is verified.</summary>
    [Description("How its TLS certificate is verified, where the system's authorities do not know it: TrueNAS makes one of its own when it is installed, which sha256 pins.")]
    public TlsDefinition? Tls { get; init; }
}
