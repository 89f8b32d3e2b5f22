using System.Text.Json.Nodes;
using Homelab.Lab.Proxmox;

namespace Homelab.UnitTests.Providers.Proxmox;

public sealed class FirewallOperationTests
{
    private const string Set = "proxmox_set_firewall_rule";

    private static readonly JsonObject s_on = new() { ["enable"] = 1 };

    [Fact]
    public async Task A_new_rule_becomes_the_first_and_is_on()
    {
        await using var bench = await StartAsync();
        await bench.ChangeAsync<VmFirewallRule>(Set, new { vm = "dev", direction = "in", action = "DROP" });

        var rule = await bench.ChangeAsync<VmFirewallRule>(Set, new { vm = "dev", direction = "in", action = "accept", protocol = "tcp", port = "443", source = "192.168.1.0/24", comment = "web" });

        Assert.Equal((0, FirewallDirection.In, "ACCEPT", true), (rule.Position, rule.Direction, rule.Action, rule.Enabled));
        Assert.Equal(("tcp", "443", "192.168.1.0/24", "web"), (rule.Protocol, rule.Port, rule.Source, rule.Comment));
        Assert.Equal(["ACCEPT", "DROP"], (await ListAsync(bench)).Select(static r => r.Action));
    }

    [Fact]
    public async Task A_rule_without_effect_says_why()
    {
        await using var bench = await StartAsync();

        var rule = await bench.ChangeAsync<VmFirewallRule>(Set, new { vm = "dev", direction = "in", action = "DROP" });
        Assert.Equal("the firewall of the guest is off", rule.Ineffective);

        bench.Cluster.FirewallOf(100).SetOptions(s_on, []);
        Assert.Equal("the firewall of the whole cluster is off", (await ListAsync(bench))[0].Ineffective);

        bench.Cluster.Firewall.SetOptions(s_on, []);
        Assert.Empty((await ListAsync(bench))[0].Ineffective);

        Assert.Equal("it is switched off", (await bench.ChangeAsync<VmFirewallRule>(Set, new { vm = "dev", position = 0, enabled = false })).Ineffective);
    }

    [Fact]
    public async Task A_rule_is_changed_by_its_position_and_an_empty_text_takes_away()
    {
        await using var bench = await StartAsync();
        await bench.ChangeAsync<VmFirewallRule>(Set, new { vm = "dev", direction = "in", action = "ACCEPT", protocol = "tcp", port = "22", comment = "old" });

        var rule = await bench.ChangeAsync<VmFirewallRule>(Set, new { vm = "dev", position = 0, port = "2222", comment = "" });

        Assert.Equal(("ACCEPT", "tcp", "2222", "", true), (rule.Action, rule.Protocol, rule.Port, rule.Comment, rule.Enabled));
    }

    [Fact]
    public async Task A_rule_that_is_as_it_should_be_is_left_alone()
    {
        await using var bench = await StartAsync();
        await bench.ChangeAsync<VmFirewallRule>(Set, new { vm = "dev", direction = "in", action = "DROP" });
        var changes = bench.Cluster.Changes.Count;

        await bench.ChangeAsync<VmFirewallRule>(Set, new { vm = "dev", position = 0, action = "DROP", enabled = true });

        Assert.Equal(changes, bench.Cluster.Changes.Count);
    }

    [Fact]
    public async Task Rules_that_changed_since_they_were_looked_at_are_not_touched()
    {
        await using var bench = await StartAsync();
        var looked = await bench.ChangeAsync<VmFirewallRule>(Set, new { vm = "dev", direction = "in", action = "DROP" });
        await bench.ChangeAsync<VmFirewallRule>(Set, new { vm = "dev", direction = "in", action = "ACCEPT" });

        var e = await bench.FailAsync(Set, new { vm = "dev", position = 0, enabled = false, digest = looked.Digest });

        Assert.Equal((ErrorKind.Conflict, "FirewallChanged"), (e.Kind, e.Id));
        Assert.True(e.NothingHappened);
        Assert.All(await ListAsync(bench), static r => Assert.True(r.Enabled));
    }

