using System.Globalization;

namespace Homelab.Providers.Docker;

/// <summary>What a container is to be limited to: the caller's wish, made whole by what it has already.</summary>
internal sealed record LimitWish(long? Memory, long? MemorySwap, long? NanoCpus, string? Policy, int RestartLimit)
{
    private const double Billion = 1_000_000_000;

    /// <exception cref="InputException">Nothing is to be changed, or fields do not go together.</exception>
    internal static LimitWish Of(SetContainerLimits.Input input, ContainerDetail now)
    {
        if (input is { Memory: null, Swap: null, Cpu: null, RestartPolicy: null, RestartLimit: null }) throw Problem("memory", null, "is missing, and so is everything else that could be set", "Give memory, swap, cpu or restartPolicy.");
        var memory = input.Memory ?? (now.MemoryLimit > 0 ? now.MemoryLimit : null);
        if (input.Swap is not null && memory is null) throw Problem("swap", input.Swap, "limits swap of a container whose memory is not limited", "Give memory too.");
        var policy = input.RestartPolicy is { } given ? Word(given) : null;
        if (input.RestartLimit is not null && (policy ?? now.RestartPolicy) != "on-failure") throw Problem("restartLimit", input.RestartLimit, $"does not go with the restart policy {policy ?? now.RestartPolicy}", "It goes with on-failure only.");
        // The engine refuses memory above memory and swap together: the swap on top stays what it was.
        var swap = input.Swap ?? (input.Memory is null ? null : now.SwapLimit);
        return new LimitWish(
            input.Memory,
            swap is { } more ? memory + more : null,
            input.Cpu is { } cpus ? (long)Math.Round(cpus * Billion) : null,
            policy ?? (input.RestartLimit is null ? null : now.RestartPolicy),
            input.RestartLimit ?? (policy is null ? now.RestartLimit : 0));
    }

    internal UpdateWire Wire => new()
    {
        Memory = Memory,
        MemorySwap = MemorySwap,
        NanoCpus = NanoCpus,
        RestartPolicy = Policy is null ? null : new RestartPolicyWire { Name = Policy, MaximumRetryCount = RestartLimit },
    };

    /// <summary>What is not as it was wished, in words; empty when all is.</summary>
    internal IEnumerable<string> Missing(ContainerDetail seen)
    {
        if (Memory is { } memory && seen.MemoryLimit != memory) yield return $"memory is {Shown(seen.MemoryLimit)} instead of {Shown(memory)}";
        if (MemorySwap is { } both && seen.SwapLimit is var swap && (swap is null || swap + seen.MemoryLimit != both)) yield return $"swap is {(swap is { } known ? ByteSize.Format(known) : "unlimited")} instead of {ByteSize.Format(both - (Memory ?? seen.MemoryLimit))}";
        if (NanoCpus is { } nano && Math.Abs(seen.CpuLimit - (nano / Billion)) > 1e-6) yield return string.Create(CultureInfo.InvariantCulture, $"cpu is {seen.CpuLimit:0.###} instead of {nano / Billion:0.###}");
        if (Policy is { } policy && (seen.RestartPolicy != policy || seen.RestartLimit != RestartLimit)) yield return $"the restart policy is {seen.RestartPolicy} instead of {policy}";
    }

    /// <summary>As the engine writes it.</summary>
    internal static string Word(ContainerRestartPolicy policy) => policy switch
    {
        ContainerRestartPolicy.Always => "always",
        ContainerRestartPolicy.OnFailure => "on-failure",
        ContainerRestartPolicy.UnlessStopped => "unless-stopped",
        _ => "no",
    };

    private static string Shown(long memory) => memory == 0 ? "unlimited" : ByteSize.Format(memory);

    private static InputException Problem(string field, object? value, string reason, string wayOut) =>
        new([new InputProblem(field, value is null ? null : Convert.ToString(value, CultureInfo.InvariantCulture), reason, wayOut)]);
}
