using System.Text.Json.Nodes;

namespace Homelab.Lab.Proxmox;

public sealed partial class SimulatedProxmox
{
    private readonly Dictionary<int, SimulatedFirewall> _firewalls = [];

    /// <summary>The version of QEMU that its nodes run.</summary>
    internal string QemuVersion { get; } = "10.0.13";

    /// <summary>What guest agents were told to run.</summary>
    internal GuestProcesses Processes { get; } = new();

    /// <summary>The firewall of the whole cluster.</summary>
    internal SimulatedFirewall Firewall { get; } = new();

    /// <summary>The firewall of a guest.</summary>
    internal SimulatedFirewall FirewallOf(int vmid) => _firewalls.TryGetValue(vmid, out var firewall) ? firewall : _firewalls[vmid] = new SimulatedFirewall();

    /// <summary>Gives a guest a firewall, or takes it away with its guest.</summary>
    internal void SetFirewall(int vmid, SimulatedFirewall? firewall)
    {
        if (firewall is null) _firewalls.Remove(vmid);
        else _firewalls[vmid] = firewall;
    }

    /// <summary>Ends running tasks of a type about a guest.</summary>
    internal void StopTasks(string type, string id)
    {
        foreach (var task in Tasks.All.Where(t => t.Running && t.Type == type && t.Id == id)) Tasks.Stop(task);
    }
}
