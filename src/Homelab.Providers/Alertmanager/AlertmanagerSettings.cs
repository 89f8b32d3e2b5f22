using System.ComponentModel;

namespace Homelab.Providers.Alertmanager;

/// <summary>Where Alertmanager is: <c>providers: alertmanager:</c> in the lab file.</summary>
public sealed record AlertmanagerSettings
{
    /// <summary>Its address.</summary>
    [Description("Where Alertmanager listens: http://host:9093, with its path where it has one.")]
    public required Uri Url { get; init; }

    /// <summary>A bearer token, where something before it asks for one.</summary>
    [Description("A bearer token, where it or the proxy before it asks for one: env:ALERTMANAGER_TOKEN.")]
    public SecretReference? Token { get; init; }

    /// <summary>The user, where it asks for one.</summary>
    [Description("The user, where it asks for user and password.")]
    public string? User { get; init; }

    /// <summary>The user's password.</summary>
    [Description("The password of user: env:ALERTMANAGER_PASSWORD.")]
    public SecretReference? Password { get; init; }

    /// <summary>How its TLS certificate is verified.</summary>
    [Description("How its TLS certificate is verified, where the system's authorities do not know it.")]
    public TlsDefinition? Tls { get; init; }
}
