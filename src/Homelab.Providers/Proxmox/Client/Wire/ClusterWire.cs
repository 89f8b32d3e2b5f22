using System.Text.Json.Serialization;

namespace Homelab.Providers.Proxmox;

/// <summary>An entry of <c>GET /cluster/status</c>: the cluster itself, or a node.</summary>
internal sealed record ClusterEntryWire
{
    [JsonPropertyName("type")]
    public string? Type { get; init; }

    [JsonPropertyName("name")]
    public string? Name { get; init; }

    [JsonPropertyName("quorate")]
    public bool? Quorate { get; init; }

    [JsonPropertyName("online")]
    public bool? Online { get; init; }

    /// <summary>A node's address.</summary>
    [JsonPropertyName("ip")]
    public string? Ip { get; init; }

    /// <summary>True of the node that answers.</summary>
    [JsonPropertyName("local")]
    public bool? Local { get; init; }
}

/// <summary><c>GET /version</c>.</summary>
internal sealed record VersionWire
{
    [JsonPropertyName("version")]
    public string? Version { get; init; }
}

/// <summary>An entry of <c>GET /pools</c>; its members are there only where one pool is asked for.</summary>
internal sealed record PoolWire
{
    [JsonPropertyName("poolid")]
    public string? PoolId { get; init; }

    [JsonPropertyName("comment")]
    public string? Comment { get; init; }

    [JsonPropertyName("members")]
    public ResourceWire[]? Members { get; init; }
}

/// <summary>An entry of <c>GET /cluster/ha/resources</c>.</summary>
internal sealed record HaResourceWire
{
    [JsonPropertyName("sid")]
    public string? Sid { get; init; }

    [JsonPropertyName("state")]
    public string? State { get; init; }

    [JsonPropertyName("group")]
    public string? Group { get; init; }

    [JsonPropertyName("max_restart")]
    public long? MaxRestart { get; init; }

    [JsonPropertyName("max_relocate")]
    public long? MaxRelocate { get; init; }

    [JsonPropertyName("comment")]
    public string? Comment { get; init; }
}

/// <summary>An entry of <c>GET /cluster/ha/status/current</c>. Which keys it has depends on its type.</summary>
internal sealed record HaStatusWire
{
    [JsonPropertyName("type")]
    public string? Type { get; init; }

    [JsonPropertyName("sid")]
    public string? Sid { get; init; }

    [JsonPropertyName("node")]
    public string? Node { get; init; }

    [JsonPropertyName("status")]
    public string? Status { get; init; }

    [JsonPropertyName("state")]
    public string? State { get; init; }

    [JsonPropertyName("crm_state")]
    public string? CrmState { get; init; }

    [JsonPropertyName("request_state")]
    public string? RequestState { get; init; }

    [JsonPropertyName("quorate")]
    public bool? Quorate { get; init; }
}

/// <summary>An entry of <c>GET /cluster/ha/rules</c>.</summary>
internal sealed record HaRuleWire
{
    [JsonPropertyName("rule")]
    public string? Rule { get; init; }

    /// <summary>Service ids, separated by commas.</summary>
    [JsonPropertyName("resources")]
    public string? Resources { get; init; }

    [JsonPropertyName("disable")]
    public bool? Disable { get; init; }
}
