using System.Collections.Frozen;

namespace Homelab.Providers.Proxmox;

/// <summary>What each operation needs of Proxmox: the privileges, and where they must hold. What the API gives to everyone is not named.</summary>
internal static class Rights
{
    private const RightPath Root = RightPath.Root;
    private const RightPath Nodes = RightPath.Nodes;
    private const RightPath Guests = RightPath.Guests;
    private const RightPath Storages = RightPath.Storages;
    private const RightPath Pools = RightPath.Pools;
    private const RightPath Networks = RightPath.Networks;

    private static readonly Right s_look = new("VM.Audit", Guests);
    private static readonly Right s_power = new("VM.PowerMgmt", Guests);
    private static readonly Right s_snapshot = new("VM.Snapshot", Guests);
    private static readonly Right s_allocate = new("VM.Allocate", Guests);
    private static readonly Right s_space = new("Datastore.AllocateSpace", Storages);
    private static readonly Right s_seeStorage = new("Datastore.Audit", Storages);
    private static readonly Right s_save = new("VM.Backup", Guests);
    private static readonly Right s_network = new("SDN.Use", Networks);
    private static readonly Right s_system = new("Sys.Audit", Root);

    // 8.x knows one privilege for all that QEMU's monitor and the guest agent can do.
    private static readonly Right s_agent = new("VM.GuestAgent.Audit", Guests) { Before9 = "VM.Monitor", OrElse = "VM.GuestAgent.Unrestricted" };

    // The name of a container is part of its network.
    private static readonly Right s_rename = new("VM.Config.Network", Guests) { Only = "another name of a container" };

    // Root in such a container is root of the node.
    private static readonly Right s_privileged = new("Sys.Modify", Root) { Only = "privileged containers" };

    // Whoever began a task may always look at it and end it.
    private static readonly Right s_tasks = new("Sys.Audit", Nodes) { Only = "tasks that others began" };

