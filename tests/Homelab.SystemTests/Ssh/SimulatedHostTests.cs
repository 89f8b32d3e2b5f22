using Homelab.Lab.Hosts;
using Homelab.Providers.Ssh;
using Homelab.SystemTests.Peers;
using Homelab.Tests;

namespace Homelab.SystemTests.Ssh;

/// <summary>The simulated host over the system's own ssh, held against a real one that is asked the very same.</summary>
public sealed class SimulatedHostTests
{
    private static readonly string[] s_proc = ["uptime", "load", "total", "totals"];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task It_tells_all_that_a_real_host_tells()
    {
        Peer.Require("sshd", Sshd.WhyNot());
        await using var real = await HostMachine.StartAsync(tools: null);
        await using var simulated = await SimulatedMachine.StartAsync();
        await HoldAsync<HostSystem>("system_info", new { });
        await HoldAsync<HostMemory>("host_memory", new { });
        await HoldAsync<HostDisk>("host_disk_usage", new { patience = "20s" });
        await HoldAsync<HostDisk>("host_disk_usage", new { all = true, patience = "20s" });
        await HoldAsync<HostMount>("host_mounts", new { all = true, patience = "20s" });
        await HoldAsync<RunningProcess>("host_processes", new { first = 100 });

        async Task HoldAsync<T>(string operation, object input) => ToldShape.Hold(await real.AskAsync<T>(operation, input), await simulated.Machine.AskAsync<T>(operation, input), "problem", "server");
    }

    [Fact]
    public async Task Its_scripts_have_the_sections_and_the_lines_of_proc_that_a_real_host_has()
    {
        Peer.Require("sshd", Sshd.WhyNot());
        await using var sshd = new Sshd();
        await sshd.StartAsync([]);
        await using var real = Open(sshd.Host());
        await using var simulated = await SimulatedMachine.StartAsync();
        await using var other = Open(simulated.Definition);
        foreach (var (script, words) in ((HostScript, string[])[])[(SystemReader.Script, []), (MemoryReader.Script, []), (DiskReader.Script, ["3"]), (MountReader.Script, ["3"]), (ProcessReader.Script, [])])
        {
            var (there, here) = (await script.RunAsync(real, "dev", Cancellation, words), await script.RunAsync(other, "dev", Cancellation, words));
            foreach (var name in (string[])["kernel", "uname", "name", "os", "uptime", "load", "memory", "stat", "boot", "mounts", "sizes", "passwd", "total", "first", "before", "totals", "after", "status", "cgroup"])
            {
                Assert.True(there.Find(name) is null == here.Find(name) is null, $"'{name}' is told by one of the two only.");
                if (s_proc.Contains(name, StringComparer.Ordinal) && there.Find(name) is not null) Assert.Equal(Fields(there.Line(name)), Fields(here.Line(name)));
            }

            // The second of them is the first process.
            if (there.Find("boot") is not null) Assert.Equal(Fields(there.Lines("boot")[1]), Fields(here.Lines("boot")[1]));
            if (there.Find("sizes") is not null) Assert.Equal(Fields(there.Lines("sizes").First(static l => l.Contains(" stat ", StringComparison.Ordinal))), Fields(here.Lines("sizes")[0]));
            if (there.Find("memory") is not null) Assert.Empty(MemoryReader.Table(here.Text("memory")).Keys.Except(MemoryReader.Table(there.Text("memory")).Keys, StringComparer.Ordinal));
        }

        static SshHosts Open(HostDefinition host) =>
            new(new ProviderContext(new LabDefinition { Hosts = new Dictionary<string, HostDefinition>(StringComparer.Ordinal) { ["dev"] = host } }, AppContext.BaseDirectory, null!, TimeProvider.System), SshBench.Patient);

        static int Fields(string line) => line.Split((char[])[' ', '\t'], StringSplitOptions.RemoveEmptyEntries).Length;
    }

    [Fact]
    public async Task What_is_set_there_is_what_is_told()
    {
        await using var simulated = await SimulatedMachine.StartAsync();
        var (host, machine) = (simulated.Host, simulated.Machine);
        host.FileSystem("/").Used = host.Spec.Disk * 95 / 100;
        host.MemoryOwn = host.Spec.Memory / 2;
        host.RebootPackages.Add("linux-image-amd64");
        host.Updates.Add(new SimulatedPackageUpdate("openssl", "3.5.1-1", "3.5.4-1~deb13u1", "Debian-Security:13/stable-security"));
        host.FailUnit("cron.service", 3);
        host.WriteJournal("gitea", "ssh.service", "Something is odd", priority: 3);

        Assert.Equal(host.FullnessOf("/"), (await machine.AskAsync<HostDisk>("host_disk_usage", new { })).Single(static d => d.Mount == "/").Fraction!.Value, 3);
        var memory = Assert.Single(await machine.AskAsync<HostMemory>("host_memory", new { }));
        Assert.Equal((host.Spec.Memory, host.MemoryUsed), (memory.Total, memory.Used));
        var system = Assert.Single(await machine.AskAsync<HostSystem>("system_info", new { }));
        Assert.Equal((true, "degraded", 1, host.BootId, "kvm"), (system.RebootPending, system.State, system.FailedUnits, system.BootId, system.Virtualization));
        Assert.Equal(("openssl", true), (await machine.AskAsync<HostUpdate>("host_updates", new { })).Select(static u => (u.Package, u.Security!.Value)).Single());
        Assert.Equal("cron.service", Assert.Single(await machine.AskAsync<HostUnit>("host_list_units", new { failed = true })).Name);
        var cron = Assert.Single(await machine.AskAsync<HostUnitDetail>("host_unit_status", new { unit = "cron.service@dev" }));
        Assert.Equal((UnitState.Failed, 3), (cron.State, cron.ExitCode));
        Assert.NotEmpty(cron.Log);
        Assert.Equal(["Something is odd"], (await machine.AskAsync<JournalEntry>("host_journal", new { priority = "error", since = "5m" })).Select(static e => e.Message));
        var gitea = (await machine.AskAsync<RunningProcess>("host_processes", new { first = 100 })).Single(static p => p.Name == "gitea");
        Assert.Equal(simulated.Homelab.ContainerOf("gitea").MemoryUsed, gitea.Memory);
        Assert.Equal("UnitNotFound", (await Assert.ThrowsAsync<HomelabException>(() => machine.AskAsync<HostUnitDetail>("host_unit_status", new { unit = "none.service@dev" }))).Id);
    }

