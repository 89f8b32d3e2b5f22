namespace Homelab.Lab.Docker;

/// <summary>What a simulated container is made from.</summary>
public sealed record SimulatedContainerSpec
{
    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>The image it claims to be made from.</summary>
    public string Image { get; init; } = "busybox:1";

    /// <summary>Its labels.</summary>
    public IReadOnlyDictionary<string, string> Labels { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>Ports published on 127.0.0.1: outside, inside.</summary>
    public IReadOnlyDictionary<int, int> Ports { get; init; } = new Dictionary<int, int>();

    /// <summary>True when it writes to a terminal: its log then has no stream frames.</summary>
    public bool Tty { get; init; }

    /// <summary>True when it has a health check.</summary>
    public bool HasHealthCheck { get; init; }

    /// <summary>From its start until its health check first passes.</summary>
    public TimeSpan HealthyAfter { get; init; }

    /// <summary>How long it takes to end when it is asked to. Longer than the grace means that it is killed.</summary>
    public TimeSpan EndsAfter { get; init; }

    /// <summary>How long the engine takes to start it.</summary>
    public TimeSpan StartsAfter { get; init; }

    /// <summary>Its restart policy. Only told, not obeyed: a simulated container that dies stays dead until somebody acts.</summary>
    public string RestartPolicy { get; init; } = "no";

    /// <summary>Memory in bytes that it seems to use while it runs.</summary>
    public long MemoryUsed { get; init; } = 32 * 1024 * 1024;

    /// <summary>Memory limit in bytes; 0 for none.</summary>
    public long MemoryLimit { get; init; }

    /// <summary>Limit of memory and swap together in bytes; 0 when nothing was said, -1 for none.</summary>
    public long MemorySwap { get; init; }

    /// <summary>How often its restart policy seems to have restarted it.</summary>
    public int RestartCount { get; init; }

    /// <summary>What keeps its log.</summary>
    public string LogDriver { get; init; } = "json-file";

    /// <summary>Where its log is on the host; where engines keep such logs when empty.</summary>
    public string LogPath { get; init; } = "";

    /// <summary>What it has written beside its image, in bytes.</summary>
    public long Written { get; init; }

    /// <summary>What it was made from besides: JSON as <c>POST /containers/create</c> takes it.</summary>
    public string Settings { get; init; } = "{}";

    /// <summary>Processor time that it seems to use while it runs, in percent of one core.</summary>
    public double CpuPercent { get; init; } = 1;

    /// <summary>True when it runs from the beginning.</summary>
    public bool Running { get; init; } = true;
}
