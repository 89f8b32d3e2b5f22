namespace Homelab;

/// <summary>A guest as its own node sees it now: what an action is decided on and verified by.</summary>
/// <remarks>Proxmox API: <c>GET /nodes/{node}/{qemu|lxc}/{vmid}/status/current</c>.</remarks>
public sealed record VmDetail : Vm, IMayLeaveTask
{
    /// <summary>The process that runs it on the node; null when it does not run. Another one means that it was started anew.</summary>
    public long? Pid { get; init; }

    /// <summary>QEMU's own word for what a virtual machine does: <c>running</c>, <c>paused</c>, <c>io-error</c>. Empty for containers.</summary>
    public string QmpStatus { get; init; } = "";

    /// <summary>True when the guest agent is switched on in its configuration. It says nothing of whether the agent runs in the guest.</summary>
    public bool AgentEnabled { get; init; }

    /// <summary>True when the high-availability manager decides whether and where it runs.</summary>
    public bool HaManaged { get; init; }

    /// <summary>Bytes received since it was started.</summary>
    public long NetworkIn { get; init; }

    /// <summary>Bytes sent since it was started.</summary>
    public long NetworkOut { get; init; }

    /// <summary>Bytes read from its disks since it was started.</summary>
    public long DiskRead { get; init; }

    /// <summary>Bytes written to its disks since it was started.</summary>
    public long DiskWrite { get; init; }

    /// <summary>The task by which a change was made; null where nothing had to be changed, and in what was only read.</summary>
    public ProxmoxTask? Task { get; init; }
}
