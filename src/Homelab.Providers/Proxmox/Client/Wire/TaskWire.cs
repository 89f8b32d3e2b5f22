using System.Text.Json.Serialization;

namespace Homelab.Providers.Proxmox;

/// <summary><c>GET /nodes/{node}/tasks/{upid}/status</c>, and an entry of the lists of tasks, which say it a little differently.</summary>
internal sealed record TaskStatusWire
{
    [JsonPropertyName("upid")]
    public string? Upid { get; init; }

    /// <summary><c>running</c> or <c>stopped</c>. In lists: what it ended with, <c>RUNNING</c>, or absent while it runs.</summary>
    [JsonPropertyName("status")]
    public string? Status { get; init; }

    /// <summary>What it ended with; only of a single task.</summary>
    [JsonPropertyName("exitstatus")]
    public string? ExitStatus { get; init; }

    [JsonPropertyName("user")]
    public string? User { get; init; }

    [JsonPropertyName("tokenid")]
    public string? TokenId { get; init; }

    [JsonPropertyName("endtime")]
    public long? EndTime { get; init; }
}

/// <summary>A line of <c>GET /nodes/{node}/tasks/{upid}/log</c>.</summary>
internal sealed record TaskLogWire
{
    [JsonPropertyName("n")]
    public long? Number { get; init; }

    [JsonPropertyName("t")]
    public string? Text { get; init; }
}
