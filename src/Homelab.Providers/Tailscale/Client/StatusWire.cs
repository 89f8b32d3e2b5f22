using System.Text.Json.Serialization;

namespace Homelab.Providers.Tailscale;

/// <summary>Generated readers of <c>ipnstate.Status</c>. What a newer Tailscale tells besides is passed over.</summary>
[JsonSourceGenerationOptions(GenerationMode = JsonSourceGenerationMode.Metadata)]
[JsonSerializable(typeof(StatusWire))]
internal sealed partial class TailscaleJson : JsonSerializerContext;

// Go leaves out or sends null for what is empty: everything is optional.

internal sealed record StatusWire
{
    public string? Version { get; init; }

    public string? BackendState { get; init; }

    public PeerWire? Self { get; init; }

    public TailnetWire? CurrentTailnet { get; init; }

    /// <summary>By the node's public key.</summary>
    public Dictionary<string, PeerWire?>? Peer { get; init; }

    /// <summary>By the user's id.</summary>
    public Dictionary<string, UserWire?>? User { get; init; }
}

internal sealed record TailnetWire
{
    public string? Name { get; init; }
}

internal sealed record UserWire
{
    public string? LoginName { get; init; }
}

internal sealed record PeerWire
{
    public string? HostName { get; init; }

    /// <summary>With a dot at its end.</summary>
    [JsonPropertyName("DNSName")]
    public string? DnsName { get; init; }

    [JsonPropertyName("OS")]
    public string? Os { get; init; }

    [JsonPropertyName("UserID")]
    public long UserId { get; init; }

    [JsonPropertyName("TailscaleIPs")]
    public string?[]? TailscaleIps { get; init; }

    public string?[]? Tags { get; init; }

    public string? CurAddr { get; init; }

    public string? Relay { get; init; }

    public long RxBytes { get; init; }

    public long TxBytes { get; init; }

    /// <summary>Year 1 while it is online, and when it never was.</summary>
    public string? LastSeen { get; init; }

    public bool Online { get; init; }

    public bool ExitNode { get; init; }

    public bool ExitNodeOption { get; init; }

    public bool Active { get; init; }

    public string? KeyExpiry { get; init; }
}