    [Fact]
    public async Task A_unit_is_restarted_there_or_told_why_not()
    {
        await using var simulated = await SimulatedMachine.StartAsync();
        var restarted = await simulated.Machine.ChangeAsync<HostUnitDetail>("host_restart_unit", new { unit = "cron", host = "dev", settle = "100ms" });
        Assert.Equal(UnitState.Active, restarted.State);
        simulated.Host.Unit("cron.service").DiesWith = 4;
        Assert.Equal("UnitNotActive", (await simulated.Machine.FailAsync("host_restart_unit", new { unit = "cron", host = "dev" })).Id);
        simulated.Host.Fault = HostFault.Deny;
        Assert.Equal("UnitDenied", (await simulated.Machine.FailAsync("host_restart_unit", new { unit = "ssh", host = "dev" })).Id);
        Assert.Equal(["systemctl restart cron.service", "systemctl restart cron.service", "systemctl restart ssh.service"], simulated.Host.Changes.Select(static c => c.ToString()));
    }

    [Fact]
    public async Task It_is_restarted_and_followed_until_it_is_back_with_its_containers()
    {
        await using var simulated = await SimulatedMachine.StartAsync();
        var before = simulated.Host.BootId;
        var seen = await simulated.Machine.ChangeAsync<HostSystem>("host_reboot", new { host = "dev", timeout = "10m" });
        Assert.Equal(simulated.Host.BootId, seen.BootId);
        Assert.NotEqual(before, seen.BootId);
        Assert.All(simulated.Homelab.Engines["dev"].Containers, static c => Assert.True(c is { Running: true, Starts: 2 }));
    }

    [Fact]
    public async Task A_host_that_is_silent_is_left_and_one_that_is_down_is_not_reached()
    {
        await using var simulated = await SimulatedMachine.StartAsync();
        simulated.Host.Fault = HostFault.Silent;
        await using var hosts = new SshHosts(new ProviderContext(
            new LabDefinition { Hosts = new Dictionary<string, HostDefinition>(StringComparer.Ordinal) { ["dev"] = simulated.Definition } }, AppContext.BaseDirectory, null!, TimeProvider.System), SshBench.Patient with { EndPatience = TimeSpan.FromMinutes(3) });
        var late = await Assert.ThrowsAsync<HomelabException>(() => hosts.RunAsync("dev", RemoteCommand.Of("true") with { Timeout = TimeSpan.FromMilliseconds(300) }, Cancellation));
        Assert.Equal("CommandTimeout", late.Id);
        // It was ended there, not only given up here.
        Assert.Contains("ended there", late.Message, StringComparison.Ordinal);
        await simulated.Host.GoDownAsync();
        simulated.Host.Fault = HostFault.None;
        // Who asks while ssh still learns that its connection is gone is told of a connection that was lost.
        await Eventually.HoldsAsync("our connection has ended", () => Task.FromResult(ProcessTable.With($"{simulated.Host.Port} -M -N").Count == 0), Cancellation);
        Assert.Equal("SshUnreachable", (await Assert.ThrowsAsync<HomelabException>(() => hosts.RunAsync("dev", RemoteCommand.Of("true"), Cancellation))).Id);
        simulated.Host.ComeUp();
        Assert.Equal(0, (await hosts.RunAsync("dev", RemoteCommand.Of("true"), Cancellation)).ExitCode);
    }

    [Fact]
    public async Task Nobody_is_let_in_by_another_key_or_as_another_account()
    {
        await using var simulated = await SimulatedMachine.StartAsync();
        await using var other = await SimulatedMachine.StartAsync();
        var ssh = simulated.Definition.Ssh!;
        foreach (var wrong in (SshDefinition[])[ssh with { User = "root" }, ssh with { Key = other.Definition.Ssh!.Key }])
        {
            await using var hosts = new HostMachine(simulated.Definition with { Ssh = wrong });
            Assert.Equal("SshDenied", (await Assert.ThrowsAsync<HomelabException>(() => hosts.AskAsync<HostMemory>("host_memory", new { }))).Id);
        }

        Assert.Empty(simulated.Host.Commands);
    }
}
