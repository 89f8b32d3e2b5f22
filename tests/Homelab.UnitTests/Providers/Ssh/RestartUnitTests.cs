using Homelab.Providers.Ssh;
using Homelab.UnitTests.Providers.Proxmox;
using Homelab.UnitTests.Support;

namespace Homelab.UnitTests.Providers.Ssh;

/// <summary>A unit that is restarted, with the gate before it.</summary>
public sealed class RestartUnitTests
{
    private readonly MemoryGateStore _store = new();
    private readonly ToldHosts _hosts = new("dev");
    private readonly List<IReadOnlyList<string>> _restarts = [];

    // What systemd says at each look after the restart; the last one stays.
    private readonly Queue<string> _after = new();
    private string _now = Unit("old", 100, "active", "running");
    private readonly JumpingTime _time = new();
    private int _looks;
    private RemoteResult? _answer;

    // How long an answer is on its way, by which look after the restart it is.
    private Func<int, TimeSpan> _takes = static _ => TimeSpan.Zero;
    private Exception? _lost;

    public RestartUnitTests() => _hosts.Answer = Answer;

    [Fact]
    public async Task A_restart_is_done_when_another_run_is_active_and_stays_so()
    {
        _after.Enqueue(Unit("old", 100, "deactivating", "stop-sigterm"));
        _after.Enqueue(Unit("new", 200, "activating", "start"));
        _after.Enqueue(Unit("new", 200, "active", "running"));
        var unit = await RestartAsync();
        Assert.Equal((UnitState.Active, "new"), (unit.State, unit.InvocationId));
        Assert.Equal(["systemctl", "restart", "nginx.service"], Assert.Single(_restarts));
        Assert.Equal("unit:nginx.service@dev", Assert.Single(_store.Changes).Target);
        Assert.True(_hosts.Asked.Single(static a => !ToldHosts.IsScript(a.Command)).Command.AsRoot);
    }

