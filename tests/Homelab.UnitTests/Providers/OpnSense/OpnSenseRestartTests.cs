using Homelab.Lab.OpnSense;

namespace Homelab.UnitTests.Providers.OpnSense;

/// <summary>A restart that is answered with ok, whatever comes of it.</summary>
public sealed class OpnSenseRestartTests
{
    [Theory]
    [InlineData("unbound", "/api/core/service/restart/unbound")]
    [InlineData("openvpn/2", "/api/core/service/restart/openvpn/2")]
    public async Task A_service_is_restarted_when_another_process_runs(string service, string path)
    {
        await using var bench = await OpnSenseBench.StartAsync();
        var after = await bench.RestartAsync(service);
        Assert.Equal((service, true), (after.Name, after.Running));
        Assert.Equal(2, bench.Firewall.Service(service).Starts);
        Assert.Equal([$"POST {path}"], bench.Firewall.Requests.Where(static r => r.StartsWith("POST", StringComparison.Ordinal)));
        Assert.Equal($"firewall-service:{service}", Assert.Single(bench.Desk.Store.Changes).Target);
    }

    [Fact]
    public async Task A_name_in_other_letters_is_the_same_service()
    {
        await using var bench = await OpnSenseBench.StartAsync();
        Assert.Equal("unbound", (await bench.RestartAsync("Unbound")).Name);
        Assert.Equal("firewall-service:unbound", Assert.Single(bench.Desk.Store.Changes).Target);
    }

    [Fact]
    public async Task An_ok_after_which_the_same_process_runs_is_a_failure()
    {
        await using var bench = await OpnSenseBench.StartAsync();
        bench.Firewall.Fault = OpnSenseFault.Ignored;
        var error = await bench.RestartFailsAsync("unbound");
        Assert.Equal(("FirewallServiceNotRestarted", ErrorKind.Failed), (error.Id, error.Kind));
        Assert.Equal(ChangeStatus.Failed, Assert.Single(bench.Desk.Store.Changes).Status);
    }

    [Theory]
    [InlineData(OpnSenseFault.StaysDown)]
    [InlineData(OpnSenseFault.CrashLoop)]
    public async Task A_service_that_does_not_stay_up_is_a_failure(OpnSenseFault fault)
    {
        await using var bench = await OpnSenseBench.StartAsync();
        bench.Firewall.Fault = fault;
        Assert.Equal("FirewallServiceNotRunning", (await bench.RestartFailsAsync("unbound")).Id);
    }

    [Fact]
    public async Task A_stopped_service_that_runs_then_was_started()
    {
        await using var bench = await OpnSenseBench.StartAsync();
        bench.Firewall.Forbidden.Add("diagnostics");
        bench.Firewall.Service("ntpd").Running = false;
        Assert.True((await bench.RestartAsync("ntpd")).Running);
    }

    [Fact]
    public async Task What_could_never_be_seen_to_be_new_is_not_begun()
    {
        await using var bench = await OpnSenseBench.StartAsync();
        bench.Firewall.Forbidden.Add("diagnostics");
        var error = await bench.RestartFailsAsync("unbound");
        Assert.Equal(("FirewallProcessesHidden", ErrorKind.Denied, true), (error.Id, error.Kind, error.NothingHappened));
        Assert.Contains("Diagnostics: System Activity", error.WayOut, StringComparison.Ordinal);
        Assert.DoesNotContain(bench.Firewall.Requests, static r => r.StartsWith("POST", StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_runs_before_and_after_without_a_process_is_unknown_which_is_a_failure()
    {
        await using var bench = await OpnSenseBench.StartAsync();
        var error = await bench.RestartFailsAsync("pf");
        Assert.Equal("OutcomeUnknown", error.Id);
        Assert.Contains("no process of its name shows", error.ToString(), StringComparison.Ordinal);
        Assert.Equal(ChangeStatus.Unknown, Assert.Single(bench.Desk.Store.Changes).Status);
    }

    [Fact]
    public async Task An_answer_that_is_lost_is_no_failure_where_the_new_process_shows()
    {
        await using var bench = await OpnSenseBench.StartAsync();
        bench.Firewall.Fault = OpnSenseFault.AnswerLost;
        Assert.True((await bench.RestartAsync("webgui")).Running);
        Assert.Single(bench.Firewall.Requests, static r => r.StartsWith("POST", StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_answer_that_is_lost_leaves_it_unknown_where_nothing_shows()
    {
        await using var bench = await OpnSenseBench.StartAsync();
        bench.Firewall.Fault = OpnSenseFault.AnswerLost;
        Assert.Equal("OutcomeUnknown", (await bench.RestartFailsAsync("pf")).Id);
        Assert.Equal(ChangeStatus.Unknown, Assert.Single(bench.Desk.Store.Changes).Status);
    }

    [Fact]
    public async Task A_wish_that_never_arrived_is_settled_by_a_look()
    {
        await using var bench = await OpnSenseBench.StartAsync();
        bench.Firewall.Fault = OpnSenseFault.CutOff;
        Assert.Equal("FirewallServiceUnclear", (await bench.RestartFailsAsync("unbound")).Id);
        Assert.Equal(ChangeStatus.NotDone, Assert.Single(bench.Desk.Store.Changes).Status);
    }

    [Fact]
    public async Task A_key_that_may_not_restart_has_done_nothing()
    {
        await using var bench = await OpnSenseBench.StartAsync();
        bench.Firewall.Forbidden.Add("core/service/restart");
        Assert.Equal("OpnSenseRightsMissing", (await bench.RestartFailsAsync("unbound")).Id);
        Assert.Equal(1, bench.Firewall.Service("unbound").Starts);
    }

    [Theory]
    [InlineData("webgui", Requirement.AskTwice, Rules.Self)]
    [InlineData("configd", Requirement.AskTwice, Rules.Self)]
    [InlineData("openssh", Requirement.AskTwice, Rules.Self)]
    [InlineData("openvpn/1", Requirement.AskTwice, Rules.Self)]
    [InlineData("pf", Requirement.AskTwice, Rules.Self)]
    [InlineData("unbound", Requirement.Ask, Rules.Matrix)]
    public async Task A_service_by_which_we_get_in_needs_two_confirmations_of_a_machine(string service, Requirement expected, string rule)
    {
        await using var bench = await OpnSenseBench.StartAsync();
        var held = Assert.IsType<GateOutcome.Waiting>(await bench.Desk.TryAsync("opnsense_service_restart", new { service }, ApplianceDesk.Machine));
        Assert.Equal(expected, held.Decision.Verdict);
        Assert.Contains(held.Decision.Decisive, f => f.Rule == rule);
        Assert.Equal(1, bench.Firewall.Service(service).Starts);
    }

    [Theory]
    [InlineData("../../firmware/reboot")]
    [InlineData("unbound; reboot")]
    [InlineData("unbound/1/2")]
    [InlineData("")]
    public async Task A_name_that_is_none_goes_nowhere(string service)
    {
        await using var bench = await OpnSenseBench.StartAsync();
        await Assert.ThrowsAsync<InputException>(() => bench.Desk.TryAsync("opnsense_service_restart", new { service }));
        Assert.Empty(bench.Firewall.Requests);
    }
}