    [Theory]
    [InlineData("""{"vm":"dev"}""", "direction")]
    [InlineData("""{"vm":"dev","direction":"in"}""", "action")]
    [InlineData("""{"vm":"dev","direction":"in","action":"allow"}""", "action")]
    [InlineData("""{"vm":"dev","direction":"forward","action":"DROP"}""", "direction")]
    [InlineData("""{"vm":"dev","position":0}""", "position")]
    public async Task What_cannot_be_a_rule_is_told_before_anybody_is_asked(string input, string field)
    {
        await using var bench = await StartAsync();

        var e = Assert.IsType<InputException>(await bench.FailAsync(Set, System.Text.Json.JsonDocument.Parse(input).RootElement));

        Assert.Contains(e.Problems, p => p.Field == field);
        Assert.Empty(bench.Cluster.Changes);
    }

    [Fact]
    public async Task A_position_without_a_rule_is_not_found()
    {
        await using var bench = await StartAsync();

        var e = await bench.FailAsync(Set, new { vm = "dev", position = 3, enabled = true });

        Assert.Equal("FirewallRuleNotFound", e.Id);
    }

    [Fact]
    public async Task A_locked_guest_is_not_touched()
    {
        await using var bench = await StartAsync("backup");

        var e = await bench.FailAsync(Set, new { vm = "dev", direction = "in", action = "DROP" });

        Assert.Equal("VmLocked", e.Id);
        Assert.Empty(bench.Cluster.Changes);
    }

    [Fact]
    public async Task A_missing_right_is_named_with_the_way_out()
    {
        await using var bench = await ProxmoxBench.StartAsync(new SimulatedProxmoxOptions(), static c =>
        {
            c.AddUser("ops@pve");
            c.Allow(new SimulatedAcl("/", "user", "ops@pve", "PVEAuditor"));
            return "ops@pve!t=" + c.AddToken("ops@pve", "t");
        });
        bench.Cluster.AddGuest(new SimulatedGuestSpec { Vmid = 100, Name = "dev" });

        var e = await bench.FailAsync(Set, new { vm = "dev", direction = "in", action = "DROP" });

        Assert.Equal((ErrorKind.Denied, "ProxmoxDenied"), (e.Kind, e.Id));
        Assert.Contains("VM.Config.Network is missing on /vms/100", e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(ProxmoxFaultKind.LostAfter, 1, nameof(ChangeStatus.Succeeded))]
    [InlineData(ProxmoxFaultKind.LostBefore, 0, nameof(ChangeStatus.NotDone))]
    public async Task A_lost_answer_is_settled_by_reading(ProxmoxFaultKind fault, int rules, string expected)
    {
        await using var bench = await StartAsync();
        bench.Cluster.Nodes[0].Fail(new ProxmoxFault { Kind = fault, Method = "POST", Path = "*/firewall/rules" });

        await Record.ExceptionAsync(() => bench.InvokeAsync(Set, new { vm = "dev", direction = "in", action = "DROP" }));

        Assert.Equal(rules, (await ListAsync(bench)).Count);
        Assert.Equal(expected, Assert.Single(bench.Store.Changes).Status.ToString());
    }

    private static async Task<ProxmoxBench> StartAsync(string? locked = null)
    {
        var bench = await ProxmoxBench.StartAsync();
        bench.Cluster.AddGuest(new SimulatedGuestSpec { Vmid = 100, Name = "dev", Config = locked is null ? new Dictionary<string, string>(StringComparer.Ordinal) : new Dictionary<string, string>(StringComparer.Ordinal) { ["lock"] = locked } });
        return bench;
    }

    private static Task<List<VmFirewallRule>> ListAsync(ProxmoxBench bench) => bench.QueryAsync<VmFirewallRule>("proxmox_list_firewall_rules", new { vm = "dev" });
}
