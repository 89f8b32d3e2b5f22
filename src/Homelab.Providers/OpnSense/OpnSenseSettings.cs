using System.ComponentModel;

namespace Homelab.Providers.OpnSense;

/// <summary>Where OPNsense is: <c>providers: opnsense:</c> in the lab file.</summary>
public sealed record OpnSenseSettings
{
    /// <summary>Its address.</summary>
    [Description("Where the web interface of OPNsense listens: https://fw.")]
    public required Uri Url { get; init; }

    /// <summary>The API key.</summary>
    [Description("The key of an API key (System, Access, Users): env:OPNSENSE_API_KEY. Its user needs Status: Services and System: Status, and Diagnostics: System Activity so that a restart can be seen.")]
    public required SecretReference Key { get; init; }

    /// <summary>The secret of the API key.</summary>
    [Description("The secret of the API key: env:OPNSENSE_API_SECRET.")]
    public required SecretReference Secret { get; init; }

    /// <summary>How its TLS certificate is verified.</summary>
    [Description("How its TLS certificate is verified, where the system's authorities do not know it: OPNsense makes one of its own when it is installed, which sha256 pins.")]
    public TlsDefinition? Tls { get; init; }
}
