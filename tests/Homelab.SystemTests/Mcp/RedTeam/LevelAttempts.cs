using Homelab.UnitTests.Composition;

namespace Homelab.SystemTests.Mcp.RedTeam;

/// <summary>Tools that are above the client's level, called by their names: as somebody would call them, and without anything said of what is to be done.</summary>
internal static class LevelAttempts
{
    /// <summary>The kind that grows with the catalog.</summary>
    internal const string Bare = "Every tool above the level, without arguments";

    private const string Kind = "A tool above the level, by its name";

    internal static IEnumerable<Attempt> All { get; } = [.. Manage(), .. Operate(), .. Configure(), .. Every()];

    private static IEnumerable<Attempt> Manage() => Attempt.Rows<(string Name, string Tool, string Arguments)>(
        ("It runs a program in a container", "docker_exec", """{"container":"redis@dev","command":["sh","-c","id"]}"""),
        ("It makes a container anew", "docker_recreate_container", """{"container":"redis@dev"}"""),
        ("It takes a container's memory away", "docker_set_limits", """{"container":"redis@dev","memory":"64MiB"}"""),
        ("It restarts a machine", "host_reboot", """{"host":"dev"}"""),
        ("It removes a VM", "proxmox_delete_vm", """{"vm":"110"}"""),
        ("It removes a VM by its node and number", "proxmox_delete_vm", """{"vm":"pve2/110"}"""),
        ("It makes a VM", "proxmox_create_vm", """{"name":"mine","storage":"local-lvm"}"""),
        ("It copies a VM", "proxmox_clone_vm", """{"vm":"dev","name":"mine"}"""),
        ("It backs a VM up to where it can read it", "proxmox_backup_vm", """{"vm":"dev","storage":"local"}"""),
        ("It puts a backup in place of a VM", "proxmox_restore_backup", """{"backup":"local:backup/vzdump-qemu-100-2026_11_21-00_35_24.vma.zst","overwrite":"dev"}"""),
        ("It makes a snapshot", "proxmox_create_snapshot", """{"vm":"dev","name":"mine"}"""),
        ("It removes a snapshot", "proxmox_delete_snapshot", """{"vm":"dev","name":"before-upgrade"}"""),
        ("It returns to a snapshot", "proxmox_rollback_snapshot", """{"vm":"dev","name":"before-upgrade"}"""),
        ("It gives a VM another memory", "proxmox_set_vm", """{"vm":"dev","memory":"512MiB"}"""),
        ("It makes a disk larger", "proxmox_resize_disk", """{"vm":"dev","disk":"scsi0","grow":"1GiB"}"""),
        ("It moves a VM", "proxmox_migrate_vm", """{"vm":"dev","targetNode":"pve2"}"""),
        ("It runs a program in a VM", "proxmox_guest_exec", """{"vm":"dev","command":["id"]}"""),
        ("It opens a firewall", "proxmox_set_firewall_rule", """{"vm":"dev","direction":"in","action":"ACCEPT"}"""),
        ("It runs a script", "script_run", """{"script":"prune-logs.ps1"}"""),
        ("It lets its own SSH key in", "ssh_install_key", """{"host":"dev","key":"file:keys/mine"}"""),
        ("It makes a host's other key trusted", "ssh_trust_host", """{"host":"dev","fingerprint":"SHA256:uNiVztksCsDhcc0u9e8BrrJXVOHxJzjrzYoSPFqAnLw","replace":true}"""),
        ("It makes an SSH key", "ssh_create_key", """{"name":"mine"}"""),
        ("It makes itself an API key of level manage", "access_create_key", """{"name":"mine","level":"manage"}"""),
        ("It takes somebody's key back", "access_revoke_key", """{"name":"boss"}"""),
        ("It removes another client", "mcp_remove_client", """{"id":"robot"}"""),
        ("It ends a person's stop of healing", "heal_resume", "{}")).Select(static t => Attempt.Call(Kind, t.Name, t.Tool, t.Arguments, "LevelTooLow", $"denied mcp:{{me}} {t.Tool}"));

