using System.Text.Json;
using System.Text.Json.Serialization;

namespace Homelab.Providers.Proxmox;

/// <summary>An entry of <c>GET /nodes/{node}/{qemu|lxc}/{vmid}/pending</c>: one key of a guest's configuration. Its values are numbers or texts.</summary>
internal sealed record PendingWire
{
    [JsonPropertyName("key")]
    public string? Key { get; init; }

    /// <summary>What holds now; absent where nothing does yet.</summary>
    [JsonPropertyName("value")]
    public JsonElement? Value { get; init; }

    /// <summary>What holds from the next start on; absent where nothing changes.</summary>
    [JsonPropertyName("pending")]
    public JsonElement? Pending { get; init; }

    /// <summary>1 or 2 where the next start takes it away.</summary>
    [JsonPropertyName("delete")]
    public long? Delete { get; init; }
}
