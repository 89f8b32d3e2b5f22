using System.Text.Json;
using Homelab.Lab.Proxmox;

namespace Homelab.SystemTests.Web.Rest;

/// <summary>The routes that look: what they answer, and what they say when there is nobody to ask.</summary>
public sealed class RestReadTests
{
    private static readonly string[] s_vmFields =
        ["vmid", "name", "node", "type", "status", "cpu", "cpus", "memory", "maxmem", "disk", "maxdisk", "uptime", "tags", "pool", "lock", "template", "stale"];

    [Fact]
    public async Task All_guests_are_listed_as_the_old_clients_expect_them()
    {
        await using var bench = await RestBench.OpenAsync();
        var vms = (await bench.GetAsync("/api/vms")).Is(200).EnumerateArray().ToArray();
        Assert.Equal([100, 102, 103, 110, 111, 9000], vms.Select(v => v.GetProperty("vmid").GetInt32()));
        Assert.All(vms, vm => Assert.Equal(s_vmFields, RestReply.Names(vm)));
        // The user's own example: jq '.[] | {vmid, name, status, cpu, memory}'.
        var dev = vms[0];
        Assert.Equal(("dev", "pve", "qemu", "running"), (dev.GetProperty("name").GetString(), dev.GetProperty("node").GetString(), dev.GetProperty("type").GetString(), dev.GetProperty("status").GetString()));
        Assert.InRange(dev.GetProperty("cpu").GetDouble(), 0.001, 1);
        Assert.Equal((8, 8L << 30, 16L << 30), (dev.GetProperty("cpus").GetInt32(), dev.GetProperty("memory").GetInt64(), dev.GetProperty("maxmem").GetInt64()));
        Assert.Equal(["docker", "prod"], dev.GetProperty("tags").EnumerateArray().Select(t => t.GetString()));
        Assert.Equal("homelab", dev.GetProperty("pool").GetString());
        Assert.Equal(["lxc", "qemu"], vms.Select(v => v.GetProperty("type").GetString()).Distinct().Order(StringComparer.Ordinal));
        Assert.Equal([9000], vms.Where(v => v.GetProperty("template").GetBoolean()).Select(v => v.GetProperty("vmid").GetInt32()));
        Assert.Equal("stopped", vms[3].GetProperty("status").GetString());
        Assert.DoesNotContain(vms, v => v.GetProperty("stale").GetBoolean());
        Assert.Contains(await bench.AuditAsync(), l => l is { Kind: AuditKind.Read, Trigger: "rest", Identity: "dashboard", Operation: "proxmox_list_vms", Result: "6 items" });
    }

    [Fact]
    public async Task Nodes_are_listed_with_what_they_have_and_use()
    {
        await using var bench = await RestBench.OpenAsync();
        await bench.Cluster.Node("pve2").GoDownAsync();
        var nodes = (await bench.GetAsync("/api/nodes", RestBench.Console)).Is(200).EnumerateArray().ToArray();
        Assert.Equal([("pve", "online", false), ("pve2", "offline", true)], nodes.Select(n => (n.GetProperty("node").GetString(), n.GetProperty("status").GetString(), n.GetProperty("stale").GetBoolean())));
        Assert.All(nodes, n => Assert.Equal(["node", "status", "cpu", "maxcpu", "memory", "maxmem", "disk", "maxdisk", "uptime", "stale"], RestReply.Names(n)));
        Assert.Equal((8, 64L << 30, 100L << 30, 12L << 30), (nodes[0].GetProperty("maxcpu").GetInt32(), nodes[0].GetProperty("maxmem").GetInt64(), nodes[0].GetProperty("maxdisk").GetInt64(), nodes[0].GetProperty("disk").GetInt64()));
        Assert.Equal(0.05, nodes[0].GetProperty("cpu").GetDouble(), 3);
    }

