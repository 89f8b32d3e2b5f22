namespace Homelab;

/// <summary>How a host's memory is used, in bytes.</summary>
/// <remarks><c>/proc/meminfo</c>. The command <c>free</c>.</remarks>
public sealed record HostMemory
{
    /// <summary>The host as the lab file names it.</summary>
    public required string Host { get; init; }

    /// <summary>All of it.</summary>
    public required long Total { get; init; }

    /// <summary>What new programs can have without swapping: what is free, and what the kernel would give back.</summary>
    public required long Available { get; init; }

    /// <summary>What is used and would not be given back.</summary>
    public required long Used { get; init; }

    /// <summary>What nobody uses at all.</summary>
    public long Free { get; init; }

    /// <summary>What the kernel keeps of files, to have them at hand.</summary>
    public long Cached { get; init; }

    /// <summary>What the kernel keeps of block devices.</summary>
    public long Buffers { get; init; }

    /// <summary>How much is used, 0 to 1.</summary>
    public double Fraction { get; init; }

    /// <summary>All of the swap; 0 when there is none.</summary>
    public long SwapTotal { get; init; }

    /// <summary>What of it is used.</summary>
    public long SwapUsed { get; init; }

    /// <inheritdoc/>
    public override string ToString() => Host;
}
