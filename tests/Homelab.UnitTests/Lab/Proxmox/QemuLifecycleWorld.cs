using Homelab.Lab.Proxmox;

namespace Homelab.UnitTests.Lab.Proxmox;

/// <summary>The life of VM 110.</summary>
internal sealed class QemuLifecycleWorld : RecordedWorld
{
    internal override void Before(SimulatedProxmox cluster, RecordedExchange exchange)
    {
        switch (exchange.Note)
        {
            // Those who recorded were quick enough to ask while it was down, and then waited until it was up.
            case "reboot through the agent":
                cluster.RebootGap = TimeSpan.FromHours(1);
                break;
            case "clean shutdown":
                cluster.Guest(110).StartByHand();
                break;
            case "start a locked VM":
                cluster.Guest(110).Lock = "backup";
                break;
            default:
                // They took the lock away by hand when the API would not.
                if (exchange.Body == "scsi0=none") cluster.Guest(110).Lock = null;
                break;
        }
    }
}
