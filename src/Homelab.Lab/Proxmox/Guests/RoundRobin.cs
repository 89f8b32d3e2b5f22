using System.Text.Json.Nodes;

namespace Homelab.Lab.Proxmox;

/// <summary>The past as <c>rrddata</c> has it: one entry for each step, with no more than its time where nothing was measured.</summary>
internal static class RoundRobin
{
    /// <summary>The entries up to a moment.</summary>
    /// <param name="timeframe"><c>hour</c>, <c>day</c>, <c>week</c>, <c>month</c>, <c>year</c> or <c>decade</c>.</param>
    /// <param name="now">The moment.</param>
    /// <param name="since">When measuring began.</param>
    /// <param name="measure">Fills in what was measured at a moment.</param>
    internal static JsonArray Read(string timeframe, DateTimeOffset now, DateTimeOffset since, Action<DateTimeOffset, JsonObject> measure)
    {
        var (step, count) = Steps(timeframe);
        var last = now.ToUnixTimeSeconds() / step * step;
        var entries = new JsonArray();
        for (var time = last - ((count - 1) * step); time <= last; time += step)
        {
            var at = DateTimeOffset.FromUnixTimeSeconds(time);
            var entry = new JsonObject { ["time"] = time };
            if (at >= since) measure(at, entry);
            entries.Add((JsonNode)entry);
        }

        return entries;
    }

    private static (long Step, int Count) Steps(string timeframe) => timeframe switch
    {
        "hour" => (60, 60),
        "day" => (60, 1440),
        "week" => (1800, 336),
        "month" => (1800, 1440),
        "year" => (21600, 1440),
        _ => (604800, 570),
    };
}
