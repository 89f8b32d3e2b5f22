using static Homelab.Lab.Proxmox.SimulatedParameter;

namespace Homelab.Lab.Proxmox;

/// <summary>The options of storages of every type.</summary>
internal static class StorageParameters
{
    /// <summary>What is said once, when a storage is made.</summary>
    internal static IReadOnlyList<SimulatedParameter> Fixed { get; } =
    [
        Text("authsupported"), Text("base", "pve-volume-id"), Text("datastore"), Text("export", "pve-storage-path"), Text("iscsiprovider"), Text("path", "pve-storage-path"), Text("portal", "pve-storage-portal-dns"),
        Text("share"), Text("target"), Text("thinpool", "pve-storage-vgname"), Text("vgname", "pve-storage-vgname"),
    ];

    /// <summary>What may be changed later too.</summary>
    internal static IReadOnlyList<SimulatedParameter> Changeable { get; } =
    [
        Text("blocksize"), Text("bwlimit"), Text("comstar_hg"), Text("comstar_tg"), Text("content", "pve-storage-content-list"), Text("content-dirs", "pve-dir-override-list"), Flag("create-base-path", "yes"),
        Flag("create-subdirs", "yes"), Text("data-pool"), Flag("disable"), Text("domain") with { MaxLength = 256 }, Text("encryption-key"), Matching("fingerprint", "([A-Fa-f0-9]{2}:){31}[A-Fa-f0-9]{2}"),
        Choice("format", "raw", "qcow2", "subvol", "vmdk"), Text("fs-name", "pve-configid"), Flag("fuse"), Text("is_mountpoint", @default: "no"), Text("keyring"), Flag("krbd", "0"), Text("lio_tpg"), Text("master-pubkey"),
        Whole("max-protected-backups", -1, @default: "Unlimited for users with Datastore.Allocate privilege, 5 for other users"), Flag("mkdir", "yes"), Text("monhost", "pve-storage-portal-dns-list"),
        Text("mountpoint", "pve-storage-path"), Text("namespace"), Flag("nocow", "0"), Text("nodes", "pve-node-list"), Flag("nowritecache"), Text("options", "pve-storage-options"), Text("password") with { MaxLength = 256 },
        Text("pool"), Whole("port", 1, 65535), Choice("preallocation", "off", "metadata", "falloc", "full") with { Default = "metadata" }, Text("prune-backups", "prune-backups"), Flag("saferemove"),
        Whole("saferemove-stepsize", @default: "32") with { Enum = ["1", "2", "4", "8", "16", "32"] }, Text("saferemove_throughput"), Text("server", "pve-storage-server"), Flag("shared"), Flag("skip-cert-verification", "false"),
        Choice("smbversion", "default", "2.0", "2.1", "3", "3.0", "3.11") with { Default = "default" }, Flag("snapshot-as-volume-chain", "0"), Flag("sparse"), Text("subdir", "pve-storage-path"), Flag("tagged_only"),
        Text("username"), Text("zfs-base-path", "pve-storage-path"),
    ];
}
