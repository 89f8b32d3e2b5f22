using Homelab.Lab.Proxmox;

namespace Homelab.UnitTests.Providers.Proxmox;

public sealed class VmConfigTests
{
    private const long GiB = 1L << 30;

    private static readonly SimulatedGuestSpec s_dev = new()
    {
        Vmid = 100,
        Name = "dev",
        Memory = 1024,
        Tags = ["prod", "web"],
        Config = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["net0"] = "virtio=BC:24:11:F0:A3:74,bridge=vmbr0,tag=12,firewall=1",
            ["ide2"] = "local:iso/lab.iso,media=cdrom,size=16598K",
            ["cipassword"] = "hidden",
            ["scsihw"] = "virtio-scsi-pci",
        },
    };

    private static readonly SimulatedGuestSpec s_web = new() { Vmid = 200, Name = "web-1", Kind = SimulatedGuestKind.Lxc };

    [Fact]
    public async Task A_configuration_is_read_with_disks_and_network()
    {
        await using var bench = await ProxmoxBench.StartAsync();
        bench.Cluster.AddGuest(s_dev);

        var config = await ReadAsync(bench, "dev");

        Assert.Equal(("pve/100 (dev)", "dev", VmKind.Qemu, GiB), (config.Vm.ToString(), config.Name, config.Kind, config.Memory));
        Assert.Equal(["prod", "web"], config.Tags);
        var disk = Assert.Single(config.Disks, static d => !d.Cdrom);
        Assert.Equal(("scsi", 0, "local", 8 * GiB), (disk.Bus, disk.Index, disk.Storage, disk.Size));
        Assert.Equal((true, 16_598L * 1024), (config.Disks.Single(static d => d.Disk == "ide2").Cdrom, config.Disks.Single(static d => d.Disk == "ide2").Size));
        var net = Assert.Single(config.Networks, static n => n.Interface == "net0");
        Assert.Equal(("virtio", "BC:24:11:F0:A3:74", "vmbr0", 12, true), (net.Model, net.Mac, net.Bridge, net.Tag, net.Firewall));
        Assert.Equal(Secret.Mask, config.Other["cipassword"]);
        Assert.NotEmpty(config.Digest);
    }

    [Fact]
    public async Task What_a_stopped_guest_is_set_to_holds_at_once()
    {
        await using var bench = await ProxmoxBench.StartAsync();
        bench.Cluster.AddGuest(s_dev);

        var config = await bench.ChangeAsync<VmConfig>("proxmox_set_vm", new { vm = "dev", memory = "2GiB", core = 2, onBoot = true, description = "two\nlines", addTag = new[] { "lab" }, removeTag = new[] { "web" } });

        Assert.Equal((2 * GiB, 2, true, "two\nlines"), (config.Memory, config.Cores, config.OnBoot, config.Description));
        Assert.Equal(["lab", "prod"], config.Tags.Order(StringComparer.Ordinal));
        Assert.Empty(config.Pending);
        Assert.Equal("2048", bench.Cluster.Guest(100).Config["memory"]);
    }

    [Fact]
    public async Task What_a_running_guest_cannot_take_is_told_as_pending()
    {
        await using var bench = await ProxmoxBench.StartAsync();
        bench.Cluster.AddGuest(s_dev with { Running = true });

        var config = await bench.ChangeAsync<VmConfig>("proxmox_set_vm", new { vm = "dev", memory = "2GiB", description = "x" });

        Assert.Equal(new VmPendingChange("memory", "1024", "2048"), Assert.Single(config.Pending));
        Assert.Equal((GiB, "x"), (config.Memory, config.Description));
    }

    [Fact]
    public async Task What_is_so_already_is_not_asked_for()
    {
        await using var bench = await ProxmoxBench.StartAsync();
        bench.Cluster.AddGuest(s_dev);

        await bench.ChangeAsync<VmConfig>("proxmox_set_vm", new { vm = "dev", memory = "1GiB", tag = new[] { "WEB", "prod" }, protection = false });

        Assert.Empty(bench.Cluster.Changes);
    }

    [Fact]
    public async Task Tags_and_description_can_be_taken_away()
    {
        await using var bench = await ProxmoxBench.StartAsync();
        bench.Cluster.AddGuest(s_dev);
        await bench.ChangeAsync<VmConfig>("proxmox_set_vm", new { vm = "dev", description = "x" });

        var config = await bench.ChangeAsync<VmConfig>("proxmox_set_vm", new { vm = "dev", description = "", tag = Array.Empty<string>() });

        Assert.Equal((0, ""), (config.Tags.Count, config.Description));
    }

    [Fact]
    public async Task A_container_is_set_by_its_own_words()
    {
        await using var bench = await ProxmoxBench.StartAsync();
        bench.Cluster.AddGuest(s_web);

        var config = await bench.ChangeAsync<VmConfig>("proxmox_set_vm", new { vm = "web-1", name = "web-2", swap = "1GiB" });

        Assert.Equal(("web-2", GiB, "pve/200 (web-2)"), (config.Name, config.Swap, config.Vm.ToString()));
        Assert.Equal("rootfs", Assert.Single(config.Disks).Disk);
    }

    [Theory]
    [InlineData("""{ "vm": "web-1", "socket": 2 }""", "socket")]
    [InlineData("""{ "vm": "web-1", "memory": 1000 }""", "memory")]
    [InlineData("""{ "vm": "web-1", "addTag": ["no blanks"] }""", "addTag")]
    [InlineData("""{ "vm": "web-1", "tag": ["a"], "addTag": ["b"] }""", "tag")]
    [InlineData("""{ "vm": "web-1", "name": "no_name" }""", "name")]
    [InlineData("""{ "vm": "web-1" }""", "(input)")]
    public async Task What_cannot_be_is_refused_before_anything_is_asked(string input, string field)
    {
        await using var bench = await ProxmoxBench.StartAsync();
        bench.Cluster.AddGuest(s_web);

        var e = await bench.FailAsync("proxmox_set_vm", System.Text.Json.JsonDocument.Parse(input).RootElement);

        Assert.Equal(field, Assert.Single(Assert.IsType<InputException>(e).Problems).Field);
        Assert.Empty(bench.Cluster.Changes);
    }

    [Fact]
    public async Task A_configuration_that_has_changed_since_it_was_read_is_left_alone()
    {
        await using var bench = await ProxmoxBench.StartAsync();
        bench.Cluster.AddGuest(s_dev);
        var read = await ReadAsync(bench, "dev");
        bench.Cluster.Guest(100).Config["cores"] = "4";

        var e = await bench.FailAsync("proxmox_set_vm", new { vm = "dev", core = 2, digest = read.Digest });

        Assert.Equal((ErrorKind.Conflict, "VmConfigChanged"), (e.Kind, e.Id));
        Assert.Equal("4", bench.Cluster.Guest(100).Config["cores"]);
    }

    [Fact]
    public async Task A_change_that_fails_as_a_task_is_a_failure()
    {
        await using var bench = await ProxmoxBench.StartAsync();
        bench.Cluster.AddGuest(s_dev);
        bench.Cluster.FailNext("qmconfig", "hotplug problem - no such thing");

        var e = await bench.FailAsync("proxmox_set_vm", new { vm = "dev", core = 2 });

        Assert.Equal((ErrorKind.Failed, "ProxmoxTaskFailed"), (e.Kind, e.Id));
        Assert.Contains("hotplug problem", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_locked_guest_is_not_changed()
    {
        await using var bench = await ProxmoxBench.StartAsync();
        bench.Cluster.AddGuest(s_dev).Lock = "backup";

        var e = await bench.FailAsync("proxmox_set_vm", new { vm = "dev", core = 2 });

        Assert.Equal((ErrorKind.Conflict, "VmLocked"), (e.Kind, e.Id));
        Assert.Empty(bench.Cluster.Changes);
    }

    [Fact]
    public async Task A_change_of_which_the_answer_is_lost_is_settled_by_a_look()
    {
        await using var bench = await ProxmoxBench.StartAsync();
        bench.Cluster.AddGuest(s_web);
        bench.Cluster.Nodes[0].Fail(new ProxmoxFault { Kind = ProxmoxFaultKind.LostAfter, Method = "PUT" });

        await bench.InvokeAsync("proxmox_set_vm", new { vm = "web-1", name = "web-2" });

        Assert.Equal(ChangeStatus.Succeeded, Assert.Single(bench.Store.Changes).Status);
        Assert.Single(bench.Cluster.Changes);
    }

    [Fact]
    public async Task A_lost_change_of_a_container_that_did_not_happen_is_known_not_to_have()
    {
        await using var bench = await ProxmoxBench.StartAsync();
        bench.Cluster.AddGuest(s_web);
        bench.Cluster.Nodes[0].Fail(new ProxmoxFault { Kind = ProxmoxFaultKind.LostBefore, Method = "PUT" });

        await bench.FailAsync("proxmox_set_vm", new { vm = "web-1", name = "web-2" });

        Assert.Equal(ChangeStatus.NotDone, Assert.Single(bench.Store.Changes).Status);
    }

    [Fact]
    public async Task Who_may_only_look_may_not_change()
    {
        await using var bench = await ProxmoxBench.StartAsync(new SimulatedProxmoxOptions(), static c =>
        {
            var secret = c.AddToken("ann@pve", "t");
            c.Allow(new SimulatedAcl("/", "user", "ann@pve", "PVEAuditor"));
            return "ann@pve!t=" + secret;
        });
        bench.Cluster.AddGuest(s_dev);

        var e = await bench.FailAsync("proxmox_set_vm", new { vm = "dev", core = 2 });

        Assert.Equal(ErrorKind.Denied, e.Kind);
        Assert.Contains("VM.Config", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Metrics_come_in_order_and_without_figures_where_nothing_was_recorded()
    {
        await using var bench = await ProxmoxBench.StartAsync();
        bench.Cluster.AddGuest(s_dev with { Running = true });

        var points = await bench.QueryAsync<VmMetric>("proxmox_vm_metrics", new { vm = "dev", timeframe = "day", function = "max" });

        Assert.NotEmpty(points);
        Assert.Equal(points.OrderBy(static p => p.Time), points);
        Assert.Contains("timeframe=day&cf=MAX", bench.Cluster.Requests[^1].ToString(), StringComparison.Ordinal);
    }

    private static async Task<VmConfig> ReadAsync(ProxmoxBench bench, string vm) => Assert.Single(await bench.QueryAsync<VmConfig>("proxmox_vm_config", new { vm }));
}
