using System.Globalization;

namespace Homelab.Lab.Proxmox;

/// <summary>What requests about guests have in common: which guest is meant, and when it is refused.</summary>
internal static class GuestCalls
{
    /// <summary>The guest of the path.</summary>
    /// <exception cref="ProxmoxRefusedException">There is none of that number and kind on that node.</exception>
    internal static SimulatedGuest Guest(this ProxmoxCall call, SimulatedGuestKind kind) =>
        call.Cluster.Find(call.Vmid) is { } guest && guest.Kind == kind && guest.Node == call.Node
            ? guest
            : throw ProxmoxRefusedException.Failed($"Configuration file 'nodes/{call.Node.Name}/{Folder(kind)}/{call.Vmid}.conf' does not exist");

    /// <summary>The guest of the path, for a question about its process.</summary>
    internal static SimulatedGuest RunningGuest(this ProxmoxCall call, SimulatedGuestKind kind)
    {
        if (call.Cluster.Find(call.Vmid) is not { } guest || guest.Kind != kind || guest.Node != call.Node)
        {
            throw ProxmoxRefusedException.Failed(kind is SimulatedGuestKind.Qemu
                ? $"unable to find configuration file for VM {call.Vmid} on node '{call.Node.Name}'"
                : $"Configuration file 'nodes/{call.Node.Name}/lxc/{call.Vmid}.conf' does not exist");
        }

        return guest.Pid is null ? throw ProxmoxRefusedException.Failed($"{Short(kind)} {call.Vmid} not running") : guest;
    }

    /// <summary>Refuses when somebody works on it.</summary>
    internal static void DemandUnlocked(this SimulatedGuest guest)
    {
        if (guest.Lock is { } held) throw ProxmoxRefusedException.Failed($"{Short(guest.Kind)} is locked ({held})");
    }

    /// <summary>Refuses when its configuration is not the one that the caller has seen.</summary>
    internal static void DemandDigest(this SimulatedGuest guest, string? digest)
    {
        if (digest is { Length: > 0 } && digest != guest.Digest) throw ProxmoxRefusedException.Failed("checksum mismatch (file change by other user?)");
    }

    /// <summary>Refuses an option to all but root himself.</summary>
    internal static void DemandRootFor(this ProxmoxCall call, params ReadOnlySpan<string> options)
    {
        foreach (var option in options)
        {
            if (call.Has(option) && !call.IsRoot) throw ProxmoxRefusedException.Parameter(option, "Only root may use this option.");
        }
    }

    /// <summary>Starts a task about the guest of the path.</summary>
    internal static SimulatedTask StartFor(this ProxmoxCall call, SimulatedGuestKind kind, string deed, TaskPlan plan) => call.Start(Task(kind, deed), Id(call.Vmid), plan);

    /// <summary>The name of a kind's tasks: <c>qmstart</c>, <c>vzstart</c>.</summary>
    internal static string Task(SimulatedGuestKind kind, string deed) => (kind, deed) switch
    {
        // Of this one alone the real one drops a letter.
        (SimulatedGuestKind.Qemu, "migrate") => "qmigrate",
        (SimulatedGuestKind.Qemu, _) => "qm" + deed,
        _ => "vz" + deed,
    };

    /// <summary>What messages call it.</summary>
    internal static string Short(SimulatedGuestKind kind) => kind is SimulatedGuestKind.Qemu ? "VM" : "CT";

    /// <summary>What paths call it.</summary>
    internal static string Segment(SimulatedGuestKind kind) => kind is SimulatedGuestKind.Qemu ? "qemu" : "lxc";

    internal static string Id(int vmid) => vmid.ToString(CultureInfo.InvariantCulture);

    private static string Folder(SimulatedGuestKind kind) => kind is SimulatedGuestKind.Qemu ? "qemu-server" : "lxc";
}
