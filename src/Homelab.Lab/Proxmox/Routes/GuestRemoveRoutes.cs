using static Homelab.Lab.Proxmox.SimulatedParameter;

namespace Homelab.Lab.Proxmox;

/// <summary>What ends guests for good, and what makes templates of them.</summary>
internal static class GuestRemoveRoutes
{
    private const SimulatedGuestKind Vm = SimulatedGuestKind.Qemu;
    private const SimulatedGuestKind Ct = SimulatedGuestKind.Lxc;

    private static readonly SimulatedRights s_allocate = SimulatedRights.On("/vms/{vmid}", "VM.Allocate");

    internal static IEnumerable<SimulatedRoute> All =>
    [
        SimulatedRoute.Of("DELETE", "/nodes/{node}/qemu/{vmid}", s_allocate, "string", RemoveMachine, Flag("destroy-unreferenced-disks", "0"), Flag("purge"), Flag("skiplock")),
        SimulatedRoute.Of("DELETE", "/nodes/{node}/lxc/{vmid}", s_allocate, "string", RemoveContainer, Flag("destroy-unreferenced-disks"), Flag("force", "0"), Flag("purge", "0")),
        SimulatedRoute.Of("POST", "/nodes/{node}/qemu/{vmid}/template", s_allocate, "string", MakeTemplate, Choice("disk", DiskNames.Machine)),
        SimulatedRoute.Of("POST", "/nodes/{node}/lxc/{vmid}/template", s_allocate, "null", MakeContainerTemplate),
    ];

    private static ProxmoxAnswer RemoveMachine(ProxmoxCall call)
    {
        call.DemandRootFor("skiplock");
        var guest = call.Guest(Vm);
        Check(call, guest);
        if (guest.Pid is not null) throw ProxmoxRefusedException.Failed($"VM {guest.Vmid} is running - destroy failed");
        return call.StartFor(Vm, "destroy", new TaskPlan
        {
            Begin = _ =>
            {
                if (!call.Flag("skiplock")) guest.DemandUnlocked();
            },
            Finish = task =>
            {
                if (call.Guest(Vm).Pid is not null) throw ProxmoxRefusedException.Failed($"VM {guest.Vmid} is running - destroy failed");
                Destroy(call, guest, task);
            },
        });
    }

    private static ProxmoxAnswer RemoveContainer(ProxmoxCall call)
    {
        var guest = call.Guest(Ct);
        Check(call, guest);
        if (guest.Pid is not null && !call.Flag("force")) throw ProxmoxRefusedException.Failed($"unable to destroy CT {guest.Vmid} - container is running");
        return call.StartFor(Ct, "destroy", new TaskPlan
        {
            Begin = _ => guest.DemandUnlocked(),
            Finish = task =>
            {
                if (call.Guest(Ct).Pid is not null && !call.Flag("force")) throw ProxmoxRefusedException.Failed($"unable to destroy CT {guest.Vmid} - container is running");
                guest.Halt();
                Destroy(call, guest, task);
            },
        });
    }

    private static void Check(ProxmoxCall call, SimulatedGuest guest)
    {
        var word = GuestCalls.Short(guest.Kind);
        if (guest.Text("protection") is "1") throw ProxmoxRefusedException.Failed($"can't remove {word} {guest.Vmid} - protection mode enabled");
        if (guest.HaManaged && !call.Flag("purge")) throw ProxmoxRefusedException.Failed($"unable to remove {word} {guest.Vmid} - used in HA resources and purge parameter not set.");
    }

    private static void Destroy(ProxmoxCall call, SimulatedGuest guest, SimulatedTask task)
    {
        var volumes = guest.Config.Where(static l => GuestVolumes.IsDisk(l.Key, l.Value) || GuestVolumes.IsMount(l.Key) || GuestVolumes.IsUnused(l.Key)).Select(static l => GuestVolumes.VolumeOf(l.Key, l.Value)).OfType<string>().ToList();
        foreach (var volume in volumes)
        {
            var based = volume.Split(':', 2)[1] + "/";
            if (call.Cluster.Storages.SelectMany(static s => s.Volumes).Any(v => v.Vmid != guest.Vmid && v.Volid.Split(':', 2)[1].StartsWith(based, StringComparison.Ordinal))) throw ProxmoxRefusedException.Failed($"base volume '{volume}' is still in use by linked cloned");
        }

        foreach (var volume in volumes) GuestVolumes.Free(call.Cluster, guest.Node, volume);
        if (call.Flag("destroy-unreferenced-disks"))
        {
            foreach (var storage in call.Cluster.Storages)
            {
                foreach (var left in storage.Volumes.Where(v => v.Vmid == guest.Vmid && v.Content is "images" or "rootdir").ToArray()) storage.Volumes.Remove(left);
            }
        }

        if (call.Flag("purge")) task.Write($"purging {GuestCalls.Short(guest.Kind)} {guest.Vmid} from related configurations..");
        call.Cluster.SetFirewall(guest.Vmid, firewall: null);
        call.Cluster.Remove(guest);
    }

    private static ProxmoxAnswer MakeTemplate(ProxmoxCall call)
    {
        var guest = call.Guest(Vm);
        guest.DemandUnlocked();
        if (guest.Snapshots.Count > 0) throw ProxmoxRefusedException.Failed("unable to create template, because VM contains snapshots");
        if (guest.Template && !call.Has("disk")) throw ProxmoxRefusedException.Failed("you can't convert a template to a template");
        if (guest.Pid is not null) throw ProxmoxRefusedException.Failed("you can't convert a VM to template if VM is running");
        return call.StartFor(Vm, "template", TaskPlan.Of(_ => BecomeTemplate(call.Cluster, call.Guest(Vm), call.Text("disk"))));
    }

    private static ProxmoxAnswer MakeContainerTemplate(ProxmoxCall call)
    {
        var guest = call.Guest(Ct);
        guest.DemandUnlocked();
        if (guest.Snapshots.Count > 0) throw ProxmoxRefusedException.Failed("unable to create template, because CT contains snapshots");
        if (guest.Template) throw ProxmoxRefusedException.Failed("you can't convert a template to a template");
        if (guest.Pid is not null) throw ProxmoxRefusedException.Failed("you can't convert a CT to template if the CT is running");
        BecomeTemplate(call.Cluster, guest, onlyDisk: null);
        return ProxmoxAnswer.Nothing;
    }

    private static void BecomeTemplate(SimulatedProxmox cluster, SimulatedGuest guest, string? onlyDisk)
    {
        foreach (var (key, value) in guest.Config.Where(l => (GuestVolumes.IsDisk(l.Key, l.Value) || GuestVolumes.IsMount(l.Key)) && (onlyDisk is null || l.Key == onlyDisk)).ToArray())
        {
            var line = PropertyString.Parse(value, GuestVolumes.KeyOf(key));
            var volume = line[GuestVolumes.KeyOf(key)]!;
            if (GuestVolumes.Find(cluster, guest.Node, volume) is not { } old) continue;
            var renamed = old with { Volid = volume.Replace($"vm-{guest.Vmid}-disk", $"base-{guest.Vmid}-disk", StringComparison.Ordinal).Replace($"subvol-{guest.Vmid}-disk", $"basevol-{guest.Vmid}-disk", StringComparison.Ordinal) };
            GuestVolumes.Replace(cluster, old, renamed);
            line[GuestVolumes.KeyOf(key)] = renamed.Volid;
            guest.Set(key, line.Write("mp"));
        }

        guest.Set("template", "1");
    }
}
