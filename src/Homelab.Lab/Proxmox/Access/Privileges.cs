using System.Collections.Frozen;

namespace Homelab.Lab.Proxmox;

/// <summary>The privileges of 9.x and the roles that come with it.</summary>
internal static class Privileges
{
    private static readonly string[] s_vmAudit = ["VM.Audit", "VM.GuestAgent.Audit"];
    private static readonly string[] s_vmUser =
        ["VM.Backup", "VM.Config.CDROM", "VM.Config.Cloudinit", "VM.Console", "VM.GuestAgent.FileRead", "VM.GuestAgent.FileSystemMgmt", "VM.GuestAgent.FileWrite", "VM.GuestAgent.Unrestricted", "VM.PowerMgmt"];

    private static readonly string[] s_vmAdmin =
    [
        "VM.Allocate", "VM.Clone", "VM.Config.CPU", "VM.Config.Disk", "VM.Config.HWType", "VM.Config.Memory", "VM.Config.Network", "VM.Config.Options", "VM.Migrate", "VM.Replicate", "VM.Snapshot",
        "VM.Snapshot.Rollback",
    ];

    private static readonly string[] s_sysAudit = ["Sys.Audit"];
    private static readonly string[] s_sysAdmin = ["Sys.Console", "Sys.Syslog"];
    private static readonly string[] s_sysRoot = ["Sys.AccessNetwork", "Sys.Incoming", "Sys.Modify", "Sys.PowerMgmt"];

    /// <summary>Every privilege there is.</summary>
    internal static FrozenSet<string> All { get; } = FrozenSet.ToFrozenSet(
        [
            .. s_vmAudit, .. s_vmUser, .. s_vmAdmin, .. s_sysAudit, .. s_sysAdmin, .. s_sysRoot,
            "Datastore.Allocate", "Datastore.AllocateSpace", "Datastore.AllocateTemplate", "Datastore.Audit",
            "Group.Allocate", "Mapping.Audit", "Mapping.Modify", "Mapping.Use", "Permissions.Modify", "Pool.Allocate", "Pool.Audit",
            "Realm.Allocate", "Realm.AllocateUser", "SDN.Allocate", "SDN.Audit", "SDN.Use", "User.Modify",
        ],
        StringComparer.Ordinal);

    /// <summary>The roles that are always there.</summary>
    internal static IReadOnlyDictionary<string, IReadOnlySet<string>> BuiltInRoles { get; } = new Dictionary<string, IReadOnlySet<string>>(StringComparer.Ordinal)
    {
        ["Administrator"] = All,
        ["NoAccess"] = Set(),
        ["PVEAdmin"] = Set(
            [
                .. s_vmAudit, .. s_vmUser, .. s_vmAdmin, .. s_sysAudit, .. s_sysAdmin,
                "Datastore.Allocate", "Datastore.AllocateSpace", "Datastore.AllocateTemplate", "Datastore.Audit",
                "Group.Allocate", "Mapping.Audit", "Mapping.Modify", "Mapping.Use", "Pool.Allocate", "Pool.Audit", "Realm.AllocateUser", "SDN.Allocate", "SDN.Audit", "SDN.Use", "User.Modify",
            ]),
        ["PVEAuditor"] = Set([.. s_vmAudit, .. s_sysAudit, "Datastore.Audit", "Mapping.Audit", "Pool.Audit", "SDN.Audit"]),
        ["PVEDatastoreAdmin"] = Set("Datastore.Allocate", "Datastore.AllocateSpace", "Datastore.AllocateTemplate", "Datastore.Audit"),
        ["PVEDatastoreUser"] = Set("Datastore.AllocateSpace", "Datastore.Audit"),
        ["PVEMappingAdmin"] = Set("Mapping.Audit", "Mapping.Modify", "Mapping.Use"),
        ["PVEMappingAuditor"] = Set("Mapping.Audit"),
        ["PVEMappingUser"] = Set("Mapping.Audit", "Mapping.Use"),
        ["PVEPoolAdmin"] = Set("Pool.Allocate", "Pool.Audit"),
        ["PVEPoolUser"] = Set("Pool.Audit"),
        ["PVESDNAdmin"] = Set("SDN.Allocate", "SDN.Audit", "SDN.Use"),
        ["PVESDNUser"] = Set("SDN.Audit", "SDN.Use"),
        ["PVESysAdmin"] = Set([.. s_sysAudit, .. s_sysAdmin]),
        ["PVETemplateUser"] = Set("VM.Audit", "VM.Clone"),
        ["PVEUserAdmin"] = Set("Group.Allocate", "Realm.AllocateUser", "User.Modify"),
        ["PVEVMAdmin"] = Set([.. s_vmAudit, .. s_vmUser, .. s_vmAdmin]),
        ["PVEVMUser"] = Set([.. s_vmAudit, .. s_vmUser]),
    };

    private static FrozenSet<string> Set(params ReadOnlySpan<string> privileges) => FrozenSet.ToFrozenSet(privileges.ToArray(), StringComparer.Ordinal);
}
