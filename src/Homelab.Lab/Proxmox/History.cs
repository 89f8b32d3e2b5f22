using System.Text.Json.Nodes;

namespace Homelab.Lab.Proxmox;

/// <summary>Round robin data: a line of points in time, of which the older ones may know nothing.</summary>
internal static class History
{
    private const int Points = 70;

    /// <summary>The points of the asked timeframe up to now.</summary>
    /// <param name="call">Who asks, and for which timeframe.</param>
    /// <param name="fill">Puts the values of now into a point; a simulated thing was always as it is now.</param>
    internal static ProxmoxAnswer Of(ProxmoxCall call, Action<ProxmoxCall, JsonObject> fill)
    {
        var step = call.Required("timeframe") switch { "hour" => 60, "day" => 1800, "week" => 10800, "month" => 43200, "year" => 604800, _ => 604800 * 10 };
        var end = call.Cluster.Time.GetUtcNow().ToUnixTimeSeconds() / step * step;
        var booted = call.Node.StartedAt.ToUnixTimeSeconds();
        return Json.List(Enumerable.Range(0, Points).Select(i =>
        {
            var point = new JsonObject { ["time"] = end - ((Points - 1 - i) * step) };
            // Before it was there it left nothing.
            if (end - ((Points - 2 - i) * step) > booted) fill(call, point);
            return point;
        }));
    }
}
