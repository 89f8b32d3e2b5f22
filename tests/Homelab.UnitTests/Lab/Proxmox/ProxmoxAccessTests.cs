using Homelab.Lab.Proxmox;
using Homelab.Tests;

namespace Homelab.UnitTests.Lab.Proxmox;

public sealed class ProxmoxAccessTests
{
    private const string Secret = "JBSWY3DPEHPK3PXP";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_separated_token_may_only_what_it_was_given_itself()
    {
        await using var cluster = await TwoGuestsAsync();
        using var caller = new ProxmoxCaller(cluster, "root@pam!narrow=" + cluster.AddToken("root@pam", "narrow", separated: true));
        Assert.Equal("403 Permission check failed (/nodes/pve, Sys.Audit)", (await caller.GetAsync("/nodes/pve/status")).Line);
        Assert.Empty((await caller.GetAsync("/cluster/resources?type=vm")).Data!.AsArray());
        cluster.Allow(new SimulatedAcl("/vms/100", "token", "root@pam!narrow", "PVEVMUser"));
        Assert.Equal("100", await VisibleAsync(caller));
        Assert.Equal(1, (int?)(await caller.GetAsync("/access/permissions?path=/vms/100")).Data!["/vms/100"]!["VM.PowerMgmt"]);
    }

    [Fact]
    public async Task A_separated_token_never_has_more_than_its_user()
    {
        await using var cluster = await TwoGuestsAsync();
        cluster.AddUser("ops@pve");
        cluster.Allow(new SimulatedAcl("/vms/100", "user", "ops@pve", "PVEAuditor"));
        using var caller = new ProxmoxCaller(cluster, "ops@pve!t=" + cluster.AddToken("ops@pve", "t", separated: true, ("/", "Administrator")));
        Assert.Equal("100", await VisibleAsync(caller));
        Assert.Equal("403 Permission check failed (/pool/x, Pool.Allocate)", (await caller.PostAsync("/pools", ("poolid", "x"))).Line);
    }

    [Fact]
    public async Task What_is_said_nearer_replaces_what_comes_from_above()
    {
        await using var cluster = await TwoGuestsAsync();
        cluster.AddUser("ops@pve");
        cluster.Allow(new SimulatedAcl("/vms", "user", "ops@pve", "PVEVMAdmin"));
        cluster.Allow(new SimulatedAcl("/vms/101", "user", "ops@pve", "NoAccess"));
        using var caller = new ProxmoxCaller(cluster, "ops@pve!t=" + cluster.AddToken("ops@pve", "t"));
        Assert.Equal("100", await VisibleAsync(caller));
        cluster.Allow(new SimulatedAcl("/vms", "user", "ops@pve", "PVEVMAdmin", Propagate: false));
        Assert.Empty(await VisibleAsync(caller));
    }

    [Fact]
    public async Task A_pools_rights_count_for_its_members()
    {
        await using var cluster = await TwoGuestsAsync();
        cluster.AddPool("prod");
        cluster.AddGuest(new SimulatedGuestSpec { Vmid = 102, Name = "pooled", Pool = "prod" });
        using var caller = new ProxmoxCaller(cluster, "root@pam!narrow=" + cluster.AddToken("root@pam", "narrow", separated: true, ("/pool/prod", "PVEVMUser")));
        Assert.Equal("102", await VisibleAsync(caller));
    }

    [Fact]
    public async Task A_revoked_token_is_nobodys()
    {
        await using var cluster = await TwoGuestsAsync();
        using var caller = ProxmoxCaller.Root(cluster);
        Assert.Equal("200 OK", (await caller.GetAsync("/version")).Line);
        cluster.Revoke("root@pam!lab");
        var reply = await caller.GetAsync("/version");
        Assert.Equal(("401 Authentication failed!", ""), (reply.Line, reply.Text));
    }

    [Fact]
    public async Task A_ticket_lasts_two_hours_and_writes_with_its_csrf_token_only()
    {
        var time = new ManualTime();
        await using var cluster = await SimulatedProxmox.StartAsync(new SimulatedProxmoxOptions { Time = time, RootPassword = "hunter22" }, Cancellation);
        using var caller = new ProxmoxCaller(cluster);
        var session = (await caller.PostAsync("/access/ticket", ("username", "root@pam"), ("password", "hunter22"))).Data!;
        caller.Cookie = (string?)session["ticket"];
        Assert.Equal("401 Permission denied - invalid csrf token", (await caller.PostAsync("/pools", ("poolid", "x"))).Line);
        caller.Csrf = (string?)session["CSRFPreventionToken"];
        Assert.Equal("200 OK", (await caller.PostAsync("/pools", ("poolid", "x"))).Line);
        time.Advance(TimeSpan.FromHours(2));
        Assert.Equal("401 Authentication failed!", (await caller.GetAsync("/version")).Line);
    }

    [Fact]
    public async Task A_second_factor_is_asked_for_and_checked()
    {
        await using var cluster = await SimulatedProxmox.StartAsync(new SimulatedProxmoxOptions(), Cancellation);
        cluster.AddUser("ops@pve", "correct horse", Secret);
        using var caller = new ProxmoxCaller(cluster);
        var first = (await caller.PostAsync("/access/ticket", ("username", "ops@pve"), ("password", "correct horse"))).Data!;
        Assert.Equal(1, (int?)first["NeedTFA"]);
        caller.Cookie = (string?)first["ticket"];
        Assert.Equal("401 Authentication failed!", (await caller.GetAsync("/version")).Line);
        caller.Cookie = null;
        var challenge = ("tfa-challenge", (string)first["ticket"]!);
        Assert.Equal("401 authentication failure", (await caller.PostAsync("/access/ticket", ("username", "ops@pve"), ("password", "totp:000000x"), challenge)).Line);
        var second = (await caller.PostAsync("/access/ticket", ("username", "ops@pve"), ("password", "totp:" + cluster.TotpCode(Secret)), challenge)).Data!;
        caller.Cookie = (string?)second["ticket"];
        Assert.Equal("200 OK", (await caller.GetAsync("/version")).Line);
    }

    // RFC 6238, appendix B, with six digits.
    [Theory]
    [InlineData(59, "287082")]
    [InlineData(1111111109, "081804")]
    [InlineData(2000000000, "279037")]
    public void One_time_passwords_are_those_of_the_standard(long seconds, string expected) =>
        Assert.Equal(expected, Homelab.Lab.Proxmox.Totp.Code("GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ", DateTimeOffset.FromUnixTimeSeconds(seconds)));

    [Fact]
    public async Task A_token_of_root_is_not_root()
    {
        await using var cluster = await TwoGuestsAsync();
        using var caller = ProxmoxCaller.Root(cluster);
        Assert.Equal("403 Permission check failed (URI '/access/password' not available with API token, need proper ticket.", (await caller.PutAsync("/access/password", ("userid", "root@pam"), ("password", "longenough"))).Line);
    }

    private static async Task<SimulatedProxmox> TwoGuestsAsync()
    {
        var cluster = await SimulatedProxmox.StartAsync(new SimulatedProxmoxOptions(), Cancellation);
        cluster.AddGuest(new SimulatedGuestSpec { Vmid = 100, Name = "web" });
        cluster.AddGuest(new SimulatedGuestSpec { Vmid = 101, Name = "db" });
        return cluster;
    }

    private static async Task<string> VisibleAsync(ProxmoxCaller caller) => string.Join(" ", (await caller.GetAsync("/cluster/resources?type=vm")).Data!.AsArray().Select(static g => (int)g!["vmid"]!));
}
