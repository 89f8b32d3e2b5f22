using System.Text.RegularExpressions;

namespace Homelab.Host.Mcp;

/// <summary>When another tool is the better one, or what to look at before: the sentences that no operation can say alone, because they are about two of them.</summary>
internal static partial class ToolAdvice
{
    /// <summary>The sentences, by the tool at which they stand.</summary>
    internal static IReadOnlyDictionary<string, string> Sentences { get; } = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["alertmanager_create_silence"] = "To keep a monitor of Uptime Kuma quiet, use kuma_create_maintenance.",
        ["alertmanager_expire_silence"] = "alertmanager_list_silences gives the id.",
        ["approval_list"] = "To wait for the answer to one, use approval_wait.",
        ["approval_wait"] = "Use it with the id that a change answered with while it waits; approved, call that change again with the same arguments.",
        ["audit_verify"] = "To read the lines themselves, use audit_list.",
        ["dns_test"] = "Whether a whole service is well, network_check_services tells.",
        ["docker_check_container"] = "The first thing to ask about a container; docker_container_logs tells why it is not up.",
        ["docker_container_logs"] = "Ask docker_check_container first whether it runs at all.",
        ["docker_container_stats"] = "What a whole host has left, host_memory and host_disk_usage tell.",
        ["docker_exec"] = "For what a tool can do itself, such as docker_container_logs, use that tool.",
        ["docker_inspect_container"] = "Where state and health are enough, docker_check_container is shorter.",
        ["docker_list_containers"] = "The names that all docker tools take, as name@host, come from here.",
        ["docker_prune_images"] = "docker_disk_usage tells beforehand how much there is to win.",
        ["docker_recreate_container"] = "Try docker_restart_container first: it keeps what is in the container.",
        ["docker_restart_container"] = "Where it belongs to a service of the lab, heal_run also finds the cause and proves that the service is back.",
        ["docker_rotate_logs"] = "Read with docker_container_logs first what must not be lost.",
        ["docker_set_limits"] = "docker_container_stats tells what it uses now.",
        ["docker_start_container"] = "One that runs and misbehaves is a case for docker_restart_container.",
        ["docker_stop_container"] = "To have it run again at once, use docker_restart_container instead.",
        ["docker_watch_events"] = "For how things are now, use docker_list_containers.",
        ["heal_explain"] = "Use it before a change that might be refused or wait for a person; for the steps of a runbook, runbook_check tells what is wrong with them.",
        ["heal_list_incidents"] = "The first thing to ask when something is said to be down.",
        ["heal_run"] = "What it would be about, heal_list_incidents and network_check_services tell.",
        ["host_journal"] = "host_list_units gives the names of units.",
        ["host_reboot"] = "A service alone is brought back by host_restart_unit.",
        ["host_restart_unit"] = "host_unit_status and host_journal tell beforehand what is wrong with it.",
        ["network_check_port"] = "Whether a whole service is well, network_check_services tells.",
        ["network_ping"] = "Whether a service on the host answers, network_check_port or network_check_services tells.",
        ["proxmox_delete_snapshot"] = "proxmox_list_snapshots gives the names.",
        ["proxmox_delete_vm"] = "proxmox_list_backups tells whether there is a backup to come back to.",
        ["proxmox_list_vms"] = "The names and numbers that all proxmox tools take come from here.",
        ["proxmox_reset_vm"] = "Like pulling the plug: try proxmox_reboot_vm first.",
        ["proxmox_restore_backup"] = "proxmox_list_backups gives the backup.",
        ["proxmox_rollback_snapshot"] = "proxmox_list_snapshots gives the names; what came after the snapshot is lost.",
        ["proxmox_set_vm"] = "proxmox_vm_config gives what is set now and its digest.",
        ["proxmox_stop_task"] = "proxmox_list_tasks gives the task.",
        ["proxmox_stop_vm"] = "Like pulling the plug: try proxmox_shutdown_vm first.",
        ["proxmox_wait_task"] = "Use it with the task that a change gave back that was not waited for; proxmox_task_status only looks.",
        ["runbook_check"] = "What a single call would meet at the gate, heal_explain tells.",
        ["runbook_run"] = "runbook_list gives the names. To let the lab choose the runbook, use heal_run.",
        ["ssh_run"] = "ssh_explain tells beforehand whether the command may run, and as what.",
        ["ssh_trust_host"] = "Compare the fingerprint by another way than this connection; ssh_list_host_keys gives what is trusted already.",
    };

    /// <summary>The sentence of a tool; null where it has none, or names a tool that the caller does not have.</summary>
    internal static string? For(string tool, IReadOnlySet<string> offered) =>
        Sentences.TryGetValue(tool, out var sentence) && ToolsIn(sentence).All(offered.Contains) ? sentence : null;

    /// <summary>The tools that a text names.</summary>
    internal static IEnumerable<string> ToolsIn(string text) => NamePattern().Matches(text).Select(static m => m.Value);

    [GeneratedRegex("[a-z][a-z0-9]*(_[a-z0-9]+)+", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex NamePattern();
}
