using System.Text.Json.Nodes;

namespace Homelab.Lab.Docker;

/// <summary>Counters that yield the usage a container was set up with.</summary>
internal static class EngineStats
{
    private const int Cores = 2;
    private const long PageCache = 1024 * 1024;

    internal static JsonObject Of(SimulatedContainer container, long machineMemory, DateTimeOffset now)
    {
        var running = container.Running;
        return new JsonObject
        {
            ["read"] = running ? EngineClock.Write(now) : "0001-01-01T00:00:00Z",
            ["preread"] = running ? EngineClock.Write(now.AddSeconds(-1)) : "0001-01-01T00:00:00Z",
            ["pids_stats"] = running ? new JsonObject { ["current"] = 1 } : [],
            ["blkio_stats"] = new JsonObject { ["io_service_bytes_recursive"] = null },
            ["num_procs"] = 0,
            ["storage_stats"] = new JsonObject(),
            ["cpu_stats"] = Cpu(container, now),
            ["precpu_stats"] = Cpu(container, now.AddSeconds(-1)),
            ["memory_stats"] = running ? Memory(container, machineMemory) : [],
            ["name"] = "/" + container.Name,
            ["id"] = container.Id,
        };
    }

    private static JsonObject Cpu(SimulatedContainer container, DateTimeOffset at)
    {
        if (!container.Running) return new JsonObject { ["cpu_usage"] = new JsonObject { ["total_usage"] = 0 }, ["throttling_data"] = new JsonObject() };
        // Both counters run since the container was made; all cores together pass two seconds in one.
        var seconds = (at - container.Created).TotalSeconds + 10;
        return new JsonObject
        {
            ["cpu_usage"] = new JsonObject { ["total_usage"] = (long)(seconds * container.Spec.CpuPercent / 100 * 1e9), ["usage_in_kernelmode"] = 0, ["usage_in_usermode"] = 0 },
            ["system_cpu_usage"] = (long)(seconds * Cores * 1e9),
            ["online_cpus"] = Cores,
            ["throttling_data"] = new JsonObject { ["periods"] = 0, ["throttled_periods"] = 0, ["throttled_time"] = 0 },
        };
    }

    private static JsonObject Memory(SimulatedContainer container, long machineMemory) => new()
    {
        ["usage"] = container.MemoryUsed + PageCache,
        ["stats"] = new JsonObject { ["inactive_file"] = PageCache, ["anon"] = container.MemoryUsed },
        ["limit"] = container.Limits.Memory > 0 ? container.Limits.Memory : machineMemory,
    };
}
