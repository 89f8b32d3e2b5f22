using System.Globalization;
using static Homelab.Lab.Proxmox.SimulatedParameter;

namespace Homelab.Lab.Proxmox;

/// <summary>Many guests at once.</summary>
internal static class BulkRoutes
{
    internal static IReadOnlyList<SimulatedRoute> All { get; } =
    [
        SimulatedRoute.Of(
            "POST", "/nodes/{node}/startall", SimulatedRights.Everybody, "string", static call => StartAll(call), Flag("force", "off"), Whole("max-workers", 1, 64), Text("vms", "pve-vmid-list")),
        SimulatedRoute.Of(
            "POST", "/nodes/{node}/stopall", SimulatedRights.Everybody, "string", static call => StopAll(call, "stopall", OnNode(call)),
            Flag("force-stop", "1"), Whole("max-workers", 1, 64), Whole("timeout", 0, 7200, @default: "180"), Text("vms", "pve-vmid-list")),
        SimulatedRoute.Of(
            "POST", "/nodes/{node}/migrateall", SimulatedRights.Everybody, "string", static call => MigrateAll(call),
            Whole("max-workers", 1, 64), Whole("maxworkers", 1, 64), Text("target", "pve-node").Must(), Text("vms", "pve-vmid-list"), Flag("with-local-disks")),
        SimulatedRoute.Of(
            "POST", "/cluster/bulk-action/guest/start", SimulatedRights.Everybody, "string", static call => BulkStart(call),
            Whole("max-workers", 1, 64, @default: "4"), Whole("maxworkers", 1, 64, @default: "4"), Whole("timeout"), SimulatedParameter.Array("vms")),
        SimulatedRoute.Of(
            "POST", "/cluster/bulk-action/guest/shutdown", SimulatedRights.Everybody, "string", static call => StopAll(call, "bulk-shutdown", Chosen(call, call.Cluster.Guests)),
            Flag("force-stop", "1"), Whole("max-workers", 1, 64, @default: "4"), Whole("maxworkers", 1, 64, @default: "4"), Whole("timeout", @default: "180"), SimulatedParameter.Array("vms")),
    ];

    private static SimulatedGuest[] OnNode(ProxmoxCall call) => Chosen(call, call.Cluster.Guests.Where(g => g.Node == call.Node));

    // All guests take a right on all guests; chosen ones a right on each.
    private static SimulatedGuest[] Chosen(ProxmoxCall call, IEnumerable<SimulatedGuest> among)
    {
        var asked = call.List("vms");
        if (asked.Count == 0) call.Demand("/vms", "VM.PowerMgmt");
        foreach (var vmid in asked) call.Demand("/vms/" + vmid, "VM.PowerMgmt");
        return [.. among.Where(g => !g.Template && (asked.Count == 0 || asked.Contains(g.Vmid.ToString(CultureInfo.InvariantCulture), StringComparer.Ordinal)))];
    }

    private static string Kind(SimulatedGuest guest) => guest.Kind is SimulatedGuestKind.Qemu ? "VM" : "CT";

    private static ProxmoxAnswer StartAll(ProxmoxCall call)
    {
        var guests = OnNode(call).Where(g => call.Flag("force") || g.Text("onboot") is "1").ToArray();
        return call.Start("startall", "", TaskPlan.Of(task =>
        {
            foreach (var guest in guests.Where(static g => g.Pid is null)) Start(task, guest);
        }));
    }

    private static void Start(SimulatedTask task, SimulatedGuest guest)
    {
        task.Write($"Starting {Kind(guest)} {guest.Vmid}");
        if (guest.Lock is { } held) task.Warn($"{Kind(guest)} is locked ({held})");
        else guest.Run();
    }

    private static ProxmoxAnswer StopAll(ProxmoxCall call, string type, SimulatedGuest[] guests)
    {
        var timeout = call.Whole("timeout") ?? 180;
        return call.Start(type, "", TaskPlan.Of(task =>
        {
            foreach (var guest in guests.Where(static g => g.Pid is not null))
            {
                task.Write($"Stopping {Kind(guest)} {guest.Vmid} (timeout = {timeout} seconds)");
                if (guest.HasAcpi || call.Flag("force-stop", otherwise: true)) guest.Halt();
                else task.Warn($"{Kind(guest)} {guest.Vmid} did not shut down in time");
            }
        }));
    }

    private static ProxmoxAnswer BulkStart(ProxmoxCall call)
    {
        var guests = Chosen(call, call.Cluster.Guests);
        return call.Start("bulk-start", "", TaskPlan.Of(task =>
        {
            task.Write("Starting guests: " + string.Join(", ", guests.Select(static g => g.Vmid)));
            foreach (var guest in guests.Where(static g => g.Pid is null)) Start(task, guest);
        }));
    }

    private static ProxmoxAnswer MigrateAll(ProxmoxCall call)
    {
        var name = call.Required("target");
        if (name == call.Node.Name) throw ProxmoxRefusedException.Parameter("target", "target is local node.");
        var target = call.Cluster.Nodes.FirstOrDefault(n => n.Name == name) ?? throw ProxmoxRefusedException.Failed($"no such cluster node '{name}'");
        var asked = call.List("vms");
        if (asked.Count == 0) call.Demand("/", "VM.Migrate");
        foreach (var vmid in asked) call.Demand("/vms/" + vmid, "VM.Migrate");
        var guests = call.Cluster.Guests.Where(g => g.Node == call.Node && (asked.Count == 0 || asked.Contains(g.Vmid.ToString(CultureInfo.InvariantCulture), StringComparer.Ordinal))).ToArray();
        return call.Start("migrateall", "", TaskPlan.Of(task =>
        {
            foreach (var guest in guests)
            {
                task.Write($"Starting migration of {Kind(guest)} {guest.Vmid}");
                if (guest.Lock is { } held) task.Warn($"{Kind(guest)} {guest.Vmid} is locked ({held})");
                else guest.Node = target;
            }
        }));
    }
}
