using System.Text.Json;
using Homelab.Providers.Ssh;
using Homelab.SystemTests.Deployment;
using Homelab.SystemTests.Peers;
using Homelab.Tests;
using Homelab.UnitTests.Support;

namespace Homelab.SystemTests.Ssh;

/// <summary>Units, the journal and a restart on a machine with a real systemd.</summary>
[Collection(SharedDockerd.Name)]
public sealed class SystemdHostTests(DockerdPeer dockerd)
{
    private readonly MemoryGateStore _store = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Units_are_listed_shown_and_found_failed()
    {
        await using var machine = await BootAsync();
        await machine.ShellAsync("systemctl start broken.service || true");
        using var host = Host(machine);

        var services = await host.AskAsync<HostUnit>("host_list_units", new { });
        Assert.All(services, static u => Assert.EndsWith(".service", u.Name, StringComparison.Ordinal));
        Assert.Equal(UnitState.Active, services.Single(static u => u.Name == "good.service").State);
        Assert.Contains(await host.AskAsync<HostUnit>("host_list_units", new { type = "*" }), static u => u.Name == "multi-user.target");
        var failed = Assert.Single(await host.AskAsync<HostUnit>("host_list_units", new { failed = true }), static u => u.Name == "broken.service");
        Assert.Equal((UnitState.Failed, "exit-code", "Ends with three"), (failed.State, failed.Result, failed.Description));
        Assert.Equal("good.service", Assert.Single(await host.AskAsync<HostUnit>("host_list_units", new { unit = "goo?" })).Name);

        var broken = Assert.Single(await host.AskAsync<HostUnitDetail>("host_unit_status", new { unit = "broken", host = "dev" }));
        Assert.Equal((UnitState.Failed, 3, null, "/etc/systemd/system/broken.service"), (broken.State, broken.ExitCode, broken.MainPid, broken.Path));
        Assert.Contains(broken.Log, static e => e.Message == "about to break");
        Assert.True((DateTimeOffset.UtcNow - broken.Since!.Value).Duration() < TimeSpan.FromMinutes(5));
        var good = Assert.Single(await host.AskAsync<HostUnitDetail>("host_unit_status", new { unit = "good.service@dev" }));
        Assert.True(good is { State: UnitState.Active, MainPid: > 1, InvocationId.Length: 32 });
        Assert.Equal("UnitNotFound", (await Assert.ThrowsAsync<HomelabException>(() => host.AskAsync<HostUnitDetail>("host_unit_status", new { unit = "no-such", host = "dev" }))).Id);
        Assert.True(Assert.Single(await host.AskAsync<HostSystem>("system_info", new { })) is { State: "degraded", FailedUnits: > 0, OsId: "debian" });
        Assert.Equal("good.service", (await host.AskAsync<RunningProcess>("host_processes", new { first = 1000 })).Single(p => p.Pid == good.MainPid).Unit);
    }

    [Fact]
    public async Task The_journal_is_read_by_unit_age_weight_and_text()
    {
        await using var machine = await BootAsync();
        await machine.ShellAsync("for i in 1 2 3; do logger -t probe -p user.err \"line $i\"; done; logger -t probe -p user.info quiet; journalctl --sync");
        using var host = Host(machine);

        Assert.Equal(["line 2", "line 3"], (await host.AskAsync<JournalEntry>("host_journal", new { priority = "error", tail = 2 })).Select(static e => e.Message));
        Assert.Equal(["quiet"], (await host.AskAsync<JournalEntry>("host_journal", new { grep = "^qui", since = "5m" })).Select(static e => e.Message));
        var entry = Assert.Single(await host.AskAsync<JournalEntry>("host_journal", new { grep = "^line 3", boot = true }));
        Assert.Equal(("probe", JournalPriority.Error), (entry.Identifier, entry.Priority));
        Assert.True((DateTimeOffset.UtcNow - entry.At).Duration() < TimeSpan.FromMinutes(5));
        Assert.Empty(await host.AskAsync<JournalEntry>("host_journal", new { grep = "^line 3", until = "1h" }));
        Assert.All(await host.AskAsync<JournalEntry>("host_journal", new { unit = "good" }), static e => Assert.Equal("good.service", e.Unit));
        Assert.Equal("UnitNotFound", (await Assert.ThrowsAsync<HomelabException>(() => host.AskAsync<JournalEntry>("host_journal", new { unit = "no-such" }))).Id);
        var e = await Assert.ThrowsAsync<HomelabException>(() => Host(machine, "nobody").AskAsync<JournalEntry>("host_journal", new { }));
        Assert.Equal((ErrorKind.Denied, "JournalDenied"), (e.Kind, e.Id));
    }

