using static Homelab.Lab.Proxmox.SimulatedParameter;

namespace Homelab.Lab.Proxmox;

/// <summary>What changes configurations. A VM's can be changed at once or in a task, a container's only at once.</summary>
internal static class GuestConfigRoutes
{
    private const SimulatedGuestKind Vm = SimulatedGuestKind.Qemu;
    private const SimulatedGuestKind Ct = SimulatedGuestKind.Lxc;

    private static readonly SimulatedRights s_machine = SimulatedRights.OnAny(
        "/vms/{vmid}",
        "VM.Config.Disk",
        "VM.Config.CDROM",
        "VM.Config.CPU",
        "VM.Config.Memory",
        "VM.Config.Network",
        "VM.Config.HWType",
        "VM.Config.Options",
        "VM.Config.Cloudinit");

    private static readonly SimulatedRights s_container = SimulatedRights.OnAny("/vms/{vmid}", "VM.Config.Disk", "VM.Config.CPU", "VM.Config.Memory", "VM.Config.Network", "VM.Config.Options");

    internal static IEnumerable<SimulatedRoute> All =>
    [
        SimulatedRoute.Of("PUT", "/nodes/{node}/qemu/{vmid}/config", s_machine, "null", ChangeMachine, [.. QemuOptions.All, .. QemuOptions.ForUpdate]),
        SimulatedRoute.Of("POST", "/nodes/{node}/qemu/{vmid}/config", s_machine, "string", ChangeMachineInTask, [.. QemuOptions.All, .. QemuOptions.ForUpdate, .. QemuOptions.ForTask]),
        SimulatedRoute.Of("PUT", "/nodes/{node}/lxc/{vmid}/config", s_container, "null", ChangeContainer, [.. LxcOptions.All, .. LxcOptions.ForUpdate]),
        SimulatedRoute.Of("PUT", "/nodes/{node}/qemu/{vmid}/unlink", SimulatedRights.On("/vms/{vmid}", "VM.Config.Disk"), "null", Unlink, Flag("force"), Text("idlist", "pve-configid-list").Must()),
    ];

    private static ProxmoxAnswer ChangeMachine(ProxmoxCall call)
    {
        var (guest, change) = Read(call);
        new QemuConfig(call.Cluster, guest, task: null).Apply(change);
        return ProxmoxAnswer.Nothing;
    }

    private static ProxmoxAnswer ChangeMachineInTask(ProxmoxCall call)
    {
        var (_, change) = Read(call);
        return call.StartFor(Vm, "config", new TaskPlan
        {
            Begin = task => task.Write($"update VM {call.Vmid}: {change.Told}"),
            Finish = task =>
            {
                var guest = call.Guest(Vm);
                if (!call.Flag("skiplock")) guest.DemandUnlocked();
                new QemuConfig(call.Cluster, guest, task).Apply(change);
            },
        });
    }

    private static (SimulatedGuest Guest, ConfigChange Change) Read(ProxmoxCall call)
    {
        call.DemandRootFor("skiplock");
        var change = ConfigChange.Read(call, Vm);
        var guest = call.Guest(Vm);
        guest.DemandDigest(call.Text("digest"));
        if (!call.Flag("skiplock")) guest.DemandUnlocked();
        return (guest, change);
    }

    private static ProxmoxAnswer ChangeContainer(ProxmoxCall call)
    {
        var change = ConfigChange.Read(call, Ct);
        var guest = call.Guest(Ct);
        if (call.Text("digest") is { Length: > 0 } digest && digest != guest.Digest) throw ProxmoxRefusedException.Failed("detected modified configuration - file changed by other user? Try again.");
        guest.DemandUnlocked();
        new LxcConfig(call.Cluster, guest, task: null).Apply(change);
        return ProxmoxAnswer.Nothing;
    }

    private static ProxmoxAnswer Unlink(ProxmoxCall call)
    {
        var guest = call.Guest(Vm);
        guest.DemandUnlocked();
        var config = new QemuConfig(call.Cluster, guest, task: null);
        foreach (var key in call.List("idlist")) config.Remove(key, call.Flag("force"));
        return ProxmoxAnswer.Nothing;
    }
}
