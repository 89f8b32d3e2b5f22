using Homelab.Lab.Proxmox;

namespace Homelab.UnitTests.Lab.Proxmox;

/// <summary>A node on which other things were tried before.</summary>
internal sealed class NodesWorld : RecordedWorld
{
    // Of all that happened before, the recording shows these.
    protected override void Fill(SimulatedProxmox cluster)
    {
        cluster.AddPastTask("qmstart", "101", "OK", 1_795_219_955, 1_795_219_958);
        cluster.AddPastTask("qmsnapshot", "101", "OK", 1_795_219_958, 1_795_219_961);
        cluster.AddPastTask(
            "qmsnapshot", "101", "VM 101 qmp command 'blockdev-snapshot-internal-sync' failed - Block format 'throttle' used by device 'drive-scsi0' does not support internal snapshots ", 1_795_219_961, 1_795_219_963);
        cluster.AddPastTask("qmstart", "999", "Configuration file 'nodes/pve/qemu-server/999.conf' does not exist", 1_795_220_132, 1_795_220_132);
        cluster.AddPastTask("qmdelsnapshot", "100", "snapshot 'nosuch' does not exist", 1_795_220_152, 1_795_220_152);
    }
}