    [Fact]
    public async Task A_unit_is_restarted_and_proved_to_run_anew_or_told_why_not()
    {
        await using var machine = await BootAsync();
        using var host = Host(machine);
        var before = Assert.Single(await host.AskAsync<HostUnitDetail>("host_unit_status", new { unit = "good", host = "dev" }));
        var after = Assert.IsType<HostUnitDetail>(Assert.IsType<GateOutcome.Done>(await InvokeAsync(machine, "host_restart_unit", new { unit = "good", host = "dev", settle = "500ms" })).Result);
        Assert.Equal(UnitState.Active, after.State);
        Assert.NotEqual(before.InvocationId, after.InvocationId);
        Assert.NotEqual(before.MainPid, after.MainPid);

        // It starts, and dies of its settings a moment later.
        var dying = await Assert.ThrowsAnyAsync<HomelabException>(() => InvokeAsync(machine, "host_restart_unit", new { unit = "dying", host = "dev" }));
        Assert.Equal("UnitNotActive", dying.Id);
        Assert.Contains("exit code 4", dying.Message, StringComparison.Ordinal);
        Assert.Equal("UnitNotRestarted", (await Assert.ThrowsAnyAsync<HomelabException>(() => InvokeAsync(machine, "host_restart_unit", new { unit = "broken", host = "dev" }))).Id);
        Assert.Equal(UnitState.Inactive, Assert.IsType<HostUnitDetail>(Assert.IsType<GateOutcome.Done>(await InvokeAsync(machine, "host_restart_unit", new { unit = "once", host = "dev" })).Result).State);
        var denied = await Assert.ThrowsAnyAsync<HomelabException>(() => InvokeAsync(machine, "host_restart_unit", new { unit = "good", host = "dev" }, "nobody"));
        Assert.Equal((ErrorKind.Denied, "UnitDenied"), (denied.Kind, denied.Id));
    }

    [Fact]
    public async Task A_host_is_restarted_and_followed_until_it_is_back()
    {
        // What brings a container back is its engine; the way down is systemd's own.
        await using var machine = await BootAsync("--restart", "always");
        var before = await machine.ShellAsync("cut -d ' ' -f 22 /proc/1/stat");
        await machine.ShellAsync("touch /run/lost-with-the-restart");
        var host = Assert.IsType<HostSystem>(Assert.IsType<GateOutcome.Done>(await InvokeAsync(machine, "host_reboot", new { host = "dev", timeout = "1m" })).Result);
        Assert.Equal("dev", host.Host);
        Assert.NotEqual(before, await machine.ShellAsync("cut -d ' ' -f 22 /proc/1/stat"));
        Assert.Equal("gone", await machine.ShellAsync("test -e /run/lost-with-the-restart || echo gone"));
        Assert.Equal(ChangeStatus.Succeeded, Assert.Single(_store.Changes).Status);
    }

    private async Task<SystemdMachine> BootAsync(params string[] options)
    {
        var machine = await SystemdMachine.BootAsync(dockerd, options: options);
        await WriteAsync("good", "Stays", "/bin/sleep infinity", "simple");
        await WriteAsync("broken", "Ends with three", "/bin/sh -c 'echo about to break; exit 3'", "oneshot");
        await WriteAsync("dying", "Dies soon", "/bin/sh -c 'sleep 0.3; exit 4'", "simple");
        await WriteAsync("once", "Does its work", "/bin/true", "oneshot");
        await machine.ShellAsync("systemctl daemon-reload && systemctl start good.service");
        return machine;

        Task WriteAsync(string name, string description, string command, string type) =>
            machine.WriteAsync($"/etc/systemd/system/{name}.service", $"[Unit]\nDescription={description}\n[Service]\nType={type}\nExecStart={command}\n");
    }

    private HostMachine Host(SystemdMachine machine, string user = "root") => new(Shell(machine, user));

    private ShellHosts Shell(SystemdMachine machine, string user) => new(["docker", "--host", dockerd.Endpoint, "exec", "--user", user, machine.Id]);

    private Task<GateOutcome> InvokeAsync(SystemdMachine machine, string operation, object input, string user = "root")
    {
        var lab = new LabDefinition { Hosts = new Dictionary<string, HostDefinition>(StringComparer.Ordinal) { ["dev"] = new() } };
        var context = new ProviderContext(lab, AppContext.BaseDirectory, new Secretless(), TimeProvider.System) { Remote = Shell(machine, user) };
        var gate = new OperationGate(
            new OperationCatalog(new HostProvider(context).Operations), new Decider(new AccessPolicy(), new GatePolicy(), []), new ActionLimits(), _store, new ApprovalDesk(_store, new ApprovalPolicy(), TimeProvider.System), new SecretRedactor(), TimeProvider.System);
        return gate.InvokeAsync(new GateRequest { Operation = operation, Json = JsonSerializer.SerializeToElement(input), Caller = new Caller(Face.Interactive, "test"), Confirmation = new Yes() }, Cancellation);
    }

    private sealed class Yes : IConfirmation
    {
        public ValueTask<bool> ConfirmAsync(Intent intent, Decision decision, int number, CancellationToken cancellationToken) => ValueTask.FromResult(true);
    }

    private sealed class Secretless : ISecretSource
    {
        public ValueTask<Secret> ResolveAsync(SecretReference reference, CancellationToken cancellationToken) => throw new InvalidOperationException("No secret is needed here.");
    }
}
