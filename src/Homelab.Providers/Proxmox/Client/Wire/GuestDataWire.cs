using System.Text.Json.Serialization;

namespace Homelab.Providers.Proxmox;

/// <summary>What <c>GET /nodes/{node}/{qemu|lxc}/{vmid}/config</c> says of a guest that decides whether it may be removed.</summary>
internal sealed record VmConfigHead
{
    [JsonPropertyName("protection")]
    public bool? Protection { get; init; }
}

/// <summary><c>GET /nodes/{node}/qemu/{vmid}/migrate</c>: what stands in the way of a move.</summary>
internal sealed record MigrationWire
{
    [JsonPropertyName("allowed_nodes")]
    public string[]? AllowedNodes { get; init; }

    [JsonPropertyName("not_allowed_nodes")]
    public Dictionary<string, MigrationObstacleWire>? NotAllowedNodes { get; init; }

    [JsonPropertyName("local_disks")]
    public MigrationDiskWire[]? LocalDisks { get; init; }

    [JsonPropertyName("local_resources")]
    public string[]? LocalResources { get; init; }
}

/// <summary>What a node lacks to take a guest.</summary>
internal sealed record MigrationObstacleWire
{
    [JsonPropertyName("unavailable_storages")]
    public string[]? UnavailableStorages { get; init; }
}

/// <summary>A disk that lies on the node alone.</summary>
internal sealed record MigrationDiskWire
{
    [JsonPropertyName("volid")]
    public string? VolumeId { get; init; }

    [JsonPropertyName("drivename")]
    public string? Drive { get; init; }

    [JsonPropertyName("cdrom")]
    public bool? IsCdRom { get; init; }

    [JsonPropertyName("is_cloudinit")]
    public bool? IsCloudInit { get; init; }

    [JsonPropertyName("shared")]
    public bool? Shared { get; init; }
}
