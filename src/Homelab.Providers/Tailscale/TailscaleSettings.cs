using System.ComponentModel;

namespace Homelab.Providers.Tailscale;

/// <summary>Where this machine's Tailscale is: <c>providers: tailscale:</c> in the lab file. Both are found by themselves where it was installed as usual.</summary>
public sealed record TailscaleSettings
{
    /// <summary>The socket of tailscaled.</summary>
    [Description("The socket of tailscaled, where it is not /var/run/tailscale/tailscaled.sock.")]
    public string? Socket { get; init; }

    /// <summary>The program tailscale.</summary>
    [Description("The program tailscale, where it is not on the PATH. It is used where there is no socket.")]
    public string? Command { get; init; }
}