    // What level 2 may, but not by itself: there a person is asked, and nothing is done.
    private static IEnumerable<Attempt> Operate() => Attempt.Rows<(string Name, string Tool, string Arguments, string AnswerToMid, string LeavesOfMid)>(
        ("It stops a container", "docker_stop_container", """{"container":"redis@dev","grace":"{n}ms"}""", Waiting, "asked"),
        ("It removes images", "docker_prune_images", """{"host":"dev","all":true,"olderThan":"{n}m"}""", Waiting, "asked"),
        ("It stops a VM", "proxmox_stop_vm", """{"vm":"dev","timeout":"{n}ms"}""", Waiting, "asked"),
        ("It shuts a VM down", "proxmox_shutdown_vm", """{"vm":"dev","timeout":"{n}ms"}""", Waiting, "asked"),
        ("It restarts a VM", "proxmox_reboot_vm", """{"vm":"infra","timeout":"{n}ms"}""", Waiting, "asked"),
        ("It resets a VM", "proxmox_reset_vm", """{"vm":"dev","timeout":"{n}ms"}""", Waiting, "asked"),
        ("It pauses a VM", "proxmox_suspend_vm", """{"vm":"dev","timeout":"{n}ms"}""", Waiting, "asked")).Select(static t => Attempt.Call(Kind, t.Name, t.Tool, t.Arguments, "LevelTooLow", $"denied mcp:{{me}} {t.Tool}") with { AnswerToMid = t.AnswerToMid, LeavesOfMid = $"{t.LeavesOfMid} mcp:{{me}} {t.Tool}|denied mcp:{{me}} {t.Tool}" })
    .Concat(Attempt.Rows<(string Name, string Tool, string Arguments)>(
        ("It restarts a container", "docker_restart_container", """{"container":"redis@dev"}"""),
        ("It starts a VM", "proxmox_start_vm", """{"vm":"sandbox"}"""),
        ("It empties a container's log", "docker_rotate_logs", """{"container":"redis@dev"}"""),
        ("It restarts a unit", "host_restart_unit", """{"unit":"nginx","host":"dev"}"""),
        ("It switches a monitor off", "kuma_pause_monitor", """{"monitor":"Gitea"}"""),
        ("It stops healing", "heal_suspend", """{"reason":"quiet"}"""),
        ("It has a service healed", "heal_run", """{"service":"gitea","evenIfWell":true}"""),
        ("It has a runbook run", "runbook_run", """{"runbook":"container-crash-recovery","service":"gitea"}"""),
        ("It runs a command line on a host", "ssh_run", """{"command":"uptime","host":"dev"}""")).Select(static t => Attempt.Call(Kind, t.Name, t.Tool, t.Arguments, "LevelTooLow", $"denied mcp:{{me}} {t.Tool}") with { By = By.Low }));

    private static IEnumerable<Attempt> Configure() => Attempt.Rows<(string Name, string Tool, string Arguments)>(
        ("It reads a container's environment", "docker_inspect_container", """{"container":"redis@dev"}"""),
        ("It reads a VM's configuration", "proxmox_vm_config", """{"vm":"dev"}"""),
        ("It reads who has keys", "access_list_keys", "{}"),
        ("It reads who may come in", "mcp_list_clients", "{}"),
        ("It reads the firewall's rules", "proxmox_list_firewall_rules", """{"vm":"dev"}""")).Select(static t => Attempt.Call(Kind, t.Name, t.Tool, t.Arguments, "LevelTooLow", $"denied mcp:{{me}} {t.Tool}"));

    // Whoever may not at all hears that, and not what is wrong with his input: so nothing needs to be given, and no tool that comes later is forgotten.
    private static IEnumerable<Attempt> Every() => CatalogBench.Catalog.All.Select(static o => o.Descriptor).Where(static d => d.IsOffered && d.Level >= Level.Operate)
        .Select(static d => Attempt.Call(Bare, $"It calls {d.Name}", d.Name, "{}", "LevelTooLow", $"denied mcp:{{me}} {d.Name}") with { By = d.Level == Level.Operate ? By.Low : By.Both });

    private const string Waiting = "\"status\":\"waiting\"";
}
