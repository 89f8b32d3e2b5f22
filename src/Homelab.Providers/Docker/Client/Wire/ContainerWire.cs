using System.Text.Json.Serialization;

namespace Homelab.Providers.Docker;

// The engine sends null where a list or map is empty, and more fields than these: everything is optional.

internal sealed record ContainerListWire
{
    public string? Id { get; init; }

    public string?[]? Names { get; init; }

    public string? Image { get; init; }

    /// <summary>Seconds since 1970.</summary>
    public long Created { get; init; }

    public PortWire?[]? Ports { get; init; }

    public Dictionary<string, string?>? Labels { get; init; }

    public string? State { get; init; }

    public string? Status { get; init; }

    public ListedHostWire? HostConfig { get; init; }
}

internal sealed record ListedHostWire
{
    /// <summary>A network's name, or <c>container:</c> and the container whose network it lives in.</summary>
    public string? NetworkMode { get; init; }
}

internal sealed record PortWire
{
    [JsonPropertyName("IP")]
    public string? Ip { get; init; }

    public int PrivatePort { get; init; }

    public int? PublicPort { get; init; }

    public string? Type { get; init; }
}

internal sealed record ContainerInspectWire
{
    public string? Id { get; init; }

    public string? Name { get; init; }

    public string? Created { get; init; }

    /// <summary>The image's digest.</summary>
    public string? Image { get; init; }

    public int RestartCount { get; init; }

    /// <summary>Where its log is on the host; empty with drivers that keep none in a file.</summary>
    public string? LogPath { get; init; }

    public StateWire? State { get; init; }

    public ConfigWire? Config { get; init; }

    public HostConfigWire? HostConfig { get; init; }

    public NetworkSettingsWire? NetworkSettings { get; init; }
}

internal sealed record StateWire
{
    public string? Status { get; init; }

    public int ExitCode { get; init; }

    [JsonPropertyName("OOMKilled")]
    public bool OomKilled { get; init; }

    public string? Error { get; init; }

    public string? StartedAt { get; init; }

    public string? FinishedAt { get; init; }

    public HealthWire? Health { get; init; }
}

internal sealed record HealthWire
{
    public string? Status { get; init; }

    public int FailingStreak { get; init; }

    public HealthLogWire?[]? Log { get; init; }
}

internal sealed record HealthLogWire
{
    public string? Output { get; init; }
}

internal sealed record ConfigWire
{
    /// <summary>The image as it was named when the container was made.</summary>
    public string? Image { get; init; }

    public bool Tty { get; init; }

    public Dictionary<string, string?>? Labels { get; init; }
}

internal sealed record HostConfigWire
{
    public long Memory { get; init; }

    /// <summary>Memory and swap together; -1 for as much swap as there is, 0 when nothing was said.</summary>
    public long MemorySwap { get; init; }

    /// <summary>Processors' time in billionths of one.</summary>
    public long NanoCpus { get; init; }

    /// <summary>The older way to say the same: so many microseconds of each period.</summary>
    public long CpuQuota { get; init; }

    public long CpuPeriod { get; init; }

    public RestartPolicyWire? RestartPolicy { get; init; }

    public LogConfigWire? LogConfig { get; init; }
}

internal sealed record LogConfigWire
{
    public string? Type { get; init; }
}

internal sealed record RestartPolicyWire
{
    public string? Name { get; init; }

    /// <summary>With <c>on-failure</c>; 0 for no limit.</summary>
    public int MaximumRetryCount { get; init; }
}

internal sealed record NetworkSettingsWire
{
    public Dictionary<string, PortBindingWire?[]?>? Ports { get; init; }
}

internal sealed record PortBindingWire
{
    public string? HostIp { get; init; }

    public string? HostPort { get; init; }
}
