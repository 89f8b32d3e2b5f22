namespace Homelab.UnitTests.Lab.Proxmox;

/// <summary>Snapshots of VMs 116 and 117.</summary>
internal sealed class SnapshotsWorld : RecordedWorld;
