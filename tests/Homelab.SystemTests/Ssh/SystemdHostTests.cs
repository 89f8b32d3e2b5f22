using Homelab.SystemTests.Deployment;
using Homelab.SystemTests.Peers;
using Homelab.Tests;

namespace Homelab.SystemTests.Ssh;

/// <summary>Units, the journal and a restart on a machine with a real systemd, over its own sshd.</summary>
[Collection(SharedDockerd.Name)]
public sealed class SystemdHostTests(DockerdPeer dockerd) : IDisposable
{
    private const string Account = "probe";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("hlsk");

    // One that stays the same when the machine is restarted.
    private int _port;
    private string _hostKey = "";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Units_are_listed_shown_and_found_failed()
    {
        await using var machine = await BootAsync();
        await machine.ShellAsync("systemctl start broken.service || true");
        await using var host = Host();

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
        Assert.True((DateTimeOffset.UtcNow - broken.Since!.Value).Duration() < TimeSpan.FromMinutes(30));
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
        await using var host = Host();

        Assert.Equal(["line 2", "line 3"], (await host.AskAsync<JournalEntry>("host_journal", new { priority = "error", grep = "^line", tail = 2 })).Select(static e => e.Message));
        Assert.Equal(["quiet"], (await host.AskAsync<JournalEntry>("host_journal", new { grep = "^qui", since = "5m" })).Select(static e => e.Message));
        var entry = Assert.Single(await host.AskAsync<JournalEntry>("host_journal", new { grep = "^line 3", boot = true }));
        Assert.Equal(("probe", JournalPriority.Error), (entry.Identifier, entry.Priority));
        Assert.True((DateTimeOffset.UtcNow - entry.At).Duration() < TimeSpan.FromMinutes(30));
        Assert.Empty(await host.AskAsync<JournalEntry>("host_journal", new { grep = "^line 3", until = "1h" }));
        Assert.All(await host.AskAsync<JournalEntry>("host_journal", new { unit = "good" }), static e => Assert.Equal("good.service", e.Unit));
        Assert.Equal("UnitNotFound", (await Assert.ThrowsAsync<HomelabException>(() => host.AskAsync<JournalEntry>("host_journal", new { unit = "no-such" }))).Id);
        await using var stranger = Host(Account);
        var e = await Assert.ThrowsAsync<HomelabException>(() => stranger.AskAsync<JournalEntry>("host_journal", new { }));
        Assert.Equal((ErrorKind.Denied, "JournalDenied"), (e.Kind, e.Id));
    }

    [Fact]
    public async Task A_unit_is_restarted_and_proved_to_run_anew_or_told_why_not()
    {
        await using var machine = await BootAsync();
        await using var host = Host();
        var before = Assert.Single(await host.AskAsync<HostUnitDetail>("host_unit_status", new { unit = "good", host = "dev" }));
        var after = await host.ChangeAsync<HostUnitDetail>("host_restart_unit", new { unit = "good", host = "dev", settle = "500ms" });
        Assert.Equal(UnitState.Active, after.State);
        Assert.NotEqual(before.InvocationId, after.InvocationId);
        Assert.NotEqual(before.MainPid, after.MainPid);

        // It starts, and dies of its settings a moment later.
        var dying = await host.FailAsync("host_restart_unit", new { unit = "dying", host = "dev" });
        Assert.Equal("UnitNotActive", dying.Id);
        Assert.Contains("exit code 4", dying.Message, StringComparison.Ordinal);
        Assert.Equal("UnitNotRestarted", (await host.FailAsync("host_restart_unit", new { unit = "broken", host = "dev" })).Id);
        Assert.Equal(UnitState.Inactive, (await host.ChangeAsync<HostUnitDetail>("host_restart_unit", new { unit = "once", host = "dev" })).State);
        await using var stranger = Host(Account);
        var denied = await stranger.FailAsync("host_restart_unit", new { unit = "good", host = "dev" });
        Assert.Equal((ErrorKind.Denied, "UnitDenied"), (denied.Kind, denied.Id));
    }

