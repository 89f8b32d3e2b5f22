using System.Text.Json.Serialization;

namespace Homelab.Providers.Docker;

internal sealed record EventWire
{
    public string? Type { get; init; }

    public string? Action { get; init; }

    public ActorWire? Actor { get; init; }

    [JsonPropertyName("timeNano")]
    public long UnixNanoseconds { get; init; }
}

internal sealed record ActorWire
{
    [JsonPropertyName("ID")]
    public string? Id { get; init; }

    public Dictionary<string, string?>? Attributes { get; init; }
}
