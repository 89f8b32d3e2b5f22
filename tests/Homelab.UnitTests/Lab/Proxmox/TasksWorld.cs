using Homelab.Lab.Proxmox;

namespace Homelab.UnitTests.Lab.Proxmox;

/// <summary>A node with a long list of tasks, three of which had been forgotten and ran for ever.</summary>
internal sealed class TasksWorld : RecordedWorld
{
    private const string NoStorage = "could not activate storage 'nosuch': storage 'nosuch' does not exist could not get storage information for 'nosuch': storage 'nosuch' does not exist";

    protected override void Fill(SimulatedProxmox cluster)
    {
        // 169 that had ended: 15 of VM 100, 27 starts, 55 failures; the recording shows the newest.
        Past(cluster, 74, "qmconfig", "101", "OK");
        Past(cluster, 25, "qmstart", "110", "OK");
        Past(cluster, 13, "qmsnapshot", "100", "OK");
        Past(cluster, 51, "vzstart", "999", "CT is locked (backup)");
        cluster.AddPastTask("qmstart", "110", "OK", 1_795_220_629, 1_795_220_630);
        cluster.AddPastTask("qmstart", "110", "OK", 1_795_220_637, 1_795_220_639);
        cluster.AddPastTask("vzdump", "100", "unable to find command 'sendmail'", 1_795_220_796, 1_795_220_796);
        cluster.AddPastTask("vzclone", "210", "clone failed: command 'mount -o ro /dev/loop1 /var/lib/lxc/211/.copy-volume-2//' failed: exit code 32", 1_795_220_868, 1_795_220_870);
        cluster.AddPastTask("vzcreate", "212", "unable to create CT 212 - volume 'local:vztmpl/nosuch.tar.zst' does not exist", 1_795_220_870, 1_795_220_870);
        cluster.AddPastTask("vzdump", "100", NoStorage, 1_795_221_232, 1_795_221_232);
        foreach (var vmid in new[] { "200", "110", "999" }) cluster.AddPastTask("vzdump", vmid, null, 1_795_220_871, 0);
    }

    internal override void Before(SimulatedProxmox cluster, RecordedExchange exchange)
    {
        if (!exchange.Note.StartsWith("a task that takes its time", StringComparison.Ordinal)) return;
        // It was started a moment before, unrecorded, and did not listen yet.
        cluster.AddPastTask("qmstop", "100", "OK", 1_795_221_233, 1_795_221_234);
        cluster.AddPastTask("qmstart", "100", "OK", 1_795_221_234, 1_795_221_236);
        var guest = cluster.Guest(100);
        (guest.HasAcpi, guest.AgentAnswers) = (false, false);
    }

    private static void Past(SimulatedProxmox cluster, int count, string type, string id, string status)
    {
        for (var i = 0; i < count; i++) cluster.AddPastTask(type, id, status, 1_795_219_000 + i, 1_795_219_000 + i);
    }
}
