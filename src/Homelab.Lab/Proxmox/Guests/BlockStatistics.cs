using System.Text.Json.Nodes;

namespace Homelab.Lab.Proxmox;

/// <summary>What QEMU counts for each drive of a running VM.</summary>
internal static class BlockStatistics
{
    private static readonly string[] s_counters =
    [
        "failed_flush_operations", "failed_rd_operations", "failed_unmap_operations", "failed_wr_operations", "failed_zone_append_operations", "flush_operations", "flush_total_time_ns",
        "invalid_flush_operations", "invalid_rd_operations", "invalid_unmap_operations", "invalid_wr_operations", "invalid_zone_append_operations", "rd_bytes", "rd_merged", "rd_operations",
        "rd_total_time_ns", "unmap_bytes", "unmap_merged", "unmap_operations", "unmap_total_time_ns", "wr_bytes", "wr_highest_offset", "wr_merged", "wr_operations", "wr_total_time_ns",
        "zone_append_bytes", "zone_append_merged", "zone_append_operations", "zone_append_total_time_ns",
    ];

    /// <summary>One drive's.</summary>
    /// <param name="read">Bytes that it read.</param>
    /// <param name="written">Bytes that it wrote.</param>
    internal static JsonObject Of(long read, long written)
    {
        var counted = new JsonObject { ["account_failed"] = true, ["account_invalid"] = true, ["timed_stats"] = new JsonArray() };
        foreach (var counter in s_counters) counted[counter] = 0;
        (counted["rd_bytes"], counted["rd_operations"]) = (read, read / 4096);
        (counted["wr_bytes"], counted["wr_operations"]) = (written, written / 4096);
        // QEMU only knows how long a drive was idle once it was used.
        if (read > 0) counted["idle_time_ns"] = 793_576;
        return counted;
    }
}