    [Fact]
    public async Task Storages_are_listed_with_their_space_and_a_shared_one_once()
    {
        await using var bench = await RestBench.OpenAsync();
        await bench.Cluster.Node("pve2").GoDownAsync();
        var storages = (await bench.GetAsync("/api/storage", RestBench.Console)).Is(200).EnumerateArray().ToArray();
        Assert.All(storages, s => Assert.Equal(["storage", "node", "type", "content", "shared", "active", "used", "total", "available", "fraction", "stale"], RestReply.Names(s)));
        Assert.Equal([("local", "pve"), ("local", "pve2"), ("nas", "pve")], storages.Select(s => (s.GetProperty("storage").GetString(), s.GetProperty("node").GetString())));
        var nas = storages[2];
        Assert.Equal(("nfs", true, true, false), (nas.GetProperty("type").GetString(), nas.GetProperty("shared").GetBoolean(), nas.GetProperty("active").GetBoolean(), nas.GetProperty("stale").GetBoolean()));
        Assert.Equal((3L << 40, 8L << 40, 5L << 40, 0.375), (nas.GetProperty("used").GetInt64(), nas.GetProperty("total").GetInt64(), nas.GetProperty("available").GetInt64(), nas.GetProperty("fraction").GetDouble()));
        Assert.Equal(["backup", "images", "iso", "rootdir", "vztmpl"], nas.GetProperty("content").EnumerateArray().Select(c => c.GetString()));
        Assert.Equal((JsonValueKind.Null, true), (storages[1].GetProperty("active").ValueKind, storages[1].GetProperty("stale").GetBoolean()));
    }

    [Fact]
    public async Task The_cluster_tells_its_majority_and_its_nodes()
    {
        await using var bench = await RestBench.OpenAsync();
        var cluster = (await bench.GetAsync("/api/cluster/status", RestBench.Viewer)).Is(200);
        Assert.Equal(["name", "quorate", "nodes", "version", "stale"], RestReply.Names(cluster));
        Assert.Equal(("thinmint", true, "9.1.9", false), (cluster.GetProperty("name").GetString(), cluster.GetProperty("quorate").GetBoolean(), cluster.GetProperty("version").GetString(), cluster.GetProperty("stale").GetBoolean()));
        Assert.Equal([("pve", true, "192.168.100.10"), ("pve2", true, "192.168.100.11")], cluster.GetProperty("nodes").EnumerateArray().Select(n => (n.GetProperty("name").GetString(), n.GetProperty("online").GetBoolean(), n.GetProperty("ip").GetString())));
        await bench.Cluster.Node("pve2").GoDownAsync();
        cluster = (await bench.GetAsync("/api/cluster/status", RestBench.Viewer)).Is(200);
        Assert.Equal([true, false], cluster.GetProperty("nodes").EnumerateArray().Select(n => n.GetProperty("online").GetBoolean()));
    }

    [Theory]
    [InlineData("/api/nodes")]
    [InlineData("/api/storage")]
    public async Task What_the_catalog_holds_for_configuration_needs_that_level_here_too(string path)
    {
        await using var bench = await RestBench.OpenAsync();
        var reply = await bench.GetAsync(path);
        Assert.Equal((403, "LevelTooLow"), (reply.Status, reply.Problem()));
        Assert.Empty(bench.Cluster.Requests);
    }

    [Theory]
    [InlineData("100")]
    [InlineData("dev")]
    [InlineData("DEV")]
    [InlineData("pve%2F100")]
    [InlineData("pve%2fdev")]
    [InlineData("dev@pve")]
    [InlineData("%31%30%30")]
    public async Task One_guest_is_found_by_whatever_names_it(string vmid)
    {
        await using var bench = await RestBench.OpenAsync();
        var vm = (await bench.GetAsync($"/api/vms/{vmid}/status")).Is(200);
        Assert.Equal(s_vmFields, RestReply.Names(vm));
        Assert.Equal((100, "dev", "running", false), (vm.GetProperty("vmid").GetInt32(), vm.GetProperty("name").GetString(), vm.GetProperty("status").GetString(), vm.GetProperty("stale").GetBoolean()));
    }

