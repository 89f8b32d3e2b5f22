using System.ComponentModel;

namespace Homelab.Providers.Proxmox;

/// <summary>Where Proxmox VE is: <c>providers: proxmox:</c> in the lab file. One credential: a token whole, a token in two parts, or a login.</summary>
public sealed record ProxmoxSettings
{
    /// <summary>One node of the cluster; any of them answers for all.</summary>
    [Description("Where Proxmox VE listens: https://pve:8006. Any node of a cluster answers for all of them.")]
    public required Uri Url { get; init; }

    /// <summary>Other nodes of the same cluster, asked in turn when the first cannot be reached.</summary>
    [Description("Other nodes of the same cluster, asked in turn when the first cannot be reached: an address, or a mapping with url and tls.")]
    public IReadOnlyList<ProxmoxNodeDefinition> Failover { get; init; } = [];

    /// <summary>An API token, whole: <c>user@realm!id=uuid</c>.</summary>
    [Description("An API token as one secret, user@realm!id=uuid: env:PROXMOX_TOKEN.")]
    public SecretReference? Token { get; init; }

    /// <summary>The name of an API token: <c>user@realm!id</c>.</summary>
    [Description("The name of an API token, user@realm!id, where its secret is given apart in tokenSecret.")]
    public string? TokenId { get; init; }

    /// <summary>The secret of the token in <see cref="TokenId"/>.</summary>
    [Description("The secret of the token in tokenId, a UUID: env:PROXMOX_TOKEN_SECRET.")]
    public SecretReference? TokenSecret { get; init; }

    /// <summary>A login by password, for what no token may do.</summary>
    [Description("A login by password in place of a token. A token is better: it has rights of its own and can be revoked alone.")]
    public ProxmoxLoginDefinition? Login { get; init; }

    /// <summary>How the nodes' certificates are verified, where a node says nothing else.</summary>
    [Description("How the TLS certificate is verified; Proxmox signs its own. Holds for every node that has no tls of its own.")]
    public TlsDefinition? Tls { get; init; }
}

/// <summary>Another node of the cluster. In the lab file the url may stand alone.</summary>
public sealed record ProxmoxNodeDefinition
{
    /// <summary>Its address.</summary>
    [Shorthand]
    [Description("Where this node listens: https://pve2:8006.")]
    public required Uri Url { get; init; }

    /// <summary>How its certificate is verified, where it is not as the first node's.</summary>
    [Description("How this node's TLS certificate is verified. Without it, as the first node's.")]
    public TlsDefinition? Tls { get; init; }
}

/// <summary>A login by password, with a second factor where the account has one.</summary>
public sealed record ProxmoxLoginDefinition
{
    /// <summary>The account with its realm: <c>root@pam</c>.</summary>
    [Description("The account with its realm: homelab@pve, root@pam.")]
    public required string User { get; init; }

    /// <summary>Its password.</summary>
    [Description("Its password: env:PROXMOX_PASSWORD.")]
    public required SecretReference Password { get; init; }

    /// <summary>The key of its one-time codes, base32.</summary>
    [Description("The key of its one-time codes (TOTP), in base32 as Proxmox shows it beside the QR code: env:PROXMOX_TOTP.")]
    public SecretReference? Totp { get; init; }
}
