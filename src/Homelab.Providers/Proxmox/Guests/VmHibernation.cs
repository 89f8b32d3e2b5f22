namespace Homelab.Providers.Proxmox;

/// <summary>How Proxmox shows that a virtual machine is hibernated: it is off, and keeps a lock until it is started or resumed.</summary>
internal static class VmHibernation
{
    internal const string Lock = "suspended";

    internal static bool IsHibernated(Vm vm) => vm is { State: VmState.Stopped, Lock: Lock };
}
