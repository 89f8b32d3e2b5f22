using static Homelab.Lab.Proxmox.SimulatedParameter;

namespace Homelab.Lab.Proxmox;

/// <summary>What starts and ends VMs. Most refusals come from the task: the answer is a success, and the task fails.</summary>
internal static class QemuPowerRoutes
{
    private const SimulatedGuestKind Vm = SimulatedGuestKind.Qemu;
    private const string Status = "/nodes/{node}/qemu/{vmid}/status/";

    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);
    private static readonly SimulatedRights s_power = SimulatedRights.On("/vms/{vmid}", "VM.PowerMgmt");

    internal static IEnumerable<SimulatedRoute> All =>
    [
        SimulatedRoute.Of(
            "POST",
            Status + "start",
            s_power,
            "string",
            Start,
            Text("force-cpu"),
            Text("machine") with { Check = PropertySchema.Kind },
            Text("migratedfrom", "pve-node"),
            Text("migration_network", "CIDR"),
            Choice("migration_type", "secure", "insecure"),
            Matching("nets-host-mtu", @"net\d+=\d+(,net\d+=\d+)*"),
            Flag("skiplock"),
            Text("stateuri") with { MaxLength = 128 },
            Text("targetstorage", "storage-pair-list"),
            Whole("timeout", 0, @default: "max(30, vm memory in GiB)"),
            Flag("with-conntrack-state", "0")),
        SimulatedRoute.Of("POST", Status + "stop", s_power, "string", Stop, Flag("keepActive", "0"), Text("migratedfrom", "pve-node"), Flag("overrule-shutdown", "0"), Flag("skiplock"), Whole("timeout", 0)),
        SimulatedRoute.Of("POST", Status + "shutdown", s_power, "string", Shutdown, Flag("forceStop", "0"), Flag("keepActive", "0"), Flag("skiplock"), Whole("timeout", 0)),
        SimulatedRoute.Of("POST", Status + "reboot", s_power, "string", Reboot, Whole("timeout", 0)),
        SimulatedRoute.Of("POST", Status + "reset", s_power, "string", Reset, Flag("skiplock")),
        SimulatedRoute.Of("POST", Status + "suspend", s_power, "string", Suspend, Flag("skiplock"), Text("statestorage", "pve-storage-id") with { Requires = "todisk" }, Flag("todisk", "0")),
        SimulatedRoute.Of("POST", Status + "resume", s_power, "string", Resume, Flag("nocheck"), Flag("skiplock")),
    ];

    private static ProxmoxAnswer Start(ProxmoxCall call)
    {
        call.DemandRootFor("force-cpu", "migratedfrom", "migration_network", "migration_type", "nets-host-mtu", "skiplock", "stateuri", "targetstorage");
        if (HighAvailability.Takes(call, Vm)) return HighAvailability.Start(call, Vm);
        return call.StartFor(Vm, "start", new TaskPlan { Begin = _ => Check(), Finish = _ => Check().Run() });

        SimulatedGuest Check()
        {
            var guest = call.Guest(Vm);
            if (guest.Template) throw ProxmoxRefusedException.Failed("you can't start a vm if it's a template");
            if (guest.Lock == "suspended") guest.Lock = null;
            if (!call.Flag("skiplock")) guest.DemandUnlocked();
            return guest.Pid is null ? guest : throw ProxmoxRefusedException.Failed($"VM {guest.Vmid} already running");
        }
    }

    private static ProxmoxAnswer Stop(ProxmoxCall call)
    {
        call.DemandRootFor("keepActive", "migratedfrom", "skiplock");
        if (HighAvailability.Takes(call, Vm)) return HighAvailability.Stop(call, Vm);
        if (call.Flag("overrule-shutdown")) call.Cluster.StopTasks(GuestCalls.Task(Vm, "shutdown"), GuestCalls.Id(call.Vmid));
        return call.StartFor(Vm, "stop", new TaskPlan { Begin = _ => Check(), Finish = _ => Check()?.Halt() });

        SimulatedGuest? Check() => Stoppable(call);
    }

    private static ProxmoxAnswer Shutdown(ProxmoxCall call)
    {
        call.DemandRootFor("keepActive", "skiplock");
        var now = call.Cluster.Find(call.Vmid);
        if (now is { QmpStatus: "paused" } && !call.Flag("forceStop")) throw ProxmoxRefusedException.Failed("VM is paused - cannot shutdown");
        if (HighAvailability.Takes(call, Vm)) return HighAvailability.Stop(call, Vm);
        return call.StartFor(Vm, "shutdown", new TaskPlan { Begin = _ => Stoppable(call), Finish = Finish, Duration = now is { Pid: not null, HasAcpi: false, QmpStatus: "running" } ? Patience(call) : null });

        void Finish(SimulatedTask task)
        {
            if (Stoppable(call) is not { } guest) return;
            if (!guest.HasAcpi && !call.Flag("forceStop")) throw ProxmoxRefusedException.Failed("VM quit/powerdown failed - got timeout");
            if (!guest.HasAcpi) task.Write("VM still running - terminating now with SIGTERM");
            guest.Halt();
        }
    }

    private static ProxmoxAnswer Reboot(ProxmoxCall call)
    {
        var now = call.RunningGuest(Vm);
        var life = now.Starts;
        if (now.QmpStatus == "paused") throw ProxmoxRefusedException.Failed("VM is paused - cannot shutdown");
        // The task ends with the old process; another one starts the new.
        return call.StartFor(Vm, "reboot", new TaskPlan { Begin = _ => Stoppable(call), Finish = Finish, Duration = now.HasAcpi ? null : Patience(call), Afterwards = (call.Cluster.RebootGap, StartAgain) });

        void Finish(SimulatedTask task)
        {
            if (Stoppable(call) is not { } guest) return;
            if (!guest.HasAcpi) throw ProxmoxRefusedException.Failed("VM quit/powerdown failed - got timeout");
            guest.Halt();
        }

        // Who has started it meanwhile has ended the reboot: what he stops later stays stopped.
        void StartAgain()
        {
            if (call.Cluster.Find(call.Vmid) is { Pid: null } guest && guest == now && guest.Starts == life) guest.Run();
        }
    }

    private static ProxmoxAnswer Reset(ProxmoxCall call)
    {
        call.DemandRootFor("skiplock");
        call.RunningGuest(Vm);
        return call.StartFor(Vm, "reset", new TaskPlan { Begin = _ => Stoppable(call), Finish = _ => call.RunningGuest(Vm) });
    }

    private static ProxmoxAnswer Suspend(ProxmoxCall call)
    {
        call.DemandRootFor("skiplock");
        var toDisk = call.Flag("todisk");
        if (toDisk) call.Demand($"/vms/{call.Vmid}", "VM.Config.Disk");
        call.RunningGuest(Vm);
        return call.StartFor(Vm, toDisk ? "suspend" : "pause", new TaskPlan { Begin = _ => Stoppable(call), Finish = Finish });

        void Finish(SimulatedTask task)
        {
            var guest = call.RunningGuest(Vm);
            if (!call.Flag("skiplock")) guest.DemandUnlocked();
            if (!toDisk)
            {
                guest.QmpStatus = "paused";
                return;
            }

            guest.Halt();
            guest.Lock = "suspended";
        }
    }

    private static ProxmoxAnswer Resume(ProxmoxCall call)
    {
        call.DemandRootFor("nocheck", "skiplock");
        if (call.Cluster.Find(call.Vmid) is not { Lock: "suspended" }) call.RunningGuest(Vm);
        return call.StartFor(Vm, "resume", TaskPlan.Of(_ =>
        {
            var guest = call.Guest(Vm);
            if (guest.Lock == "suspended")
            {
                guest.Lock = null;
                guest.Run();
                return;
            }

            if (!call.Flag("skiplock")) guest.DemandUnlocked();
            call.RunningGuest(Vm).QmpStatus = "running";
        }));
    }

    // What is stopped already is stopped: no lock matters then.
    private static SimulatedGuest? Stoppable(ProxmoxCall call)
    {
        var guest = call.Guest(Vm);
        if (guest.Pid is null) return null;
        if (!call.Flag("skiplock")) guest.DemandUnlocked();
        return guest;
    }

    private static TimeSpan Patience(ProxmoxCall call) => call.Whole("timeout") is { } seconds ? TimeSpan.FromSeconds(seconds) : s_patience;
}
