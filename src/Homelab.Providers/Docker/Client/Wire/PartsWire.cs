using System.Text.Json.Serialization;

namespace Homelab.Providers.Docker;

// The engine sends null where a list or map is empty: everything is optional.

internal sealed record VolumesWire
{
    public VolumeWire?[]? Volumes { get; init; }
}

internal sealed record VolumeWire
{
    public string? Name { get; init; }

    public string? Driver { get; init; }

    public string? Mountpoint { get; init; }

    public string? CreatedAt { get; init; }

    public Dictionary<string, string?>? Labels { get; init; }

    public VolumeUsageWire? UsageData { get; init; }
}

internal sealed record ListedNetworkWire
{
    public string? Name { get; init; }

    public string? Id { get; init; }

    public string? Created { get; init; }

    public string? Scope { get; init; }

    public string? Driver { get; init; }

    public bool Internal { get; init; }

    [JsonPropertyName("IPAM")]
    public AddressesWire? Ipam { get; init; }

    public Dictionary<string, string?>? Labels { get; init; }
}

internal sealed record AddressesWire
{
    public RangeWire?[]? Config { get; init; }
}

internal sealed record RangeWire
{
    public string? Subnet { get; init; }

    public string? Gateway { get; init; }
}

/// <summary>A container as a user of volumes and networks.</summary>
internal sealed record UserWire
{
    public string?[]? Names { get; init; }

    public UsedMountWire?[]? Mounts { get; init; }

    public UsedNetworksWire? NetworkSettings { get; init; }
}

internal sealed record UsedMountWire
{
    public string? Type { get; init; }

    /// <summary>The volume's name; with bind mounts there is none.</summary>
    public string? Name { get; init; }
}

internal sealed record UsedNetworksWire
{
    public Dictionary<string, UsedNetworkWire?>? Networks { get; init; }
}

internal sealed record UsedNetworkWire
{
    /// <summary>Empty until the container was started once.</summary>
    [JsonPropertyName("NetworkID")]
    public string? NetworkId { get; init; }
}
