using System.Text.Json.Serialization;

namespace Homelab.Providers.Proxmox;

/// <summary>An entry of <c>GET /nodes/{node}/storage/{storage}/content</c>.</summary>
internal sealed record VolumeWire
{
    [JsonPropertyName("volid")]
    public string? VolId { get; init; }

    [JsonPropertyName("content")]
    public string? Content { get; init; }

    [JsonPropertyName("format")]
    public string? Format { get; init; }

    [JsonPropertyName("size")]
    public long? Size { get; init; }

    [JsonPropertyName("used")]
    public long? Used { get; init; }

    [JsonPropertyName("vmid")]
    public long? VmId { get; init; }

    [JsonPropertyName("ctime")]
    public long? CreatedAt { get; init; }

    [JsonPropertyName("notes")]
    public string? Notes { get; init; }

    [JsonPropertyName("protected")]
    public bool? Protected { get; init; }

    [JsonPropertyName("parent")]
    public string? Parent { get; init; }

    [JsonPropertyName("verification")]
    public VerificationWire? Verification { get; init; }

    /// <summary>A fingerprint, or 1.</summary>
    [JsonPropertyName("encrypted")]
    public string? Encrypted { get; init; }
}

/// <summary>What a backup server's last verification found.</summary>
internal sealed record VerificationWire
{
    [JsonPropertyName("state")]
    public string? State { get; init; }
}

/// <summary>An entry of <c>GET /nodes/{node}/disks/list</c>.</summary>
internal sealed record DiskWire
{
    [JsonPropertyName("devpath")]
    public string? Path { get; init; }

    [JsonPropertyName("health")]
    public string? Health { get; init; }

    /// <summary>What is left of its life, in percent, or <c>N/A</c>.</summary>
    [JsonPropertyName("wearout")]
    public string? LifeLeft { get; init; }

    [JsonPropertyName("type")]
    public string? Type { get; init; }

    [JsonPropertyName("vendor")]
    public string? Vendor { get; init; }

    [JsonPropertyName("model")]
    public string? Model { get; init; }

    [JsonPropertyName("serial")]
    public string? Serial { get; init; }

    [JsonPropertyName("size")]
    public long? Size { get; init; }

    [JsonPropertyName("used")]
    public string? UsedFor { get; init; }
}

/// <summary>An entry of <c>GET /nodes/{node}/disks/zfs</c>.</summary>
internal sealed record ZfsWire
{
    [JsonPropertyName("name")]
    public string? Name { get; init; }

    [JsonPropertyName("health")]
    public string? Health { get; init; }

    [JsonPropertyName("size")]
    public long? Size { get; init; }

    [JsonPropertyName("alloc")]
    public long? Allocated { get; init; }

    [JsonPropertyName("free")]
    public long? Free { get; init; }

    /// <summary>Percent.</summary>
    [JsonPropertyName("frag")]
    public double? Fragmentation { get; init; }

    [JsonPropertyName("dedup")]
    public double? Deduplication { get; init; }
}

/// <summary><c>GET /nodes/{node}/disks/zfs/{name}</c>.</summary>
internal sealed record ZfsDetailWire
{
    [JsonPropertyName("state")]
    public string? State { get; init; }

    [JsonPropertyName("scan")]
    public string? Scan { get; init; }

    [JsonPropertyName("errors")]
    public string? Errors { get; init; }

    [JsonPropertyName("status")]
    public string? Status { get; init; }

    [JsonPropertyName("action")]
    public string? Action { get; init; }

    [JsonPropertyName("children")]
    public ZfsDeviceWire[]? Children { get; init; }
}

/// <summary>A device of a ZFS pool, or a group of them.</summary>
internal sealed record ZfsDeviceWire
{
    [JsonPropertyName("name")]
    public string? Name { get; init; }

    [JsonPropertyName("state")]
    public string? State { get; init; }

    [JsonPropertyName("read")]
    public long? Read { get; init; }

    [JsonPropertyName("write")]
    public long? Write { get; init; }

    [JsonPropertyName("cksum")]
    public long? Checksum { get; init; }

    [JsonPropertyName("msg")]
    public string? Message { get; init; }

    [JsonPropertyName("children")]
    public ZfsDeviceWire[]? Children { get; init; }
}