    [Theory]
    [InlineData("..%2f100")]
    [InlineData("..%2f..%2fnodes%2fpve%2fstatus")]
    [InlineData("pve%2f..%2f100")]
    [InlineData("%252e%252e%252f100")]
    [InlineData("100%22")]
    [InlineData("'%20OR%201=1--")]
    [InlineData("100;rm%20-rf")]
    [InlineData("100%0d%0aX-Evil:%201")]
    [InlineData("%e2%80%ae100")]
    [InlineData("99")]
    [InlineData("-1")]
    [InlineData("1e3")]
    [InlineData("99999999999999999999")]
    [InlineData("*")]
    [InlineData("pve%2f")]
    [InlineData("%20")]
    public async Task What_names_no_guest_is_refused_before_anybody_is_asked(string vmid)
    {
        await using var bench = await RestBench.OpenAsync();
        foreach (var reply in new[] { await bench.GetAsync($"/api/vms/{vmid}/status"), await bench.PostAsync($"/api/vms/{vmid}/stop") })
        {
            // A name that could be one is asked for: 1e3 is a legal name of a host.
            var expected = vmid == "1e3" ? (404, "VmNotFound") : (400, "VmidInvalid");
            Assert.Equal(expected, (reply.Status, reply.Problem()));
        }

        if (vmid != "1e3") Assert.Empty(bench.Cluster.Requests);
        Assert.Empty(bench.Cluster.Changes);
    }

    [Theory]
    [InlineData(300)]
    [InlineData(60_000)]
    public async Task A_very_long_name_is_answered_shortly(int length)
    {
        await using var bench = await RestBench.OpenAsync();
        var reply = await bench.GetAsync($"/api/vms/{new string('x', length)}/status");
        Assert.Equal((400, "VmidInvalid"), (reply.Status, reply.Problem()));
        Assert.Empty(bench.Cluster.Requests);
    }