    [Theory]
    [InlineData("failed", "failed", "exit-code", "failed (failed), exit-code, exit code 1")]
    [InlineData("activating", "auto-restart", "exit-code", "activating (auto-restart), exit-code, exit code 1")]
    public async Task What_comes_up_and_dies_was_not_restarted(string state, string sub, string result, string says)
    {
        _after.Enqueue(Unit("new", 200, "active", "running"));
        _after.Enqueue(Unit("new", 200, state, sub, result, exit: 1));
        var e = await FailAsync();
        Assert.Equal((ErrorKind.Failed, "UnitNotActive", false), (e.Kind, e.Id, e.NothingHappened));
        Assert.Contains(says, e.Message, StringComparison.Ordinal);
        Assert.Contains("Get-HlJournal dev -Unit nginx.service", e.WayOut, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_started_again_and_again_does_not_stay_up()
    {
        _after.Enqueue(Unit("new", 200, "active", "running"));
        _after.Enqueue(Unit("newer", 300, "active", "running"));
        Assert.Equal("UnitNotActive", (await FailAsync()).Id);
    }

    [Fact]
    public async Task A_look_that_is_told_late_does_not_prove_that_it_stayed_active()
    {
        _after.Enqueue(Unit("new", 200, "active", "running"));
        _after.Enqueue(Unit("new", 200, "active", "running"));
        _after.Enqueue(Unit("new", 200, "failed", "failed", "exit-code", exit: 1));
        // It was active when it was looked at the second time, and the answer came after the time was over.
        _takes = looks => looks == 2 ? TimeSpan.FromMinutes(1) : TimeSpan.Zero;
        Assert.Equal("UnitNotActive", (await FailAsync()).Id);
    }

    [Fact]
    public async Task A_unit_that_does_its_work_and_ends_was_restarted_when_it_is_done()
    {
        _after.Enqueue(Unit("", 0, "inactive", "dead") + "Type=oneshot\n");
        Assert.Equal(UnitState.Inactive, (await RestartAsync()).State);
    }

    [Theory]
    [InlineData("Failed to restart nginx.service: Interactive authentication required.", ErrorKind.Denied, "UnitDenied", true)]
    [InlineData("sudo: a password is required", ErrorKind.Denied, "UnitDenied", true)]
    [InlineData("Job for nginx.service failed because the control process exited with error code.", ErrorKind.Failed, "UnitNotRestarted", false)]
    public async Task What_systemctl_refuses_is_told(string said, ErrorKind kind, string id, bool nothing)
    {
        _answer = new RemoteResult { Host = "dev", Words = [], ExitCode = 1, Error = said + "\n" };
        var e = await FailAsync();
        Assert.Equal((kind, id, nothing), (e.Kind, e.Id, e.NothingHappened));
        Assert.Contains(said.TrimEnd('.'), e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_unit_that_is_not_there_or_masked_is_not_restarted()
    {
        _now = "Id=nginx.service\nLoadState=not-found\nActiveState=inactive\nSubState=dead\n";
        Assert.Equal("UnitNotFound", (await FailAsync()).Id);
        _now = "Id=nginx.service\nLoadState=masked\nActiveState=inactive\nSubState=dead\n";
        Assert.Equal("UnitMasked", (await FailAsync()).Id);
        Assert.Empty(_restarts);
    }

    [Fact]
    public async Task An_alias_is_asked_for_by_the_name_that_systemd_knows()
    {
        _after.Enqueue(Unit("new", 200, "active", "running"));
        await RestartAsync(unit: "www");
        Assert.Equal("unit:nginx.service@dev", Assert.Single(_store.Changes).Target);
    }

    [Fact]
    public async Task A_lost_answer_is_settled_by_the_run_that_is_active_then()
    {
        _lost = new HomelabException(ErrorKind.Unavailable, "SshConnectionLost", "The connection to dev was lost.", "dev");
        _after.Enqueue(Unit("new", 200, "active", "running"));
        Assert.Null(Assert.IsType<GateOutcome.Done>(await InvokeAsync(HostBench.Person)).Result);
        Assert.Equal(ChangeStatus.Succeeded, Assert.Single(_store.Changes).Status);
    }

    [Theory]
    [InlineData("active", ChangeStatus.NotDone)]
    [InlineData("deactivating", ChangeStatus.Unknown)]
    public async Task A_lost_answer_with_the_same_run_is_settled_only_where_nothing_goes_on(string state, ChangeStatus status)
    {
        // Not idempotent here: a second try would hide what the look says.
        _lost = new HomelabException(ErrorKind.Timeout, "CommandTimeout", "The command was ended on dev.", "dev");
        _after.Enqueue(Unit("old", 100, state, "x"));
        await FailAsync();
        Assert.Equal(status, Assert.Single(_store.Changes).Status);
    }

    [Theory]
    [InlineData(null, false)]
    [InlineData("allow", true)]
    [InlineData("allow-bare", true)]
    [InlineData("approve", false)]
    public async Task An_unattended_caller_restarts_by_itself_only_what_the_command_policy_allows(string? rule, bool runs)
    {
        _after.Enqueue(Unit("new", 200, "active", "running"));
        var outcome = await InvokeAsync(HostBench.Hook, Lab(rule));
        if (runs) Assert.IsType<GateOutcome.Done>(outcome);
        else Assert.IsType<GateOutcome.Waiting>(outcome);
        Assert.Equal(runs ? 1 : 0, _restarts.Count);
    }

    [Fact]
    public async Task What_a_rule_denies_nobody_restarts()
    {
        var e = await Assert.ThrowsAnyAsync<HomelabException>(() => InvokeAsync(HostBench.Person, Lab("deny")));
        Assert.Equal(ErrorKind.Denied, e.Kind);
        Assert.Empty(_restarts);
    }

    [Fact]
    public async Task Where_one_spelling_is_denied_the_other_is_not_allowed()
    {
        var lab = Lab("allow");
        lab = lab with { Policy = lab.Policy with { Commands = [.. lab.Policy.Commands, .. Lab("deny").Policy.Commands] } };
        Assert.Equal(ErrorKind.Denied, (await Assert.ThrowsAnyAsync<HomelabException>(() => InvokeAsync(HostBench.Hook, lab))).Kind);
    }

    private static LabDefinition Lab(string? rule)
    {
        var lab = new LabDefinition { Hosts = new Dictionary<string, HostDefinition>(StringComparer.Ordinal) { ["dev"] = new() } };
        if (rule is null) return lab;
        var word = rule is "allow-bare" or "deny" ? "nginx" : "nginx.service";
        var verdict = rule switch { "approve" => CommandVerdict.Approve, "deny" => CommandVerdict.Deny, _ => CommandVerdict.Allow };
        CommandRule[] rules = [new CommandRule { Run = [Word("systemctl"), Word("restart"), Word(word)], On = ["host:dev"], Verdict = verdict }];
        return lab with { Policy = new GatePolicy { Commands = rules } };
    }

    private static WordRule Word(string word) => new() { Word = word };

    private async Task<HostUnitDetail> RestartAsync(string unit = "nginx") =>
        Assert.IsType<HostUnitDetail>(Assert.IsType<GateOutcome.Done>(await InvokeAsync(HostBench.Person, unit: unit)).Result);

    private Task<HomelabException> FailAsync() => Assert.ThrowsAnyAsync<HomelabException>(() => InvokeAsync(HostBench.Person));

    private Task<GateOutcome> InvokeAsync(Caller caller, LabDefinition? lab = null, string unit = "nginx")
    {
        lab ??= Lab(null);
        var gate = HostBench.Gate(lab, _time, _store, new RestartUnit(HostBench.Context(lab, _hosts, _time)));
        var input = new RestartUnit.Input { Unit = new UnitRef(unit), Host = "dev", Timeout = TimeSpan.FromMinutes(10), Settle = TimeSpan.FromMilliseconds(200) };
        return HostBench.InvokeAsync(gate, "host_restart_unit", input, caller);
    }

    private RemoteResult Answer(string host, RemoteCommand command)
    {
        if (!ToldHosts.IsScript(command))
        {
            _restarts.Add(command.Words);
            if (_answer is not null) return _answer;
            if (_after.Count > 0) _now = _after.Dequeue();
            return _lost is null ? ToldHosts.Ended(host, command, 0) : throw _lost;
        }

        var told = ToldHosts.Told(host, command, ("units", _now), ("log", ""));
        if (_restarts.Count > 0) _time.Jump(_takes(++_looks));
        if (_restarts.Count > 0 && _after.Count > 0) _now = _after.Dequeue();
        return told;
    }

    private static string Unit(string invocation, long at, string state, string sub, string result = "success", int exit = 0) =>
        $"Id=nginx.service\nLoadState=loaded\nActiveState={state}\nSubState={sub}\nResult={result}\nExecMainStatus={exit}\nExecMainExitTimestampMonotonic={exit}\nInvocationID={invocation}\nActiveEnterTimestampMonotonic={at}\n";
}
