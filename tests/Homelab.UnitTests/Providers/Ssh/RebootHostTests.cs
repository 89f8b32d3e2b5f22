using Homelab.Providers.Ssh;
using Homelab.Tests;
using Homelab.UnitTests.Support;

namespace Homelab.UnitTests.Providers.Ssh;

/// <summary>A host that is restarted, with the gate before it and a clock of the test's.</summary>
public sealed class RebootHostTests
{
    private const string Before = "11111111-1111-1111-1111-111111111111";
    private const string After = "22222222-2222-2222-2222-222222222222";

    private readonly MemoryGateStore _store = new();
    private readonly ManualTime _time = new();
    private readonly ToldHosts _hosts = new("dev");
    private readonly List<RemoteCommand> _wishes = [];

    // What a look meets, in order; the last one stays.
    private readonly Queue<Func<string, RemoteCommand, RemoteResult>> _looks = new();
    private Func<string, RemoteCommand, RemoteResult> _look = Up(Before, "running");
    private Func<string, RemoteCommand, RemoteResult> _handOver = static (h, c) => ToldHosts.Ended(h, c, 0);

    public RebootHostTests() => _hosts.Answer = (host, command) =>
    {
        if (!ToldHosts.IsScript(command))
        {
            _wishes.Add(command);
            return _handOver(host, command);
        }

        if (_wishes.Count > 0 && _looks.Count > 0) _look = _looks.Dequeue();
        return _look(host, command);
    };

    [Fact]
    public async Task A_host_is_restarted_when_it_is_back_with_another_start()
    {
        _looks.Enqueue(Up(Before, "stopping"));
        _looks.Enqueue(Silent("SshUnreachable"));
        _looks.Enqueue(Silent("SshDenied", ErrorKind.Denied));
        _looks.Enqueue(Up(After, "starting"));
        var host = Assert.IsType<HostSystem>(Assert.IsType<GateOutcome.Done>(await RunAsync()).Result);
        Assert.Equal((After, "starting"), (host.BootId, host.State));
        var wish = Assert.Single(_wishes);
        Assert.Equal(["systemctl", "reboot"], wish.Words);
        Assert.True(wish.AsRoot);
        Assert.Equal("host:dev", Assert.Single(_store.Changes).Target);
    }

    [Fact]
    public async Task A_container_has_started_anew_when_its_first_process_has()
    {
        _looks.Enqueue(Up(Before, "starting", first: 999));
        Assert.IsType<HostSystem>(Assert.IsType<GateOutcome.Done>(await RunAsync()).Result);
    }

    [Fact]
    public async Task Without_systemd_it_is_asked_by_reboot()
    {
        _look = Up(Before, "");
        _looks.Enqueue(Up(After, ""));
        await RunAsync();
        Assert.Equal(["reboot"], Assert.Single(_wishes).Words);
    }

    [Fact]
    public async Task A_connection_that_ends_with_the_wish_is_followed()
    {
        _handOver = Silent("SshConnectionLost");
        _looks.Enqueue(Silent("SshUnreachable"));
        _looks.Enqueue(Up(After, "running"));
        Assert.IsType<HostSystem>(Assert.IsType<GateOutcome.Done>(await RunAsync()).Result);
    }

    [Theory]
    [InlineData("Call to Reboot failed: Interactive authentication required.", ErrorKind.Denied, "RebootDenied")]
    [InlineData("Operation inhibited by \"apt\" (PID 12).", ErrorKind.Failed, "RebootRefused")]
    public async Task A_wish_that_is_refused_is_told(string said, ErrorKind kind, string id)
    {
        _handOver = (h, c) => ToldHosts.Ended(h, c, 1, error: said + "\n");
        var e = await FailAsync();
        Assert.Equal((kind, id), (e.Kind, e.Id));
        Assert.Contains(said.TrimEnd('.'), e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_host_that_never_goes_down_was_not_restarted()
    {
        _looks.Enqueue(Up(Before, "running"));
        var e = await FailAsync();
        Assert.Equal("HostNotRebooted", e.Id);
        Assert.Equal(ChangeStatus.Failed, Assert.Single(_store.Changes).Status);
    }

    [Fact]
    public async Task A_host_that_stays_away_is_unknown_and_says_since_when()
    {
        _looks.Enqueue(Silent("SshUnreachable"));
        var e = await FailAsync();
        Assert.Equal("OutcomeUnknown", e.Id);
        Assert.Contains("dev went down and was not back within 5m", e.Message, StringComparison.Ordinal);
        Assert.Equal(ChangeStatus.Unknown, Assert.Single(_store.Changes).Status);
    }

    [Fact]
    public async Task A_host_that_shows_another_key_is_not_waited_for()
    {
        _looks.Enqueue(Silent("HostKeyChanged", ErrorKind.Denied));
        Assert.Contains("dev: HostKeyChanged", (await FailAsync()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_unattended_caller_needs_a_person() =>
        Assert.IsType<GateOutcome.Waiting>(await HostBench.InvokeAsync(Gate(), "host_reboot", new RebootHost.Input { Host = "dev" }, HostBench.Hook));

    [Fact]
    public async Task The_machine_that_we_run_on_needs_two_confirmations()
    {
        Assert.SkipWhen(OwnBoot.Mark is null, "This system has no boot id.");
        var own = OwnBoot.Mark!.Split(' ');
        _look = Up(own[0], "running", int.Parse(own[1]));
        var planned = await Gate().InvokeAsync(new GateRequest { Operation = "host_reboot", Input = new RebootHost.Input { Host = "dev" }, Caller = HostBench.Person, DryRun = true }, TestContext.Current.CancellationToken);
        Assert.Contains(Assert.IsType<GateOutcome.Planned>(planned).Decision.Findings, static f => f is { Rule: Rules.Self, Verdict: Requirement.AskTwice });
    }

    private OperationGate Gate() => HostBench.Gate(new LabDefinition(), _time, _store, new RebootHost(_hosts));

    // Nobody waits for real: the clock is moved on whenever somebody begins to.
    private async Task<GateOutcome> RunAsync()
    {
        var running = HostBench.InvokeAsync(Gate(), "host_reboot", new RebootHost.Input { Host = "dev" });
        while (!running.IsCompleted)
        {
            var armed = _time.ArmedAsync(TestContext.Current.CancellationToken).AsTask();
            if (await Task.WhenAny(running, armed) == running) break;
            _time.Advance(TimeSpan.FromSeconds(2));
        }

        return await running;
    }

    private Task<HomelabException> FailAsync() => Assert.ThrowsAnyAsync<HomelabException>(RunAsync);

    private static Func<string, RemoteCommand, RemoteResult> Up(string boot, string state, int first = 8) => (host, command) => ToldHosts.Told(
        host,
        command,
        [
            ("uname", "6.1\nx86_64\n"), ("boot", $"{boot}\n S 0 1 1 0 -1 4194560 1 2 0 3 4 5 6 7 20 0 13 0 {first} 44732416\n"), ("virtualization", "kvm\n"),
            .. state.Length == 0 ? Array.Empty<(string, string)>() : [("state", state + "\n")],
        ]);

    private static Func<string, RemoteCommand, RemoteResult> Silent(string id, ErrorKind kind = ErrorKind.Unavailable) => (host, _) => throw new HomelabException(kind, id, $"{host}: {id}.", host);
}