    [Fact]
    public async Task A_guest_that_is_not_there_is_not_found()
    {
        await using var bench = await RestBench.OpenAsync();
        var reply = await bench.GetAsync("/api/vms/infar/status");
        Assert.Equal((404, "VmNotFound"), (reply.Status, reply.Problem()));
        Assert.Contains("infra", reply.Body, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/api/vms")]
    [InlineData("/api/vms/100/status")]
    [InlineData("/api/nodes")]
    [InlineData("/api/storage")]
    [InlineData("/api/cluster/status")]
    public async Task A_head_has_no_body_and_another_method_is_none(string path)
    {
        await using var bench = await RestBench.OpenAsync();
        var head = await bench.SendAsync(HttpMethod.Head, path, RestBench.Console, body: null, known: null);
        Assert.Equal((200, ""), (head.Status, head.Body));
        using var put = new HttpRequestMessage(HttpMethod.Put, path);
        using var refused = await bench.Web.Http.SendAsync(put, TestContext.Current.CancellationToken);
        Assert.Equal(405, (int)refused.StatusCode);
    }

    [Fact]
    public async Task Who_has_the_answer_already_hears_only_that()
    {
        await using var bench = await RestBench.OpenAsync();
        // What is off does not change by itself; the list is only asked the first time.
        var first = await bench.GetAsync("/api/vms/110/status");
        first.Is(200);
        var again = await bench.GetAsync("/api/vms/110/status", known: first.Headers.ETag!.ToString());
        Assert.Equal((304, ""), (again.Status, again.Body));
        bench.Cluster.Guest(110).StartByHand();
        Assert.Equal("running", (await bench.GetAsync("/api/vms/110/status", known: first.Headers.ETag!.ToString())).Is(200).GetProperty("status").GetString());
    }

    [Fact]
    public async Task What_a_silent_node_owns_is_unknown_and_said_to_be_stale()
    {
        await using var bench = await RestBench.OpenAsync();
        await bench.Cluster.Node("pve2").GoDownAsync();
        var reply = await bench.GetAsync("/api/vms");
        var vms = reply.Is(200).EnumerateArray().ToDictionary(v => v.GetProperty("vmid").GetInt32());
        // This is an answer of now: it has no age.
        Assert.Null(reply.Headers.Age);
        foreach (var (vmid, vm) in vms)
        {
            var isLost = vmid is 110 or 111;
            Assert.Equal(isLost, vm.GetProperty("stale").GetBoolean());
            Assert.Equal(isLost, vm.GetProperty("status").GetString() == "unknown");
        }

        var status = await bench.GetAsync("/api/vms/backup/status");
        var one = status.Is(200);
        Assert.Equal((111, "unknown", true), (one.GetProperty("vmid").GetInt32(), one.GetProperty("status").GetString(), one.GetProperty("stale").GetBoolean()));
        Assert.Null(status.Headers.Age);
    }

    [Fact]
    public async Task When_nobody_answers_it_is_told_what_was_seen_last_and_how_long_ago()
    {
        await using var bench = await RestBench.OpenAsync();
        foreach (var path in (string[])["/api/vms", "/api/nodes", "/api/storage", "/api/cluster/status"]) (await bench.GetAsync(path, RestBench.Console)).Is(200);
        await GoDownAsync(bench);
        var reply = await bench.GetAsync("/api/vms", token: RestBench.Viewer);
        var vms = reply.Is(200).EnumerateArray().ToArray();
        Assert.Equal(6, vms.Length);
        Assert.All(vms, v => Assert.True(v.GetProperty("stale").GetBoolean() && v.GetProperty("status").GetString() == "unknown"));
        Assert.Equal(8L << 30, vms[0].GetProperty("memory").GetInt64());
        Assert.InRange(reply.Headers.Age!.Value.TotalSeconds, 0, 600);

        // Nothing that looks like now is left in the others.
        reply = await bench.GetAsync("/api/nodes", RestBench.Console);
        Assert.All(reply.Is(200).EnumerateArray(), n => Assert.True(n.GetProperty("stale").GetBoolean() && n.GetProperty("status").GetString() == "unknown"));
        Assert.NotNull(reply.Headers.Age);
        reply = await bench.GetAsync("/api/storage", RestBench.Console);
        Assert.All(reply.Is(200).EnumerateArray(), s => Assert.True(s.GetProperty("stale").GetBoolean() && s.GetProperty("active").ValueKind == JsonValueKind.Null));
        Assert.NotNull(reply.Headers.Age);
        reply = await bench.GetAsync("/api/cluster/status");
        var cluster = reply.Is(200);
        Assert.True(cluster.GetProperty("stale").GetBoolean() && cluster.GetProperty("quorate").ValueKind == JsonValueKind.Null);
        Assert.All(cluster.GetProperty("nodes").EnumerateArray(), n => Assert.Equal(JsonValueKind.Null, n.GetProperty("online").ValueKind));
        Assert.NotNull(reply.Headers.Age);

        // Seen in the list only, and asked for by itself.
        reply = await bench.GetAsync("/api/vms/pve%2Fdev/status");
        Assert.True(reply.Is(200).GetProperty("stale").GetBoolean());
        Assert.NotNull(reply.Headers.Age);
        reply = await bench.GetAsync("/api/vms/104/status");
        Assert.Equal((503, "ProxmoxUnreachable"), (reply.Status, reply.Problem()));
        reply = await bench.PostAsync("/api/vms/110/start");
        Assert.Equal((503, "ProxmoxUnreachable"), (reply.Status, reply.Problem()));
    }

    [Theory]
    [InlineData("/api/vms")]
    [InlineData("/api/vms/100/status")]
    [InlineData("/api/nodes")]
    [InlineData("/api/storage")]
    [InlineData("/api/cluster/status")]
    public async Task When_nobody_answers_and_nothing_was_seen_it_is_unavailable(string path)
    {
        await using var bench = await RestBench.OpenAsync();
        await GoDownAsync(bench);
        var reply = await bench.GetAsync(path, RestBench.Console);
        Assert.Equal((503, "ProxmoxUnreachable"), (reply.Status, reply.Problem()));
    }

    [Fact]
    public async Task A_refused_login_is_told_and_not_covered_by_an_old_answer()
    {
        await using var bench = await RestBench.OpenAsync();
        (await bench.GetAsync("/api/vms")).Is(200);
        bench.Cluster.Revoke("homelab@pve!lab");
        var reply = await bench.GetAsync("/api/vms");
        Assert.NotEqual(200, reply.Status);
        Assert.StartsWith("Proxmox", reply.Problem(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Foreign_names_come_through_as_data()
    {
        await using var bench = await RestBench.OpenAsync();
        bench.Cluster.Guest(110).Config["name"] = "a\"<script>alert(1)</script>";
        var vms = (await bench.GetAsync("/api/vms")).Is(200).EnumerateArray();
        Assert.Equal("a\"<script>alert(1)</script>", vms.Single(v => v.GetProperty("vmid").GetInt32() == 110).GetProperty("name").GetString());
        Assert.DoesNotContain("<script>", (await bench.GetAsync("/api/vms")).Body, StringComparison.Ordinal);
    }

    private static async Task GoDownAsync(RestBench bench)
    {
        foreach (var node in bench.Cluster.Nodes) await node.GoDownAsync();
    }
}