    [Fact]
    public async Task A_simulated_host_tells_of_units_and_the_journal_all_that_a_real_one_tells()
    {
        await using var machine = await BootAsync();
        await machine.ShellAsync("systemctl start broken.service || true; journalctl --sync");
        await using var real = Host();
        await using var simulated = await SimulatedMachine.StartAsync();
        simulated.Host.FailUnit("cron.service", 3);
        await HoldAsync<HostUnit>("host_list_units", new { }, new { });
        await HoldAsync<HostUnitDetail>("host_unit_status", new { unit = "good.service@dev" }, new { unit = "ssh.service@dev" });
        await HoldAsync<HostUnitDetail>("host_unit_status", new { unit = "broken.service@dev" }, new { unit = "cron.service@dev" });
        await HoldAsync<JournalEntry>("host_journal", new { tail = 50 }, new { tail = 50 });
        await HoldAsync<HostSystem>("system_info", new { }, new { });

        async Task HoldAsync<T>(string operation, object input, object other) => ToldShape.Hold(await real.AskAsync<T>(operation, input), await simulated.Machine.AskAsync<T>(operation, other));
    }

    [Fact]
    public async Task A_host_is_restarted_and_followed_until_it_is_back()
    {
        // What brings a container back is its engine; the way down is systemd's own.
        await using var machine = await BootAsync("--restart", "always");
        var before = await machine.ShellAsync("cut -d ' ' -f 22 /proc/1/stat");
        await machine.ShellAsync("touch /run/lost-with-the-restart");
        await using var host = Host();
        var seen = await host.ChangeAsync<HostSystem>("host_reboot", new { host = "dev", timeout = "10m" });
        Assert.Equal(("dev", "debian"), (seen.Host, seen.OsId));
        Assert.NotEqual(before, await machine.ShellAsync("cut -d ' ' -f 22 /proc/1/stat"));
        Assert.Equal("gone", await machine.ShellAsync("test -e /run/lost-with-the-restart || echo gone"));
        Assert.Equal(ChangeStatus.Succeeded, Assert.Single(host.Store.Changes).Status);
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private async Task<SystemdMachine> BootAsync(params string[] options)
    {
        Peer.Require("sshd", Sshd.WhyNot());
        var machine = await FreePort.StartAsync(port => SystemdMachine.BootAsync(dockerd, network: "hl", options: ["--publish", $"127.0.0.1:{_port = port}:22", .. options]));
        await WriteAsync("good", "Stays", "/bin/sleep infinity", "simple");
        await WriteAsync("broken", "Ends with three", "/bin/sh -c 'echo about to break; exit 3'", "oneshot");
        await WriteAsync("dying", "Dies soon", "/bin/sh -c 'sleep 0.3; exit 4'", "simple");
        await WriteAsync("once", "Does its work", "/bin/true", "oneshot");
        await machine.ShellAsync("systemctl daemon-reload && systemctl enable --now good.service");
        using (var keygen = System.Diagnostics.Process.Start("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", Key])) await keygen.WaitForExitAsync(Cancellation);
        await machine.WriteAsync("/etc/ssh/authorized_keys", await File.ReadAllTextAsync(Key + ".pub", Cancellation));
        await machine.WriteAsync("/etc/ssh/sshd_config.d/test.conf", "AuthorizedKeysFile /etc/ssh/authorized_keys\n");
        await machine.ShellAsync($"useradd -m -s /bin/sh {Account}; systemctl restart ssh.service");
        _hostKey = string.Join(' ', (await machine.ShellAsync("cat /etc/ssh/ssh_host_ed25519_key.pub")).Split(' ').Take(2));
        return machine;

        Task WriteAsync(string name, string description, string command, string type) =>
            machine.WriteAsync($"/etc/systemd/system/{name}.service", $"[Unit]\nDescription={description}\n[Service]\nType={type}\nExecStart={command}\n[Install]\nWantedBy=multi-user.target\n");
    }

    private string Key => Path.Combine(_folder.FullName, "key");

    private HostMachine Host(string user = "root") => new(new HostDefinition
    {
        Address = "127.0.0.1",
        Ssh = new SshDefinition { User = user, Port = _port, HostKey = _hostKey, Key = SecretReference.Parse("file:" + Key, provider: null) },
    });
}
