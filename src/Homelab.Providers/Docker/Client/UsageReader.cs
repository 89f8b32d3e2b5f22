namespace Homelab.Providers.Docker;

/// <summary>Computes usage from an engine's counters exactly as <c>docker stats</c> does on Linux.</summary>
internal static class UsageReader
{
    internal static ContainerUsage Read(StatsWire wire, Container container) => new()
    {
        Name = container.Name,
        Host = container.Host,
        Id = container.Id,
        CpuPercent = CpuPercent(wire.Cpu, wire.PreviousCpu),
        MemoryUsed = Bytes(MemoryUsed(wire.Memory)),
        MemoryLimit = Bytes(wire.Memory?.Limit ?? 0),
        NetworkReceived = Bytes(Sum(wire.Networks?.Values.OfType<NetworkWire>().Select(static n => n.Received))),
        NetworkSent = Bytes(Sum(wire.Networks?.Values.OfType<NetworkWire>().Select(static n => n.Sent))),
        DiskRead = Bytes(Sum(Disk(wire, 'r'))),
        DiskWritten = Bytes(Sum(Disk(wire, 'w'))),
        Processes = (int)Math.Min(wire.Pids?.Current ?? 0, int.MaxValue),
        At = ContainerReader.Time(wire.Read),
    };

    internal static double CpuPercent(CpuWire? now, CpuWire? before)
    {
        // Counters start anew with the container, so a difference may be below zero: as doubles it stays so.
        var used = (double)(now?.Usage?.Total ?? 0) - (before?.Usage?.Total ?? 0);
        var passed = (double)(now?.System ?? 0) - (before?.System ?? 0);
        var cores = now is { Online: > 0 } ? (int)now.Online : now?.Usage?.PerCpu?.Length ?? 0;
        return used > 0 && passed > 0 ? used / passed * cores * 100 : 0;
    }

    internal static ulong MemoryUsed(MemoryWire? memory)
    {
        if (memory is null) return 0;
        // cgroup v1 has the first name, v2 the second.
        if (memory.Stats is not null)
        {
            if (memory.Stats.TryGetValue("total_inactive_file", out var v1) && v1 < memory.Usage) return memory.Usage - v1;
            if (memory.Stats.TryGetValue("inactive_file", out var v2) && v2 < memory.Usage) return memory.Usage - v2;
        }

        return memory.Usage;
    }

    // "Read" on cgroup v1, "read" on v2.
    private static IEnumerable<ulong> Disk(StatsWire wire, char initial) =>
        (wire.Disk?.Bytes ?? []).OfType<DiskEntryWire>().Where(e => e.Operation is { Length: > 0 } word && char.ToLowerInvariant(word[0]) == initial).Select(static e => e.Value);

    private static ulong Sum(IEnumerable<ulong>? values) => (values ?? []).Aggregate(0UL, static (sum, value) => unchecked(sum + value));

    // A limit of "none" is a number near 2^64 on cgroup v1.
    private static long Bytes(ulong value) => (long)Math.Min(value, long.MaxValue);
}
