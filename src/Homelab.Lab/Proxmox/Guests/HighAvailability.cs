namespace Homelab.Lab.Proxmox;

/// <summary>What happens to guests that the cluster keeps up: a request changes what is wanted, and the task ends before it is so.</summary>
internal static class HighAvailability
{
    /// <summary>True when the guest of the path is one of those.</summary>
    internal static bool Takes(ProxmoxCall call, SimulatedGuestKind kind) => call.Cluster.Find(call.Vmid) is { HaManaged: true } guest && guest.Kind == kind && guest.Node == call.Node;

    /// <summary>Wants it started.</summary>
    internal static SimulatedTask Start(ProxmoxCall call, SimulatedGuestKind kind) => Request(call, kind, "start", static guest =>
    {
        if (guest.Pid is null) guest.Run();
    });

    /// <summary>Wants it stopped.</summary>
    internal static SimulatedTask Stop(ProxmoxCall call, SimulatedGuestKind kind) => Request(call, kind, "stop", static guest => guest.Halt());

    private static SimulatedTask Request(ProxmoxCall call, SimulatedGuestKind kind, string wanted, Action<SimulatedGuest> deed)
    {
        var guest = call.Guest(kind);
        guest.HaState = wanted == "start" ? "started" : "stopped";
        return call.Start("ha" + wanted, GuestCalls.Id(guest.Vmid), new TaskPlan
        {
            Begin = task => task.Write($"Requesting HA {wanted} for {GuestCalls.Short(kind)} {guest.Vmid}"),
            Afterwards = (call.Cluster.RebootGap, () =>
            {
                if (call.Cluster.Find(guest.Vmid) == guest) deed(guest);
            }),
        });
    }
}
