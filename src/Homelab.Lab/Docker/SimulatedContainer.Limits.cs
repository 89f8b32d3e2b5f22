namespace Homelab.Lab.Docker;

public sealed partial class SimulatedContainer
{
    /// <summary>What it may use at present.</summary>
    public SimulatedLimits Limits { get; private set; }

    /// <summary>The kernel kills one of its processes for want of memory; its main process lives.</summary>
    public void LoseProcessToMemory()
    {
        if (Running) Tell("oom");
    }

    /// <summary>Sets what is given, as <c>docker update</c> does.</summary>
    internal void Limit(Func<SimulatedLimits, SimulatedLimits> change)
    {
        lock (_lock) Limits = change(Limits);
        Tell("update");
    }
}

/// <summary>What a simulated container may use, in the engine's own measures. Only told, not enforced.</summary>
/// <param name="Memory">Bytes; 0 for no limit.</param>
/// <param name="MemorySwap">Memory and swap together, in bytes; 0 when nothing was said, -1 for no limit.</param>
/// <param name="NanoCpus">Processors' time in billionths of one; 0 for no limit.</param>
/// <param name="RestartPolicy">Its name, as the engine writes it.</param>
/// <param name="RestartLimit">With <c>on-failure</c>; 0 for no limit.</param>
public sealed record SimulatedLimits(long Memory, long MemorySwap, long NanoCpus, string RestartPolicy, int RestartLimit);
