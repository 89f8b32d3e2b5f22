using Homelab.Lab.Proxmox;
using Homelab.Providers.Proxmox;

namespace Homelab.UnitTests.Providers.Proxmox;

using ManualTime = Homelab.Tests.ManualTime;

/// <summary>The wire against a whole simulated cluster: real certificates, tickets, codes and rights.</summary>
public sealed class ClusterWireTests
{
    private const string TotpKey = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_login_with_a_second_factor_lasts_beyond_its_ticket_and_changes_things()
    {
        var time = new ManualTime();
        await using var cluster = await SimulatedProxmox.StartAsync(new SimulatedProxmoxOptions { Time = time }, Cancel);
        cluster.AddUser("ops@pve", "open sesame", TotpKey);
        cluster.Allow(new SimulatedAcl("/", "user", "ops@pve", "Administrator"));
        using var bench = new WireBench(LoginTo(cluster, "ops@pve"), time, secrets: new Secrets(("PASSWORD", "open sesame"), ("TOTP", TotpKey)));

        Assert.Equal("9.1.9", (await bench.VersionAsync(Cancel)).Version);
        // Five hours by tickets of two: each renewed by the one before, not by the password and a code.
        for (var i = 0; i < 5; i++)
        {
            time.Advance(TimeSpan.FromHours(1));
            await bench.Wire.ChangeAsync(HttpMethod.Post, $"/pools", new ProxmoxForm { { "poolid", $"pool{i}" } }, Cancel);
        }

        Assert.Equal(5, cluster.Changes.Count(static r => r.Path == "/pools"));
        Assert.Equal(2 + 5, cluster.Changes.Count(static r => r.Path == "/access/ticket"));
        Assert.Single(cluster.Changes, static r => r.Path == "/access/ticket" && r.Fields.ContainsKey("tfa-challenge"));
    }

    [Fact]
    public async Task A_second_factor_without_its_key_and_a_wrong_password_are_told_apart()
    {
        await using var cluster = await SimulatedProxmox.StartAsync(new SimulatedProxmoxOptions(), Cancel);
        cluster.AddUser("ops@pve", "open sesame", TotpKey);
        using var without = new WireBench(LoginTo(cluster, "ops@pve") with { Login = new ProxmoxLoginDefinition { User = "ops@pve", Password = WireBench.Reference("PASSWORD") } }, secrets: new Secrets(("PASSWORD", "open sesame")));
        using var wrong = new WireBench(LoginTo(cluster, "ops@pve"), secrets: new Secrets(("PASSWORD", "another")));

        Assert.Equal("ProxmoxSecondFactorNeeded", (await Assert.ThrowsAsync<HomelabException>(() => without.VersionAsync(Cancel))).Id);
        Assert.Equal("ProxmoxLoginRefused", (await Assert.ThrowsAsync<HomelabException>(() => wrong.VersionAsync(Cancel))).Id);
    }

    [Fact]
    public async Task A_token_that_is_revoked_in_the_middle_of_things_is_let_in_no_more()
    {
        await using var cluster = await SimulatedProxmox.StartAsync(new SimulatedProxmoxOptions(), Cancel);
        using var bench = TokenTo(cluster, "root@pam!test=" + cluster.AddToken("root@pam", "test"));
        await bench.VersionAsync(Cancel);

        cluster.Revoke("root@pam!test");
        var e = await Assert.ThrowsAsync<ProxmoxRefusal>(() => bench.VersionAsync(Cancel));

        Assert.Equal((ErrorKind.Denied, "ProxmoxLoginRefused"), (e.Kind, e.Id));
        Assert.Contains("root@pam!test", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_token_without_rights_is_told_which_and_where()
    {
        await using var cluster = await SimulatedProxmox.StartAsync(new SimulatedProxmoxOptions(), Cancel);
        using var bench = TokenTo(cluster, "root@pam!test=" + cluster.AddToken("root@pam", "test", separated: true));

        var e = await Assert.ThrowsAsync<ProxmoxRefusal>(() => bench.Wire.GetAsync($"/nodes/{"pve"}/status", ProbeJson.Default.VersionProbe, Cancel));

        Assert.Equal((ErrorKind.Denied, "/nodes/pve", "Sys.Audit"), (e.Kind, e.Path, e.Privilege));
    }

    [Fact]
    public async Task A_change_whose_answer_is_lost_was_made_once_and_no_other_node_hears_of_it()
    {
        await using var cluster = await SimulatedProxmox.StartAsync(new SimulatedProxmoxOptions { Nodes = ["pve1", "pve2"] }, Cancel);
        using var bench = TokenTo(cluster, "root@pam!test=" + cluster.AddToken("root@pam", "test"));
        await bench.VersionAsync(Cancel);
        cluster.AddPool("x");
        cluster.Nodes[0].Fail(new ProxmoxFault { Kind = ProxmoxFaultKind.LostAfter, Method = "DELETE", Times = int.MaxValue });

        var e = await Assert.ThrowsAsync<HomelabException>(() => bench.Wire.ChangeAsync(HttpMethod.Delete, $"/pools/{"x"}", ProxmoxForm.Empty, Cancel));

        Assert.Equal(("ProxmoxConnectionLost", false), (e.Id, e.NothingHappened));
        Assert.Single(cluster.Changes);
    }

    [Fact]
    public async Task While_a_node_is_down_the_others_answer_and_the_node_itself_is_told_as_down()
    {
        await using var cluster = await SimulatedProxmox.StartAsync(new SimulatedProxmoxOptions { Nodes = ["pve1", "pve2"] }, Cancel);
        using var bench = TokenTo(cluster, "root@pam!test=" + cluster.AddToken("root@pam", "test"));
        await cluster.Nodes[0].GoDownAsync();

        await bench.Wire.ChangeAsync(HttpMethod.Post, $"/pools", new ProxmoxForm { { "poolid", "x" } }, Cancel);
        var e = await Assert.ThrowsAsync<ProxmoxRefusal>(() => bench.Wire.ChangeAsync(HttpMethod.Post, $"/nodes/{"pve1"}/status", new ProxmoxForm { { "command", "reboot" } }, Cancel));

        Assert.Equal((ErrorKind.Unavailable, "ProxmoxNodeUnreachable", true), (e.Kind, e.Id, e.NothingHappened));
        Assert.Contains("its node pve1", e.Message, StringComparison.Ordinal);
    }

    private static ProxmoxSettings LoginTo(SimulatedProxmox cluster, string user) => new()
    {
        Url = cluster.Nodes[0].Url,
        Tls = new TlsDefinition { Sha256 = cluster.Nodes[0].CertificateSha256 },
        Login = new ProxmoxLoginDefinition { User = user, Password = WireBench.Reference("PASSWORD"), Totp = WireBench.Reference("TOTP") },
    };

    private static WireBench TokenTo(SimulatedProxmox cluster, string token) => new(
        new ProxmoxSettings
        {
            Url = cluster.Nodes[0].Url,
            Tls = new TlsDefinition { Sha256 = cluster.Nodes[0].CertificateSha256 },
            Failover = [.. cluster.Nodes.Skip(1).Select(static n => new ProxmoxNodeDefinition { Url = n.Url, Tls = new TlsDefinition { Sha256 = n.CertificateSha256 } })],
            Token = WireBench.Reference("TOKEN"),
        },
        secrets: new Secrets(("TOKEN", token)));
}