    /// <summary>By the name of the operation.</summary>
    internal static FrozenDictionary<string, OperationRights> Of { get; } = new Dictionary<string, OperationRights>(StringComparer.Ordinal)
    {
        ["proxmox_status"] = new(TokenLevel.Monitor, s_system),
        ["proxmox_list_vms"] = new(TokenLevel.Monitor, s_look),
        ["proxmox_vm_status"] = new(TokenLevel.Monitor, s_look),
        ["proxmox_vm_metrics"] = new(TokenLevel.Monitor, s_look),
        ["proxmox_list_tasks"] = new(TokenLevel.Monitor, s_tasks),
        ["proxmox_task_status"] = new(TokenLevel.Monitor, s_tasks),
        ["proxmox_wait_task"] = new(TokenLevel.Monitor, s_tasks),
        ["proxmox_guest_ping"] = new(TokenLevel.Monitor, s_look, s_agent),
        ["proxmox_guest_network"] = new(TokenLevel.Monitor, s_look, s_agent),
        ["proxmox_console_url"] = new(TokenLevel.Monitor, s_look),
        ["proxmox_check_token"] = new(TokenLevel.Monitor),
        ["proxmox_token_script"] = new(TokenLevel.Monitor),

        ["proxmox_start_vm"] = new(TokenLevel.Operate, s_look, s_power),
        ["proxmox_shutdown_vm"] = new(TokenLevel.Operate, s_look, s_power),
        ["proxmox_stop_vm"] = new(TokenLevel.Operate, s_look, s_power),
        ["proxmox_reboot_vm"] = new(TokenLevel.Operate, s_look, s_power),
        ["proxmox_reset_vm"] = new(TokenLevel.Operate, s_look, s_power),
        ["proxmox_suspend_vm"] = new(
            TokenLevel.Operate,
            s_look,
            s_power,
            new Right("VM.Config.Disk", Guests) { Only = "hibernation, which writes the memory to a disk" },
            s_space with { Only = "hibernation, which writes the memory to a disk" }),
        ["proxmox_resume_vm"] = new(TokenLevel.Operate, s_look, s_power),
        ["proxmox_stop_task"] = new(TokenLevel.Operate, new Right("Sys.Modify", Nodes) { Only = "tasks that others began" }),

        ["proxmox_vm_config"] = new(TokenLevel.Configure, s_look),
        ["proxmox_list_nodes"] = new(TokenLevel.Configure, new Right("Sys.Audit", Nodes)),
        ["proxmox_list_storage"] = new(TokenLevel.Configure, s_seeStorage),
        ["proxmox_list_storage_content"] = new(
            TokenLevel.Configure,
            s_seeStorage,
            new Right("VM.Config.Disk", Guests) { Only = "disks, which are left out of the list without it" },
            s_save with { Only = "backups, which are left out of the list without it" },
            s_space with { Only = "backups, which are left out of the list without it" }),
        ["proxmox_list_disks"] = new(TokenLevel.Configure, new Right("Sys.Audit", Nodes)),
        ["proxmox_list_zfs"] = new(TokenLevel.Configure, s_system),
        ["proxmox_list_pools"] = new(TokenLevel.Configure, new Right("Pool.Audit", Pools)),
        ["proxmox_ha_status"] = new(TokenLevel.Configure, s_system),
        ["proxmox_pending_updates"] = new(TokenLevel.Update, new Right("Sys.Modify", Nodes)),
        ["proxmox_list_snapshots"] = new(TokenLevel.Configure, s_look),
        ["proxmox_list_backups"] = new(
            TokenLevel.Configure,
            s_seeStorage,
            s_save with { Only = "backups, which are left out of the list without it" },
            s_space with { Only = "backups, which are left out of the list without it" }),
        ["proxmox_list_firewall_rules"] = new(TokenLevel.Configure, s_look, s_system),

        ["proxmox_create_snapshot"] = new(TokenLevel.Manage, s_look, s_snapshot),
        ["proxmox_rollback_snapshot"] = new(TokenLevel.Manage, s_look, s_snapshot with { OrElse = "VM.Snapshot.Rollback" }),
        ["proxmox_delete_snapshot"] = new(TokenLevel.Manage, s_look, s_snapshot),
        ["proxmox_backup_vm"] = new(TokenLevel.Manage, s_look, s_save, s_space, s_seeStorage),
        ["proxmox_restore_backup"] = new(
            TokenLevel.Manage,
            s_look,
            s_save,
            s_allocate,
            s_space,
            s_seeStorage,
            s_network,
            s_power with { Only = "switching off what is overwritten, and starting what was restored" },
            new Right("VM.Config.Options", Guests) { Only = "another name of a virtual machine" },
            s_rename,
            s_privileged),
        ["proxmox_clone_vm"] = new(TokenLevel.Manage, s_look, new Right("VM.Clone", Guests), s_allocate, s_space, s_network),
        ["proxmox_create_vm"] = new(
            TokenLevel.Manage,
            [
                s_look, s_allocate, s_power, s_space, s_seeStorage, s_network,
                .. new[] { "CDROM", "CPU", "Cloudinit", "Disk", "HWType", "Memory", "Network", "Options" }.Select(static c => new Right($"VM.Config.{c}", Guests)),
                s_privileged,
            ]),
        ["proxmox_set_vm"] = new(
            TokenLevel.Manage,
            [s_look, .. new[] { "CPU", "Memory", "Options" }.Select(static c => new Right($"VM.Config.{c}", Guests)), s_rename]),
        ["proxmox_resize_disk"] = new(TokenLevel.Manage, s_look, new Right("VM.Config.Disk", Guests), s_space),
        ["proxmox_migrate_vm"] = new(TokenLevel.Manage, s_look, new Right("VM.Migrate", Guests), s_space with { Only = "disks that go to another storage" }),
        ["proxmox_delete_vm"] = new(
            TokenLevel.Manage,
            s_look,
            s_allocate,
            s_save with { Only = "a last backup" },
            s_space with { Only = "a last backup" },
            s_seeStorage with { Only = "a last backup" }),
        ["proxmox_set_firewall_rule"] = new(TokenLevel.Manage, s_look, s_system, new Right("VM.Config.Network", Guests)),
        ["proxmox_guest_exec"] = new(TokenLevel.Exec, s_look, new Right("VM.GuestAgent.Unrestricted", Guests) { Before9 = "VM.Monitor" }),
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>Each right once for what it is given for: with the lowest level that cannot do without it, and the operations there.</summary>
    internal static IReadOnlyList<NeededRight> Needed { get; } =
    [
        .. Of
            .SelectMany(static o => o.Value.Needs.Select(n => (Operation: o.Key, o.Value.Level, Need: n)))
            .Where(static o => o.Need.Only is null)
            .GroupBy(static o => (o.Need.Privilege, o.Need.On))
            .Select(static g => new NeededRight(g.Min(static o => o.Level), g.First().Need, [.. g.Where(o => o.Level == g.Min(static i => i.Level)).Select(static o => o.Operation).Order(StringComparer.Ordinal)]))
            .OrderBy(static n => n.Level)
            .ThenBy(static n => n.Right.On)
            .ThenBy(static n => n.Right.Privilege, StringComparer.Ordinal),
    ];

    /// <summary>What only a part of some operations needs.</summary>
    internal static IReadOnlyList<NeededRight> Partial { get; } =
    [
        .. Of
            .SelectMany(static o => o.Value.Needs.Where(static n => n.Only is not null).Select(n => (Operation: o.Key, o.Value.Level, Need: n)))
            .GroupBy(static o => (o.Need.Privilege, o.Need.On, o.Need.Only))
            .Select(static g => new NeededRight(g.Min(static o => o.Level), g.First().Need, [.. g.Select(static o => o.Operation).Order(StringComparer.Ordinal)]))
            .OrderBy(static n => n.Level)
            .ThenBy(static n => n.Right.Privilege, StringComparer.Ordinal),
    ];

    /// <summary>The path below which a kind of things lies.</summary>
    internal static string PathOf(RightPath path) => path switch
    {
        Nodes => "/nodes",
        Guests => "/vms",
        Storages => "/storage",
        Pools => "/pool",
        Networks => "/sdn/zones",
        _ => "/",
    };
}

/// <summary>Where a privilege must hold.</summary>
internal enum RightPath
{
    /// <summary><c>/</c> itself.</summary>
    Root,

