using System.Text.Json.Serialization;

namespace Homelab.Providers.Proxmox;

/// <summary>An entry of <c>GET /nodes/{node}/{qemu|lxc}/{vmid}/snapshot</c>.</summary>
internal sealed record SnapshotWire
{
    [JsonPropertyName("name")]
    public string? Name { get; init; }

    [JsonPropertyName("parent")]
    public string? Parent { get; init; }

    [JsonPropertyName("description")]
    public string? Description { get; init; }

    [JsonPropertyName("snaptime")]
    public long? SnapTime { get; init; }

    [JsonPropertyName("vmstate")]
    public bool? VmState { get; init; }
}

/// <summary><c>GET /nodes/{node}/{qemu|lxc}/{vmid}/feature</c>.</summary>
internal sealed record FeatureWire
{
    [JsonPropertyName("hasFeature")]
    public bool? HasFeature { get; init; }
}
