using Homelab.Lab.Proxmox;
using Homelab.Providers.Proxmox;
using Homelab.Tests;

namespace Homelab.UnitTests.Providers.Proxmox;

/// <summary>Rights that are taken away, and tickets that run out, in the middle of a change.</summary>
public sealed class LostRightsTests
{
    private const string User = "ops@pve";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Rights_that_are_taken_away_before_the_change_are_named_and_nothing_was_done()
    {
        await using var bench = await StartAsync();
        var meanwhile = new Meanwhile(() =>
        {
            bench.Cluster.Deny(User);
            bench.Cluster.Allow(new SimulatedAcl("/", "user", User, "PVEAuditor"));
        });

        var e = await bench.FailAsync("proxmox_stop_vm", new { vm = "dev" }, meanwhile);

        Assert.Equal(1, meanwhile.Asked);
        Assert.Equal((ErrorKind.Denied, "ProxmoxDenied", true), (e.Kind, e.Id, e.NothingHappened));
        Assert.Contains("VM.PowerMgmt is missing on /vms/100", e.Message, StringComparison.Ordinal);
        var refusal = Assert.IsType<ProxmoxRefusal>(e);
        Assert.Equal(("VM.PowerMgmt", "/vms/100"), (refusal.Privilege, refusal.Path));
        Assert.Equal("running", bench.Cluster.Guest(100).State);
        Assert.Equal(ChangeStatus.Failed, Assert.Single(bench.Store.Changes).Status);
    }

    [Fact]
    public async Task Rights_that_are_taken_away_while_the_task_runs_leave_an_end_that_nobody_knows()
    {
        await using var bench = await StartAsync();
        var hold = bench.Cluster.HoldNext("qmstop");

        var stopping = bench.FailAsync("proxmox_stop_vm", new { vm = "dev" });
        await FollowedAsync(bench);
        bench.Cluster.Deny(User);
        hold.Release();
        var e = await stopping;

        // Whoever began a task may look at it to its end, but no longer at the guest.
        Assert.Equal("OutcomeUnknown", e.Id);
        Assert.Contains("VM.Audit is missing on /vms/100", e.Message, StringComparison.Ordinal);
        Assert.Equal("stopped", bench.Cluster.Guest(100).State);
        Assert.Equal(ChangeStatus.Unknown, Assert.Single(bench.Store.Changes).Status);
    }

    [Theory]
    [InlineData(90)]
    [InlineData(180)]
    public async Task A_ticket_that_runs_out_while_a_task_is_followed_is_replaced(int minutes)
    {
        var time = new JumpingTime();
        await using var bench = await StartAsync(time, login: true);
        var hold = bench.Cluster.HoldNext("vzdump");

        var backing = bench.ChangeAsync<VmBackup>("proxmox_backup_vm", new { vm = "dev", storage = "local" });
        await FollowedAsync(bench);
        var before = Logins(bench);
        time.Jump(TimeSpan.FromMinutes(minutes));
        await Eventually.HoldsAsync("there is a new ticket", () => Task.FromResult(Logins(bench) == before + 1), Cancel);
        hold.Release();

        Assert.Equal(TaskState.Succeeded, (await backing).Task!.State);
        Assert.Equal((1, 2), (before, Logins(bench)));
        Assert.Single(bench.Cluster.Changes, static r => r.Path.EndsWith("/vzdump", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_ticket_that_is_refused_while_a_task_is_followed_is_replaced()
    {
        await using var bench = await StartAsync(login: true);
        var hold = bench.Cluster.HoldNext("qmstop");

        var stopping = bench.ChangeAsync<VmDetail>("proxmox_stop_vm", new { vm = "dev" });
        await FollowedAsync(bench);
        bench.Cluster.Nodes[0].Fail(new ProxmoxFault { Kind = ProxmoxFaultKind.Answer, Path = "*/tasks/*", Status = 401, Reason = "permission denied - invalid PVE ticket" });
        await Eventually.HoldsAsync("there is a new ticket", () => Task.FromResult(Logins(bench) == 2), Cancel);
        hold.Release();

        Assert.Equal(VmState.Stopped, (await stopping).State);
    }

    private static int Logins(ProxmoxBench bench) => bench.Cluster.Requests.Count(static r => r.Path == "/access/ticket");

    private static Task FollowedAsync(ProxmoxBench bench) =>
        Eventually.HoldsAsync("the task is followed", () => Task.FromResult(bench.Cluster.Requests.Any(static r => r.Path.Contains("/tasks/UPID", StringComparison.Ordinal))), Cancel);

    // By a token of a user with rights, or by the login of root.
    private static async Task<ProxmoxBench> StartAsync(TimeProvider? time = null, bool login = false)
    {
        var bench = await ProxmoxBench.StartAsync(
            new SimulatedProxmoxOptions { Time = time ?? TimeProvider.System },
            c => login ? c.Options.RootPassword : Token(c),
            login ? LogIn : null);
        bench.Cluster.AddGuest(new SimulatedGuestSpec { Vmid = 100, Name = "dev", Running = true });
        return bench;
    }

    private static string Token(SimulatedProxmox cluster)
    {
        cluster.AddUser(User);
        cluster.Allow(new SimulatedAcl("/", "user", User, "PVEAdmin"));
        return $"{User}!t={cluster.AddToken(User, "t")}";
    }

    private static LabDefinition LogIn(LabDefinition lab)
    {
        var settings = (ProxmoxSettings)lab.Providers["proxmox"];
        var login = new ProxmoxLoginDefinition { User = "root@pam", Password = settings.Token! };
        return lab with { Providers = new Dictionary<string, object>(StringComparer.Ordinal) { ["proxmox"] = settings with { Token = null, Login = login } } };
    }
}
