using Homelab.Lab.Proxmox;

namespace Homelab.UnitTests.Lab.Proxmox;

/// <summary>The life of container 210, on a machine that cannot mount a container's disk twice.</summary>
internal sealed class LxcWorld : RecordedWorld
{
    internal override void Before(SimulatedProxmox cluster, RecordedExchange exchange)
    {
        // Those who recorded waited until it was back from its reboot.
        if (exchange.Note == "delete a running CT" && cluster.Guest(210).Pid is null) cluster.Guest(210).StartByHand();
        if (exchange.Path.EndsWith("/210/clone", StringComparison.Ordinal)) cluster.FailNext("vzclone", "clone failed: command 'mount -o ro /dev/loop1 /var/lib/lxc/211/.copy-volume-2//' failed: exit code 32");
    }
}
