using System.Text.Json.Serialization;

namespace Homelab.Providers.Proxmox;

/// <summary>An entry of <c>GET /nodes/{node}/storage/{storage}/content?content=backup</c>.</summary>
internal sealed record BackupWire
{
    [JsonPropertyName("volid")]
    public string? VolumeId { get; init; }

    [JsonPropertyName("vmid")]
    public long? VmId { get; init; }

    [JsonPropertyName("subtype")]
    public string? Subtype { get; init; }

    [JsonPropertyName("format")]
    public string? Format { get; init; }

    [JsonPropertyName("ctime")]
    public long? CreatedAt { get; init; }

    [JsonPropertyName("size")]
    public long? Size { get; init; }

    [JsonPropertyName("notes")]
    public string? Notes { get; init; }

    [JsonPropertyName("protected")]
    public bool? Protected { get; init; }

    /// <summary>1, or the fingerprint of the key.</summary>
    [JsonPropertyName("encrypted")]
    public string? Encrypted { get; init; }

    [JsonPropertyName("verification")]
    public VerificationWire? Verification { get; init; }
}

/// <summary>A storage as a place for backups: an entry of <c>GET /cluster/resources?type=storage</c>.</summary>
internal sealed record BackupStorageWire
{
    [JsonPropertyName("storage")]
    public string? Storage { get; init; }

    [JsonPropertyName("node")]
    public string? Node { get; init; }

    [JsonPropertyName("content")]
    public string? Content { get; init; }

    [JsonPropertyName("status")]
    public string? Status { get; init; }

    [JsonPropertyName("shared")]
    public bool? Shared { get; init; }
}