    /// <summary><c>/nodes/{node}</c>.</summary>
    Nodes,

    /// <summary><c>/vms/{vmid}</c>, or the guest's pool.</summary>
    Guests,

    /// <summary><c>/storage/{storage}</c>, or its pool.</summary>
    Storages,

    /// <summary><c>/pool/{pool}</c>.</summary>
    Pools,

    /// <summary><c>/sdn/zones/{zone}/{bridge}</c>.</summary>
    Networks,
}

/// <summary>A privilege, and where it must hold.</summary>
internal sealed record Right(string Privilege, RightPath On)
{
    /// <summary>What stands in its place before 9.0.</summary>
    internal string? Before9 { get; init; }

    /// <summary>Another one that does as well.</summary>
    internal string? OrElse { get; init; }

    /// <summary>What it is needed for, where the operation does without it otherwise.</summary>
    internal string? Only { get; init; }

    /// <summary>Its name on a version of Proxmox.</summary>
    internal string NameOn(int major) => major < 9 && Before9 is { } old ? old : Privilege;
}

/// <summary>What one operation needs, and what a token must be made for to have it.</summary>
internal sealed record OperationRights(TokenLevel Level, params Right[] Needs);

/// <summary>A right, the lowest level that needs it, and what for.</summary>
internal sealed record NeededRight(TokenLevel Level, Right Right, IReadOnlyList<string> Operations);
