using Homelab.Lab.Proxmox;

namespace Homelab.UnitTests.Lab.Proxmox;

public sealed class ProxmoxFaultTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(ProxmoxFaultKind.Unreachable, "595 Connection refused")]
    [InlineData(ProxmoxFaultKind.BadPeer, "596 tls_process_server_certificate: certificate verify failed")]
    public async Task A_faulty_proxy_answers_without_a_body(ProxmoxFaultKind kind, string line)
    {
        await using var cluster = await SimulatedProxmox.StartAsync(new SimulatedProxmoxOptions(), Cancellation);
        using var caller = ProxmoxCaller.Root(cluster);
        cluster.Nodes[0].Fail(new ProxmoxFault { Kind = kind, Path = "/nodes/*" });
        Assert.Equal("200 OK", (await caller.GetAsync("/version")).Line);
        var reply = await caller.GetAsync("/nodes/pve/status");
        Assert.Equal((line, ""), (reply.Line, reply.Text));
        Assert.Equal("200 OK", (await caller.GetAsync("/nodes/pve/status")).Line);
    }

    [Theory]
    [InlineData(ProxmoxFaultKind.LostBefore, 0)]
    [InlineData(ProxmoxFaultKind.LostAfter, 1)]
    public async Task A_lost_answer_says_nothing_about_what_was_done(ProxmoxFaultKind kind, int pools)
    {
        await using var cluster = await SimulatedProxmox.StartAsync(new SimulatedProxmoxOptions(), Cancellation);
        using var caller = ProxmoxCaller.Root(cluster);
        cluster.Nodes[0].Fail(new ProxmoxFault { Kind = kind, Method = "POST" });
        await Assert.ThrowsAsync<HttpRequestException>(() => caller.PostAsync("/pools", ("poolid", "x")));
        Assert.Equal(pools, (await caller.GetAsync("/pools")).Data!.AsArray().Count);
        Assert.Equal("POST /pools", Assert.Single(cluster.Changes).ToString());
    }

    [Fact]
    public async Task A_fault_lasts_as_long_as_it_was_told_to()
    {
        await using var cluster = await SimulatedProxmox.StartAsync(new SimulatedProxmoxOptions(), Cancellation);
        using var caller = ProxmoxCaller.Root(cluster);
        cluster.Nodes[0].Fail(new ProxmoxFault { Kind = ProxmoxFaultKind.Answer, Status = 503, Reason = "try later", Body = "busy", Times = int.MaxValue });
        for (var i = 0; i < 3; i++) Assert.Equal(("503 try later", "busy"), (await caller.GetAsync("/version")) is var reply ? (reply.Line, reply.Text) : default);
        cluster.Nodes[0].Recover();
        Assert.Equal("200 OK", (await caller.GetAsync("/version")).Line);
    }
}
