using System.Text.Json.Nodes;
using static Homelab.Lab.Proxmox.SimulatedParameter;

namespace Homelab.Lab.Proxmox;

/// <summary>Tasks: lists, status, log, stop.</summary>
internal static class TaskRoutes
{
    private const int ClusterTasks = 25;

    internal static IReadOnlyList<SimulatedRoute> All { get; } =
    [
        SimulatedRoute.Of("GET", "/cluster/tasks", SimulatedRights.Everybody, "array", static call => Recent(call)),
        SimulatedRoute.Of(
            "GET", "/nodes/{node}/tasks", SimulatedRights.Everybody, "array", static call => List(call),
            Flag("errors", "0"), Whole("limit", 0, @default: "50"), Whole("since"), Choice("source", "archive", "active", "all") with { Default = "archive" },
            Whole("start", 0, @default: "0"), Text("statusfilter", "pve-task-status-type-list"), Text("typefilter"), Whole("until"), Text("userfilter"),
            Whole("vmid", 100, 999999999) with { Format = "pve-vmid" }),
        SimulatedRoute.Of("GET", "/nodes/{node}/tasks/{upid}", SimulatedRights.Everybody, "array", static _ => Json.Index("name", "log", "status")),
        SimulatedRoute.Of("DELETE", "/nodes/{node}/tasks/{upid}", SimulatedRights.Everybody, "null", static call => Stop(call)),
        SimulatedRoute.Of("GET", "/nodes/{node}/tasks/{upid}/status", SimulatedRights.Everybody, "object", static call => Status(call)),
        SimulatedRoute.Of(
            "GET", "/nodes/{node}/tasks/{upid}/log", SimulatedRights.Everybody, "array", static call => Log(call),
            Flag("download"), Whole("limit", 0, @default: "50"), Whole("start", 0, @default: "0")),
    ];

    private static ProxmoxAnswer Recent(ProxmoxCall call)
    {
        var seen = call.Cluster.Tasks.All.Where(t => MaySee(call, t)).ToArray();
        var running = seen.Where(static t => t.Running);
        var ended = seen.Where(static t => !t.Running).Reverse().Take(ClusterTasks);
        return Json.List(running.Concat(ended).Select(static t => new JsonObject
        {
            ["upid"] = t.Upid,
            ["node"] = t.Node,
            ["type"] = t.Type,
            ["id"] = t.Id,
            ["starttime"] = t.StartTime,
            ["saved"] = t.Running ? "0" : "1",
        }.With("pid", t.Running ? t.Pid : null).With("endtime", t.Running ? null : t.EndTime).With("status", t.ExitStatus).WithUser(t)));
    }

    private static ProxmoxAnswer List(ProxmoxCall call)
    {
        var source = call.Text("source") ?? "archive";
        var kinds = call.List("statusfilter");
        var all = call.Cluster.Tasks.All.Where(t => t.Node == call.Node.Name && MaySee(call, t)).ToArray();
        // Those that run come first and oldest first; the others newest first.
        var found = (source is "archive" ? [] : all.Where(static t => t.Running)).Concat(source is "active" ? [] : all.Where(static t => !t.Running).Reverse())
            .Where(t => !call.Flag("errors") || t is { Running: false, ExitStatus: not "OK" })
            .Where(t => kinds.Count == 0 || kinds.Contains(StateOf(t), StringComparer.OrdinalIgnoreCase))
            .Where(t => call.Text("typefilter") is not { } type || t.Type == type)
            .Where(t => call.Text("userfilter") is not { } user || t.User.Contains(user, StringComparison.OrdinalIgnoreCase))
            .Where(t => call.Text("vmid") is not { } vmid || t.Id == vmid)
            .Where(t => call.Whole("since") is not { } since || t.StartTime >= since)
            .Where(t => call.Whole("until") is not { } until || t.StartTime <= until)
            .ToArray();
        var page = found.Skip((int)(call.Whole("start") ?? 0)).Take((int)(call.Whole("limit") ?? 50));
        return new ProxmoxAnswer { Data = Json.List(page.Select(Entry)), Total = found.Length == 0 ? null : found.Length };
    }

