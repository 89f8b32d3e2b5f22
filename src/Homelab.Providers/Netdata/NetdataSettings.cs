using System.ComponentModel;

namespace Homelab.Providers.Netdata;

/// <summary>Where a Netdata agent is: <c>providers: netdata:</c> in the lab file. A parent answers for itself alone.</summary>
public sealed record NetdataSettings
{
    /// <summary>Its address.</summary>
    [Description("Where the agent listens: http://host:19999.")]
    public required Uri Url { get; init; }

    /// <summary>A bearer token, where something before it asks for one.</summary>
    [Description("A bearer token, where the proxy before it asks for one: env:NETDATA_TOKEN.")]
    public SecretReference? Token { get; init; }

    /// <summary>The user of a login by password.</summary>
    [Description("The user, where the proxy before it asks for a login by password.")]
    public string? User { get; init; }

    /// <summary>The password.</summary>
    [Description("The password of that user: env:NETDATA_PASSWORD.")]
    public SecretReference? Password { get; init; }

    /// <summary>How its TLS certificate is verified.</summary>
    [Description("How its TLS certificate is verified, where the system's authorities do not know it.")]
    public TlsDefinition? Tls { get; init; }
}
