using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace Homelab.Providers.Docker;

/// <summary>Generated readers: nothing is reflected at run time, which is most of the cost of a first call.</summary>
[JsonSourceGenerationOptions(GenerationMode = JsonSourceGenerationMode.Metadata)]
[JsonSerializable(typeof(ErrorWire))]
[JsonSerializable(typeof(VersionWire))]
[JsonSerializable(typeof(InfoWire))]
[JsonSerializable(typeof(ContainerListWire[]))]
[JsonSerializable(typeof(ContainerInspectWire))]
[JsonSerializable(typeof(ContainerInspectWire[]))]
[JsonSerializable(typeof(StatsWire))]
[JsonSerializable(typeof(EventWire))]
[JsonSerializable(typeof(ExecCreateWire))]
[JsonSerializable(typeof(ExecCreatedWire))]
[JsonSerializable(typeof(ExecStartWire))]
[JsonSerializable(typeof(ExecWire))]
[JsonSerializable(typeof(DiskUsageWire))]
[JsonSerializable(typeof(ImagesPrunedWire))]
[JsonSerializable(typeof(CachePrunedWire))]
[JsonSerializable(typeof(UpdateWire))]
[JsonSerializable(typeof(UpdatedWire))]
[JsonSerializable(typeof(ImageWire))]
[JsonSerializable(typeof(VolumesWire))]
[JsonSerializable(typeof(ListedNetworkWire[]))]
[JsonSerializable(typeof(UserWire[]))]
[JsonSerializable(typeof(JsonObject))]
internal sealed partial class DockerJson : JsonSerializerContext;

internal sealed record ErrorWire
{
    [JsonPropertyName("message")]
    public string? Message { get; init; }
}

internal sealed record VersionWire
{
    public string? Version { get; init; }

    public string? ApiVersion { get; init; }

    [JsonPropertyName("MinAPIVersion")]
    public string? MinApiVersion { get; init; }

    public string? Os { get; init; }

    public string? Arch { get; init; }
}

internal sealed record InfoWire
{
    /// <summary>Such as <c>name=seccomp,profile=builtin</c> and <c>name=rootless</c>.</summary>
    public string?[]? SecurityOptions { get; init; }

    /// <summary>Where it keeps its data, on its host.</summary>
    public string? DockerRootDir { get; init; }
}
