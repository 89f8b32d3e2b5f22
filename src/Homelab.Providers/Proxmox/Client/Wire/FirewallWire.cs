using System.Text.Json.Serialization;

namespace Homelab.Providers.Proxmox;

/// <summary>An entry of <c>GET /nodes/{node}/{qemu|lxc}/{vmid}/firewall/rules</c>.</summary>
internal sealed record FirewallRuleWire
{
    [JsonPropertyName("pos")]
    public long? Position { get; init; }

    [JsonPropertyName("type")]
    public string? Type { get; init; }

    [JsonPropertyName("action")]
    public string? Action { get; init; }

    [JsonPropertyName("enable")]
    public bool? Enabled { get; init; }

    [JsonPropertyName("macro")]
    public string? Macro { get; init; }

    [JsonPropertyName("proto")]
    public string? Protocol { get; init; }

    [JsonPropertyName("source")]
    public string? Source { get; init; }

    [JsonPropertyName("dest")]
    public string? Destination { get; init; }

    [JsonPropertyName("sport")]
    public string? SourcePort { get; init; }

    [JsonPropertyName("dport")]
    public string? Port { get; init; }

    [JsonPropertyName("iface")]
    public string? Interface { get; init; }

    [JsonPropertyName("log")]
    public string? Log { get; init; }

    [JsonPropertyName("comment")]
    public string? Comment { get; init; }

    [JsonPropertyName("digest")]
    public string? Digest { get; init; }
}

/// <summary>The options of a firewall: of a guest, or of the whole cluster.</summary>
internal sealed record FirewallOptionsWire
{
    [JsonPropertyName("enable")]
    public bool? Enabled { get; init; }
}

/// <summary><c>GET /access/users/{user}/token/{token}</c>.</summary>
internal sealed record TokenWire
{
    [JsonPropertyName("expire")]
    public long? Expires { get; init; }

    [JsonPropertyName("privsep")]
    public bool? Separated { get; init; }
}
