using System.Text.Json;

namespace Homelab.UnitTests.Providers.Proxmox;

using ManualTime = Homelab.Tests.ManualTime;

/// <summary>Whatever version answers: every query yields what it yields, and every common change is made.</summary>
public sealed class StrangeAnswersTests
{
    // With what each is asked. A task that is to be named is put in by the test.
    private static readonly Dictionary<string, object> s_queries = new(StringComparer.Ordinal)
    {
        ["proxmox_list_vms"] = new { template = true },
        ["proxmox_vm_status"] = new { vm = "web" },
        ["proxmox_list_tasks"] = new { last = 50 },
        ["proxmox_guest_ping"] = new { vm = "web" },
        ["proxmox_console_url"] = new { vm = "web" },
        ["proxmox_guest_network"] = new { vm = "web" },
        ["proxmox_task_status"] = new { task = "", log = true },
        ["proxmox_vm_config"] = new { vm = "web" },
        ["proxmox_vm_metrics"] = new { vm = "web" },
        ["proxmox_wait_task"] = new { task = "" },
        ["proxmox_status"] = new { },
        ["proxmox_list_nodes"] = new { },
        ["proxmox_list_storage"] = new { },
        ["proxmox_list_storage_content"] = new { storage = "local" },
        ["proxmox_list_disks"] = new { },
        ["proxmox_list_zfs"] = new { detailed = true },
        ["proxmox_list_pools"] = new { },
        ["proxmox_ha_status"] = new { },
        ["proxmox_pending_updates"] = new { },
        ["proxmox_list_firewall_rules"] = new { vm = "web" },
        ["proxmox_check_token"] = new { },
        ["proxmox_token_script"] = new { },
        ["proxmox_list_backups"] = new { },
        ["proxmox_list_snapshots"] = new { vm = "off" },
    };

    private static readonly Dictionary<string, object> s_changes = new(StringComparer.Ordinal)
    {
        ["proxmox_start_vm"] = new { vm = "off" },
        ["proxmox_stop_vm"] = new { vm = "db" },
        ["proxmox_shutdown_vm"] = new { vm = "web" },
        ["proxmox_reboot_vm"] = new { vm = "db" },
        ["proxmox_create_snapshot"] = new { vm = "off", name = "now" },
        ["proxmox_delete_snapshot"] = new { vm = "off", name = "before" },
        ["proxmox_rollback_snapshot"] = new { vm = "off", name = "before" },
        ["proxmox_set_vm"] = new { vm = "off", memory = "1GiB", addTag = new[] { "new" } },
        ["proxmox_resize_disk"] = new { vm = "off", disk = "scsi0", grow = "1GiB" },
        ["proxmox_clone_vm"] = new { vm = "debian", name = "copy" },
        ["proxmox_backup_vm"] = new { vm = "off", storage = "local" },
        ["proxmox_restore_backup"] = new { backup = PopulatedCluster.Volume, name = "again" },
        ["proxmox_migrate_vm"] = new { vm = "off", targetNode = "pve2", withLocalDisk = true },
        ["proxmox_delete_vm"] = new { vm = "off" },
        ["proxmox_set_firewall_rule"] = new { vm = "web", position = 0, action = "DROP" },
    };

    public static TheoryData<string, Strangeness> Queries => [.. s_queries.Keys.SelectMany(static _ => Enum.GetValues<Strangeness>(), static (name, strangeness) => (name, strangeness))];

    public static TheoryData<string, Strangeness> Changes => [.. s_changes.Keys.SelectMany(static _ => Enum.GetValues<Strangeness>(), static (name, strangeness) => (name, strangeness))];

    [Fact]
    public async Task No_query_is_left_out()
    {
        await using var bench = await ProxmoxBench.StartAsync();

        var queries = bench.Provider.Operations.Select(static o => o.Descriptor).Where(static d => d.Risk == Risk.Read).Select(static d => d.Name);

        Assert.Equal(queries.Order(StringComparer.Ordinal), s_queries.Keys.Order(StringComparer.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Queries))]
    public async Task A_query_yields_the_same_from_strange_answers(string operation, Strangeness strangeness)
    {
        await using var bench = await PopulatedCluster.StartAsync(new ManualTime());
        var input = InputOf(bench, operation);
        var usual = await AskAsync(bench, operation, input);
        bench.Cluster.Rewrite = StrangeAnswers.Of(strangeness);

        var strange = await AskAsync(bench, operation, input);

        Assert.NotEmpty(usual);
        // What a field would have told is missing with it, and nothing else.
        if (strangeness == Strangeness.NoOptionalFields) Assert.Equal(usual.Count, strange.Count);
        else Assert.Equal(usual, strange);
    }

    [Theory]
    [MemberData(nameof(Changes))]
    public async Task A_change_is_made_and_seen_through_strange_answers(string operation, Strangeness strangeness)
    {
        await using var bench = await PopulatedCluster.StartAsync(TimeProvider.System);
        bench.Cluster.Rewrite = StrangeAnswers.Of(strangeness);
        bench.Cluster.ForgetRequests();

        var outcome = await bench.InvokeAsync(operation, s_changes[operation]);

        Assert.IsType<GateOutcome.Done>(outcome);
        Assert.Equal(ChangeStatus.Succeeded, bench.Store.Changes[^1].Status);
        Assert.NotEmpty(bench.Cluster.Changes);
    }

    private static object InputOf(ProxmoxBench bench, string operation) => operation switch
    {
        "proxmox_task_status" => new { task = bench.Cluster.AllTasks.Single(static t => t.Running).Upid, log = true },
        "proxmox_wait_task" => new { task = bench.Cluster.AllTasks.First(static t => t.ExitStatus == "OK").Upid },
        _ => s_queries[operation],
    };

    // As text, in which everything of an item is compared.
    private static async Task<List<string>> AskAsync(ProxmoxBench bench, string operation, object input) =>
        [.. (await bench.QueryAsync<object>(operation, input)).Select(static i => JsonSerializer.Serialize(i, i.GetType(), HomelabJson.Options))];
}
