namespace Homelab;

/// <summary>A container with everything its engine knows that healing needs.</summary>
/// <remarks>Engine API: <c>GET /containers/{id}/json</c>. The CLI's <c>docker inspect</c>.</remarks>
public sealed record ContainerDetail : Container
{
    /// <summary>When its main process was last started, by the engine's clock. <see cref="DateTimeOffset.MinValue"/> when never.</summary>
    public DateTimeOffset StartedAt { get; init; }

    /// <summary>When its main process last ended, by the engine's clock. <see cref="DateTimeOffset.MinValue"/> when never.</summary>
    public DateTimeOffset FinishedAt { get; init; }

    /// <summary>Exit code of the last run; meaningful only when it is not running.</summary>
    public int ExitCode { get; init; }

    /// <summary>True when the kernel killed it for want of memory.</summary>
    public bool OomKilled { get; init; }

    /// <summary>How often its restart policy has restarted it. Restarts on request do not count.</summary>
    public int RestartCount { get; init; }

    /// <summary>Its restart policy: <c>no</c>, <c>always</c>, <c>on-failure</c>, <c>unless-stopped</c>.</summary>
    public string RestartPolicy { get; init; } = "no";

    /// <summary>How often <c>on-failure</c> restarts it before it is given up; 0 for no limit.</summary>
    public int RestartLimit { get; init; }

    /// <summary>What the engine says went wrong at the last start; empty when nothing did.</summary>
    public string Error { get; init; } = "";

    /// <summary>Failed health checks in a row.</summary>
    public int FailingStreak { get; init; }

    /// <summary>Output of the last health check, cut to a readable length.</summary>
    public string HealthOutput { get; init; } = "";

    /// <summary>True when it writes to a terminal: its log then has no stream frames.</summary>
    public bool Tty { get; init; }

    /// <summary>Memory limit in bytes; 0 when unlimited.</summary>
    public long MemoryLimit { get; init; }

    /// <summary>Swap in bytes that it may use on top of its memory. Null when nothing limits it.</summary>
    public long? SwapLimit { get; init; }

    /// <summary>How many processors' time it may use: 1.5 is one and a half. 0 when unlimited.</summary>
    public double CpuLimit { get; init; }

    /// <summary>What keeps its log: <c>json-file</c>, <c>local</c>, <c>journald</c>. Empty when the engine does not say.</summary>
    public string LogDriver { get; init; } = "";

    /// <summary>The file of its log, on its host; empty where its driver keeps none.</summary>
    public string LogPath { get; init; } = "";
}
