namespace Homelab;

/// <summary>A process of a host. Its arguments are not told: passwords stand in them too often.</summary>
/// <remarks><c>/proc/{pid}/stat</c>, <c>status</c> and <c>cgroup</c>, read twice with a second between. The command <c>top</c>.</remarks>
public sealed record RunningProcess
{
    /// <summary>The host as the lab file names it.</summary>
    public required string Host { get; init; }

    /// <summary>Its number.</summary>
    public required int Pid { get; init; }

    /// <summary>The number of the one that started it.</summary>
    public int ParentPid { get; init; }

    /// <summary>Its name: the first 15 letters of its program, or what it calls itself.</summary>
    public required string Name { get; init; }

    /// <summary>The user it runs as; the number where it has no name.</summary>
    public string User { get; init; } = "";

    /// <summary>What it does: <c>R</c> running, <c>S</c> sleeping, <c>D</c> waiting for a disk, <c>T</c> stopped, <c>Z</c> dead and not buried, <c>I</c> idle.</summary>
    public string State { get; init; } = "";

    /// <summary>How many processors it used over the last second: 1.5 is one and a half.</summary>
    public double Cpu { get; init; }

    /// <summary>What it has used of processors since it was started.</summary>
    public TimeSpan CpuTime { get; init; }

    /// <summary>What it holds in memory, in bytes. What it shares with others counts with each.</summary>
    public long Memory { get; init; }

    /// <summary>What of it was swapped out, in bytes.</summary>
    public long Swap { get; init; }

    /// <summary>Its threads.</summary>
    public int Threads { get; init; }

    /// <summary>When it was started, by the host's clock.</summary>
    public DateTimeOffset? StartedAt { get; init; }

    /// <summary>The unit or container it belongs to: <c>nginx.service</c>, <c>docker-2f1a….scope</c>. Empty where it belongs to none.</summary>
    public string Unit { get; init; } = "";

    /// <inheritdoc/>
    public override string ToString() => $"{Name} ({Pid})";
}

/// <summary>What the largest processes are chosen by.</summary>
public enum ProcessOrder
{
    /// <summary>What they use of the processors now.</summary>
    Cpu,

    /// <summary>What they hold in memory.</summary>
    Memory,
}
