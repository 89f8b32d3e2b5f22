using Homelab.Lab.Proxmox;

namespace Homelab.UnitTests.Providers.Proxmox;

/// <summary>The agent's answers are given by the test: what they look like is in the vendor's description.</summary>
public sealed class GuestAgentTests
{
    private static readonly SimulatedGuestSpec s_dev = new() { Vmid = 100, Name = "dev", Agent = true, Running = true };

    private static readonly string[] s_command = ["systemctl", "restart", "nginx"];

    [Fact]
    public async Task An_agent_that_answers_does()
    {
        await using var bench = await ProxmoxBench.StartAsync();
        bench.Cluster.AddGuest(s_dev);
        Answer(bench, "ping", """{"data":{"result":{}}}""");

        var check = Assert.Single(await bench.QueryAsync<GuestAgentCheck>("proxmox_guest_ping", new { vm = "dev" }));

        Assert.Equal((true, true, ""), (check.Answers, check.Enabled, check.Reason));
        Assert.NotNull(check.Elapsed);
    }

    [Fact]
    public async Task An_agent_that_does_not_answer_is_a_finding_with_its_remedy()
    {
        await using var bench = await ProxmoxBench.StartAsync();
        bench.Cluster.AddGuest(s_dev);
        Answer(bench, "ping", """{"data":null,"message":"QEMU guest agent is not running\n"}""", 500);

        var check = Assert.Single(await bench.QueryAsync<GuestAgentCheck>("proxmox_guest_ping", new { vm = "dev" }));

        Assert.False(check.Answers);
        Assert.Contains("qemu-guest-agent", check.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_agent_that_is_switched_off_and_a_guest_that_is_off_are_not_asked()
    {
        await using var bench = await ProxmoxBench.StartAsync();
        bench.Cluster.AddGuest(s_dev with { Agent = false });
        bench.Cluster.AddGuest(s_dev with { Vmid = 101, Name = "off", Running = false });

        Assert.Contains("agent enabled=1", Assert.Single(await bench.QueryAsync<GuestAgentCheck>("proxmox_guest_ping", new { vm = "dev" })).Reason, StringComparison.Ordinal);
        Assert.Contains("stopped", Assert.Single(await bench.QueryAsync<GuestAgentCheck>("proxmox_guest_ping", new { vm = "off" })).Reason, StringComparison.Ordinal);
        Assert.Empty(bench.Cluster.Changes);
    }

    [Fact]
    public async Task A_node_that_is_not_reached_is_an_error_and_no_finding()
    {
        await using var bench = await ProxmoxBench.StartAsync();
        bench.Cluster.AddGuest(s_dev);
        bench.Cluster.Nodes[0].Fail(new ProxmoxFault { Kind = ProxmoxFaultKind.Unreachable, Path = "*/agent/ping" });

        var e = await Assert.ThrowsAnyAsync<HomelabException>(() => bench.QueryAsync<GuestAgentCheck>("proxmox_guest_ping", new { vm = "dev" }));

        Assert.Equal(ErrorKind.Unavailable, e.Kind);
    }

    [Fact]
    public async Task The_network_of_a_virtual_machine_is_told_by_its_agent()
    {
        await using var bench = await ProxmoxBench.StartAsync();
        bench.Cluster.AddGuest(s_dev);
        Answer(bench, "network-get-interfaces", """
            {"data":{"result":[
              {"name":"lo","ip-addresses":[{"ip-address":"127.0.0.1","ip-address-type":"ipv4","prefix":8}]},
              {"name":"ens18","hardware-address":"bc:24:11:f0:a3:74","statistics":{"rx-bytes":5,"tx-bytes":7},
               "ip-addresses":[{"ip-address":"192.168.1.20","ip-address-type":"ipv4","prefix":24},{"ip-address":"fe80::1","ip-address-type":"ipv6","prefix":64}]},
              {"name":"ens19"}]}}
            """);

        var interfaces = await bench.QueryAsync<GuestInterface>("proxmox_guest_network", new { vm = "dev" });

        Assert.Equal(["ens18", "ens19"], interfaces.Select(static i => i.Interface));
        Assert.Equal(("bc:24:11:f0:a3:74", 5, 7), (interfaces[0].Mac, interfaces[0].Received, interfaces[0].Sent));
        Assert.Equal(["192.168.1.20/24", "fe80::1/64"], interfaces[0].Addresses);
        Assert.Null(interfaces[1].Sent);
    }

    [Fact]
    public async Task The_network_of_a_container_is_told_by_its_node()
    {
        await using var bench = await ProxmoxBench.StartAsync();
        bench.Cluster.AddGuest(new SimulatedGuestSpec { Vmid = 200, Name = "web", Kind = SimulatedGuestKind.Lxc, Running = true });

        var interfaces = await bench.QueryAsync<GuestInterface>("proxmox_guest_network", new { vm = "web", loopback = true });

        Assert.Contains(interfaces, static i => i.Interface == "lo" && i.Addresses.Contains("127.0.0.1/8", StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_command_that_is_not_listed_is_denied_with_the_line_to_add()
    {
        await using var bench = await ProxmoxBench.StartAsync();
        bench.Cluster.AddGuest(s_dev);

        var e = await bench.FailAsync("proxmox_guest_exec", new { vm = "dev", command = s_command });

        Assert.Equal((ErrorKind.Denied, "CommandNotAllowed"), (e.Kind, e.Id));
        Assert.Contains("""{ run: ["systemctl", "restart", "nginx"], on: ["vm:dev@pve"] }""", e.Message, StringComparison.Ordinal);
        Assert.Empty(bench.Cluster.Changes);
    }

    [Fact]
    public async Task A_listed_command_runs_and_its_output_is_returned()
    {
        await using var bench = await AllowedAsync("100");
        Answer(bench, "exec", """{"data":{"pid":4711}}""");
        Answer(bench, "exec-status", """{"data":{"exited":0}}""");
        Answer(bench, "exec-status", """{"data":{"exited":1,"exitcode":0,"out-data":"done\n","err-data":"0123456789"}}""");

        var result = await bench.ChangeAsync<GuestCommandResult>("proxmox_guest_exec", new { vm = "dev", command = s_command, maxOutput = 8 });

        Assert.Equal((0, "done\n", "0123456…", true), (result.ExitCode, result.Output, result.Error, result.Truncated));
        var sent = Assert.Single(bench.Cluster.Changes);
        Assert.EndsWith("/agent/exec", sent.Path, StringComparison.Ordinal);
        Assert.Equal(2, bench.Cluster.Requests.Count(static r => r.Path.EndsWith("/exec-status", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_command_with_one_more_word_is_another_command()
    {
        await using var bench = await AllowedAsync("dev@pve");

        Assert.Equal("CommandNotAllowed", (await bench.FailAsync("proxmox_guest_exec", new { vm = "dev", command = new[] { "systemctl", "restart", "nginx", "--force" } })).Id);
        Assert.Equal("CommandNotAllowed", (await bench.FailAsync("proxmox_guest_exec", new { vm = "dev", command = new[] { "systemctl restart nginx" } })).Id);
    }

    [Fact]
    public async Task An_exit_code_other_than_0_is_a_failure_unless_that_is_allowed()
    {
        await using var bench = await AllowedAsync("vm:dev@*");
        for (var i = 0; i < 2; i++)
        {
            Answer(bench, "exec", """{"data":{"pid":4711}}""");
            Answer(bench, "exec-status", """{"data":{"exited":1,"exitcode":5,"err-data":"Unit nginx.service not found.\n"}}""");
        }

        var e = await bench.FailAsync("proxmox_guest_exec", new { vm = "dev", command = s_command });
        var result = await bench.ChangeAsync<GuestCommandResult>("proxmox_guest_exec", new { vm = "dev", command = s_command, allowFailure = true });

        Assert.Equal((ErrorKind.Failed, "GuestCommandFailed"), (e.Kind, e.Id));
        Assert.Contains("exit code 5: Unit nginx.service not found", e.Message, StringComparison.Ordinal);
        Assert.Equal(5, result.ExitCode);
    }

    [Fact]
    public async Task A_result_that_is_gone_leaves_the_outcome_unknown()
    {
        await using var bench = await AllowedAsync("dev");
        Answer(bench, "exec", """{"data":{"pid":4711}}""");
        Answer(bench, "exec-status", """{"data":null,"message":"Agent error: PID ld does not exist\n"}""", 500);

        var e = await bench.FailAsync("proxmox_guest_exec", new { vm = "dev", command = s_command });

        Assert.Equal(("OutcomeUnknown", "GuestCommandResultLost"), (e.Id, Assert.IsType<HomelabException>(e.InnerException).Id));
    }

    [Fact]
    public async Task A_silent_agent_runs_nothing()
    {
        await using var bench = await AllowedAsync("dev");
        Answer(bench, "exec", """{"data":null,"message":"QEMU guest agent is not running\n"}""", 500);

        var e = await bench.FailAsync("proxmox_guest_exec", new { vm = "dev", command = s_command });

        Assert.Equal((ErrorKind.Conflict, "GuestAgentSilent"), (e.Kind, e.Id));
        Assert.Equal(ChangeStatus.Failed, Assert.Single(bench.Store.Changes).Status);
    }

    [Theory]
    [InlineData("dev", null, "?console=kvm&novnc=1&resize=scale&vmid=100&vmname=dev&node=pve", ConsoleKind.Screen)]
    [InlineData("web", null, "?console=lxc&xtermjs=1&vmid=200&vmname=web&node=pve", ConsoleKind.Text)]
    public async Task The_address_of_a_console_holds_no_ticket(string vm, string? kind, string query, ConsoleKind expected)
    {
        await using var bench = await ProxmoxBench.StartAsync();
        bench.Cluster.AddGuest(s_dev);
        bench.Cluster.AddGuest(new SimulatedGuestSpec { Vmid = 200, Name = "web", Kind = SimulatedGuestKind.Lxc });

        var link = Assert.Single(await bench.QueryAsync<ConsoleLink>("proxmox_console_url", new { vm, kind }));

        Assert.Equal((new Uri(bench.Cluster.Nodes[0].Url, "/" + query).AbsoluteUri, expected), (link.Url, link.Kind));
    }

    [Fact]
    public async Task A_text_console_needs_a_serial_port()
    {
        await using var bench = await ProxmoxBench.StartAsync();
        bench.Cluster.AddGuest(s_dev);

        var e = await Assert.ThrowsAnyAsync<HomelabException>(() => bench.QueryAsync<ConsoleLink>("proxmox_console_url", new { vm = "dev", kind = "text" }));

        Assert.Equal("VmHasNoSerialPort", e.Id);
    }

    private static async Task<ProxmoxBench> AllowedAsync(string where)
    {
        var bench = await ProxmoxBench.StartAsync(new SimulatedProxmoxOptions(), lab: l => l with { Policy = new GatePolicy { Commands = [new CommandRule { Run = [.. s_command.Select(w => new WordRule { Word = w })], On = [where] }] } });
        bench.Cluster.AddGuest(s_dev);
        return bench;
    }

    private static void Answer(ProxmoxBench bench, string command, string body, int status = 200) =>
        bench.Cluster.Nodes[0].Fail(new ProxmoxFault { Kind = ProxmoxFaultKind.Answer, Path = "*/agent/" + command, Status = status, Body = body, Reason = status == 200 ? "OK" : "QEMU guest agent is not running" });
}
