using System.Text.Json.Serialization;

namespace Homelab.Providers.Docker;

/// <summary>Limits to set. What is not sent stays as it is.</summary>
internal sealed record UpdateWire
{
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? Memory { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? MemorySwap { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? NanoCpus { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public RestartPolicyWire? RestartPolicy { get; init; }
}

internal sealed record UpdatedWire
{
    /// <summary>What the machine cannot hold to, such as a limit of swap.</summary>
    public string?[]? Warnings { get; init; }
}
