using static Homelab.Lab.Proxmox.SimulatedParameter;

namespace Homelab.Lab.Proxmox;

/// <summary>What starts and ends containers. Stricter than with VMs: what cannot be is refused at once.</summary>
internal static class LxcPowerRoutes
{
    private const SimulatedGuestKind Ct = SimulatedGuestKind.Lxc;
    private const string Status = "/nodes/{node}/lxc/{vmid}/status/";
    private const int UsualPatience = 60;

    private static readonly SimulatedRights s_power = SimulatedRights.On("/vms/{vmid}", "VM.PowerMgmt");

    internal static IEnumerable<SimulatedRoute> All =>
    [
        SimulatedRoute.Of("POST", Status + "start", s_power, "string", Start, Flag("debug", "0"), Flag("skiplock")),
        SimulatedRoute.Of("POST", Status + "stop", s_power, "string", Stop, Flag("overrule-shutdown", "0"), Flag("skiplock")),
        SimulatedRoute.Of("POST", Status + "shutdown", s_power, "string", Shutdown, Flag("forceStop", "0"), Whole("timeout", 0, @default: "60")),
        SimulatedRoute.Of("POST", Status + "reboot", s_power, "string", Reboot, Whole("timeout", 0)),
        SimulatedRoute.Of("POST", Status + "suspend", s_power, "string", Suspend),
        SimulatedRoute.Of("POST", Status + "resume", s_power, "string", Resume),
    ];

    private static ProxmoxAnswer Start(ProxmoxCall call)
    {
        call.DemandRootFor("skiplock");
        DemandStopped(call);
        if (HighAvailability.Takes(call, Ct)) return HighAvailability.Start(call, Ct);
        return call.StartFor(Ct, "start", new TaskPlan { Begin = _ => Check(), Finish = _ => Check().Run() });

        SimulatedGuest Check()
        {
            var guest = DemandStopped(call);
            if (guest.Template) throw ProxmoxRefusedException.Failed("you can't start a CT if it's a template");
            if (!call.Flag("skiplock")) guest.DemandUnlocked();
            return guest;
        }
    }

    private static ProxmoxAnswer Stop(ProxmoxCall call)
    {
        call.DemandRootFor("skiplock");
        call.RunningGuest(Ct);
        if (HighAvailability.Takes(call, Ct)) return HighAvailability.Stop(call, Ct);
        if (call.Flag("overrule-shutdown")) call.Cluster.StopTasks(GuestCalls.Task(Ct, "shutdown"), GuestCalls.Id(call.Vmid));
        return call.StartFor(Ct, "stop", new TaskPlan { Begin = _ => Check(), Finish = _ => Check().Halt() });

        SimulatedGuest Check()
        {
            var guest = call.RunningGuest(Ct);
            if (!call.Flag("skiplock")) guest.DemandUnlocked();
            return guest;
        }
    }

    private static ProxmoxAnswer Shutdown(ProxmoxCall call)
    {
        var now = call.RunningGuest(Ct);
        if (HighAvailability.Takes(call, Ct)) return HighAvailability.Stop(call, Ct);
        var patience = call.Whole("timeout") ?? UsualPatience;
        return call.StartFor(Ct, "shutdown", new TaskPlan { Begin = _ => call.RunningGuest(Ct).DemandUnlocked(), Finish = Finish, Duration = now.HasAcpi ? null : TimeSpan.FromSeconds(patience) });

        void Finish(SimulatedTask task)
        {
            var guest = call.RunningGuest(Ct);
            guest.DemandUnlocked();
            if (!guest.HasAcpi && !call.Flag("forceStop")) throw ProxmoxRefusedException.Failed($"command 'lxc-stop -n {guest.Vmid} --nokill --timeout {patience}' failed: exit code 1");
            guest.Halt();
        }
    }

    private static ProxmoxAnswer Reboot(ProxmoxCall call)
    {
        var now = call.RunningGuest(Ct);
        var life = now.Starts;
        var patience = call.Whole("timeout") ?? UsualPatience;
        // What does not end in time is killed; who starts it anew does so only after the task has ended.
        return call.StartFor(Ct, "reboot", new TaskPlan
        {
            Begin = _ => call.RunningGuest(Ct).DemandUnlocked(),
            Finish = _ => call.RunningGuest(Ct).Halt(),
            Duration = now.HasAcpi ? null : TimeSpan.FromSeconds(patience),
            Afterwards = (call.Cluster.RebootGap, StartAgain),
        });

        // Who has started it meanwhile has ended the reboot: what he stops later stays stopped.
        void StartAgain()
        {
            if (call.Cluster.Find(call.Vmid) is { Pid: null } guest && guest == now && guest.Starts == life) guest.Run();
        }
    }

    // CRIU is not part of Proxmox VE: checkpoints of containers fail on every node that was not changed by hand.
    private static ProxmoxAnswer Suspend(ProxmoxCall call)
    {
        call.RunningGuest(Ct);
        return call.StartFor(Ct, "suspend", TaskPlan.Of(task =>
        {
            task.Write($"lxc-checkpoint: {call.Vmid}: ../src/lxc/criu.c: criu_version_ok: 767 No such file or directory - execing criu failed, is it installed?");
            task.Write($"lxc-checkpoint: {call.Vmid}: ../src/lxc/tools/lxc_checkpoint.c: checkpoint: 182 Checkpointing {call.Vmid} failed");
            throw ProxmoxRefusedException.Failed($"command 'lxc-checkpoint -n {call.Vmid} -s -D /var/lib/vz/dump' failed: exit code 1");
        }));
    }

    private static ProxmoxAnswer Resume(ProxmoxCall call)
    {
        DemandStopped(call);
        return call.StartFor(Ct, "resume", TaskPlan.Failing($"command 'lxc-checkpoint -n {call.Vmid} -r --foreground -D /var/lib/vz/dump' failed: exit code 1"));
    }

    private static SimulatedGuest DemandStopped(ProxmoxCall call) =>
        call.Guest(Ct) is { Pid: null } guest ? guest : throw ProxmoxRefusedException.Failed($"CT {call.Vmid} already running");
}