    private static JsonObject Entry(SimulatedTask task)
    {
        var entry = new JsonObject
        {
            ["upid"] = task.Upid,
            ["node"] = task.Node,
            ["type"] = task.Type,
            ["id"] = task.Id,
            ["pid"] = task.Pid,
            ["pstart"] = task.PStart,
            ["starttime"] = task.StartTime,
            ["status"] = task.ExitStatus ?? "RUNNING",
        };
        // While it runs the token is part of the user, and no field of its own.
        return task.Running ? entry.With("user", task.User).With("saved", "0") : entry.With("endtime", task.EndTime).WithUser(task);
    }

    private static JsonObject WithUser(this JsonObject entry, SimulatedTask task)
    {
        var (owner, token) = SimulatedAccess.Split(task.User);
        return entry.With("user", owner).With("tokenid", token);
    }

    private static string StateOf(SimulatedTask task) => task.ExitStatus switch
    {
        null => "running",
        "OK" => "ok",
        _ when task.ExitStatus.StartsWith("WARNINGS", StringComparison.Ordinal) => "warning",
        "unexpected status" => "unknown",
        _ => "error",
    };

    private static ProxmoxAnswer Status(ProxmoxCall call)
    {
        var task = Find(call);
        return new JsonObject
        {
            ["upid"] = task.Upid,
            ["node"] = task.Node,
            ["type"] = task.Type,
            ["id"] = task.Id,
            ["pid"] = task.Pid,
            ["pstart"] = task.PStart,
            ["starttime"] = task.StartTime,
            ["status"] = task.Running ? "running" : "stopped",
        }.With("exitstatus", task.ExitStatus).WithUser(task);
    }

    private static ProxmoxAnswer Log(ProxmoxCall call)
    {
        var task = Find(call);
        var lines = task.Log;
        if (call.Flag("download"))
        {
            if (call.Has("start") || call.Has("limit")) throw ProxmoxRefusedException.Parameter(call.Has("start") ? "start" : "limit", "cannot be used with 'download'");
            var started = DateTimeOffset.FromUnixTimeSeconds(task.StartTime).ToString("yyyy-MM-ddTHH:mm:ssZ");
            return new ProxmoxAnswer { Download = new ProxmoxDownload($"task-{task.Node}-{task.Type}-{started}.log", string.Concat(lines.Select(static l => l + "\n"))) };
        }

        if (lines.Count == 0) lines = ["no content"];
        var start = (int)Math.Min(call.Whole("start") ?? 0, lines.Count);
        // No limit at all is what zero means.
        var limit = call.Whole("limit") is { } asked ? asked == 0 ? int.MaxValue : asked : 50;
        return new ProxmoxAnswer
        {
            Data = Json.List(lines.Select(static (text, i) => new JsonObject { ["n"] = i + 1, ["t"] = text }).Skip(start).Take((int)Math.Min(limit, int.MaxValue))),
            Total = lines.Count,
        };
    }

    private static ProxmoxAnswer Stop(ProxmoxCall call)
    {
        var task = Find(call);
        if (!IsOwn(call, task)) call.Demand("/nodes/" + task.Node, "Sys.Modify");
        call.Cluster.Tasks.Stop(task);
        return ProxmoxAnswer.Nothing;
    }

    private static SimulatedTask Find(ProxmoxCall call)
    {
        var upid = call.Required("upid");
        if (upid.Split(':') is not ["UPID", _, _, _, _, _, _, _, ""]) throw ProxmoxRefusedException.Parameter("upid", "unable to parse worker upid");
        if (call.Cluster.Tasks.Find(upid) is not { } task || task.Node != call.Node.Name) throw ProxmoxRefusedException.Parameter("upid", "no such task");
        if (!IsOwn(call, task)) call.Demand("/nodes/" + task.Node, "Sys.Audit");
        return task;
    }

    private static bool MaySee(ProxmoxCall call, SimulatedTask task) => IsOwn(call, task) || call.May("/nodes/" + task.Node, "Sys.Audit");

    // A token's tasks are its user's too; another token's are not.
    private static bool IsOwn(ProxmoxCall call, SimulatedTask task) => task.User == call.User || SimulatedAccess.Split(task.User).Owner == call.User;
}
