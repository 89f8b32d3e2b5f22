using Homelab.Lab.Proxmox;

namespace Homelab.UnitTests.Lab.Proxmox;

/// <summary>The one storage of the recorded machine, when most of the other recordings had been made.</summary>
internal sealed class StorageWorld : RecordedWorld
{
    private const long Gibi = 1024L * 1024 * 1024;

    protected override void Fill(SimulatedProxmox cluster)
    {
        var local = cluster.Storages.Single(static s => s.Name == "local");
        foreach (var old in local.Volumes.Where(static v => v.Content is "images" or "vztmpl").ToArray()) local.Volumes.Remove(old);
        local.Volumes.Add(new SimulatedVolume { Volid = "local:100/vm-100-disk-0.raw", Content = "images", Vmid = 100, Size = Gibi, Used = 4096 });
        local.Volumes.Add(new SimulatedVolume { Volid = "local:101/vm-101-disk-0.qcow2", Content = "images", Format = "qcow2", Vmid = 101, Size = Gibi, Used = 344_064 });
        local.Volumes.Add(new SimulatedVolume { Volid = "local:210/vm-210-disk-0.raw", Content = "rootdir", Vmid = 210, Size = 1_140_850_688 });
        local.Volumes.Add(new SimulatedVolume { Volid = "local:backup/vzdump-lxc-210-2026_11_21-00_35_24.tar.zst", Content = "backup", Format = "tar.zst", Vmid = 210, Size = 1_108_301, Notes = "keep", Subtype = "lxc" });
        local.Volumes.Add(new SimulatedVolume { Volid = "local:vztmpl/alpine-3.22-default_20250617_amd64.tar.zst", Content = "vztmpl", Format = "tzst", Size = 1_105_033 });
    }
}
