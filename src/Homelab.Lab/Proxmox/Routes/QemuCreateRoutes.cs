namespace Homelab.Lab.Proxmox;

/// <summary>What makes VMs, new or from a backup.</summary>
internal static class QemuCreateRoutes
{
    private const SimulatedGuestKind Vm = SimulatedGuestKind.Qemu;

    internal static IEnumerable<SimulatedRoute> All =>
    [
        SimulatedRoute.Of("POST", "/nodes/{node}/qemu", SimulatedRights.Everybody, "string", Create, [.. QemuOptions.All, .. QemuOptions.ForCreate]),
    ];

    private static ProxmoxAnswer Create(ProxmoxCall call)
    {
        var vmid = call.Vmid;
        var restore = call.Text("archive");
        NewGuest.DemandRight(call, vmid, restore is not null && call.Flag("force"));
        var change = ConfigChange.ReadNew(call, Vm);
        if (!call.IsRoot && change.Set.Keys.FirstOrDefault(static k => k is "args" or "lock" or "hookscript" || k.StartsWith("hostpci", StringComparison.Ordinal)) is { } rootOnly) throw ProxmoxRefusedException.Failed($"only root can set '{rootOnly}' config");
        if (restore is not null) return GuestRestore.Start(call, Vm, restore, change);
        change.DemandStorages();
        NewGuest.DemandFree(call.Cluster, vmid, $"unable to create VM {vmid} - ");
        var guest = NewGuest.Reserve(call, vmid, Vm, call.Node, "create");
        return call.StartFor(Vm, "create", new TaskPlan { Finish = task => Make(call, guest, change, task), Undo = _ => NewGuest.GiveUp(call, guest) });
    }

    private static void Make(ProxmoxCall call, SimulatedGuest guest, ConfigChange change, SimulatedTask task)
    {
        new QemuConfig(call.Cluster, guest, task).Apply(change);
        guest.Lock = null;
        guest.Set("meta", NewGuest.Meta(call.Cluster));
        if (guest.Text("smbios1") is null) guest.Set("smbios1", "uuid=" + Guid.NewGuid());
        if (guest.Text("vmgenid") is null or "1") guest.Set("vmgenid", Guid.NewGuid().ToString());
        if (guest.Text("boot") is null && BootOrder(guest) is { Length: > 0 } order) guest.Set("boot", "order=" + order);
        guest.HaManaged = call.Flag("ha-managed");
        if (call.Flag("start")) NewGuest.StartAtOnce(call, guest, task);
    }

    // The first disk, the first CD-ROM, the first network card.
    private static string BootOrder(SimulatedGuest guest) => string.Join(';', ((string?[])
    [
        guest.Config.Where(static l => GuestVolumes.IsDisk(l.Key, l.Value)).Select(static l => l.Key).FirstOrDefault(),
        guest.Config.Where(static l => GuestVolumes.IsDrive(l.Key) && !GuestVolumes.IsDisk(l.Key, l.Value)).Select(static l => l.Key).FirstOrDefault(),
        guest.Config.Keys.FirstOrDefault(static k => k.StartsWith("net", StringComparison.Ordinal)),
    ]).OfType<string>());
}
