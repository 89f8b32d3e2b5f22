using Homelab.UnitTests.Composition;

namespace Homelab.SystemTests.Mcp;

/// <summary>The 34 tools that users of the older server know, each at the level that it had there.</summary>
public sealed class SeedToolTests
{
    private static readonly Dictionary<Level, string> s_tools = new()
    {
        [Level.Monitor] = "docker_list_containers docker_container_logs docker_container_stats system_info opnsense_status truenas_status truenas_alerts proxmox_status proxmox_list_vms proxmox_vm_status",
        [Level.Operate] = "docker_restart_container docker_start_container docker_stop_container opnsense_service_restart proxmox_start_vm proxmox_stop_vm proxmox_shutdown_vm proxmox_reboot_vm",
        [Level.Configure] = "docker_read_compose docker_list_volumes docker_list_networks docker_inspect_container truenas_list_datasets truenas_dataset_info proxmox_vm_config proxmox_list_storage proxmox_list_nodes",
        [Level.Manage] = "docker_write_compose docker_compose_up docker_compose_down docker_exec truenas_create_snapshot proxmox_create_snapshot proxmox_delete_vm",
    };

    public static TheoryData<string, Level> Tools
    {
        get
        {
            var tools = new TheoryData<string, Level>();
            foreach (var (level, names) in s_tools)
            {
                foreach (var name in names.Split(' ')) tools.Add(name, level);
            }

            return tools;
        }
    }

    [Fact]
    public void There_are_34() => Assert.Equal(34, Tools.Select(t => t.Data.Item1).Distinct().Count());

    [Theory]
    [MemberData(nameof(Tools))]
    public void A_tool_has_the_level_that_it_had(string tool, Level level)
    {
        Assert.True(CatalogBench.Catalog.TryFind(tool, out var operation));
        Assert.Equal(level, operation.Descriptor.Level);
    }
}
