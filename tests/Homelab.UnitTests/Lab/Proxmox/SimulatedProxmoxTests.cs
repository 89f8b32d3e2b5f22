using Homelab.Lab.Proxmox;

namespace Homelab.UnitTests.Lab.Proxmox;

public sealed class SimulatedProxmoxTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Any_node_answers_for_all()
    {
        await using var cluster = await SimulatedProxmox.StartAsync(new SimulatedProxmoxOptions { Nodes = ["pve1", "pve2"] }, Cancellation);
        using var caller = ProxmoxCaller.Root(cluster);
        var reply = await caller.GetAsync("/nodes/pve2/status", cluster.Node("pve1"));
        Assert.Equal("200 OK", reply.Line);
        Assert.Equal(["pve1", "pve2"], (await caller.GetAsync("/nodes", cluster.Node("pve2"))).Data!.AsArray().Select(static n => (string?)n!["node"]));
        Assert.Equal("cluster", (string?)(await caller.GetAsync("/cluster/status")).Data![0]!["type"]);
    }

    [Fact]
    public async Task A_node_that_is_down_is_595_through_the_others_and_its_guests_are_unknown()
    {
        await using var cluster = await SimulatedProxmox.StartAsync(new SimulatedProxmoxOptions { Nodes = ["pve1", "pve2", "pve3"] }, Cancellation);
        cluster.AddGuest(new SimulatedGuestSpec { Vmid = 100, Name = "web", Node = "pve2", Running = true });
        using var caller = ProxmoxCaller.Root(cluster);
        var asked = cluster.Node("pve2").Url;
        await cluster.Node("pve2").GoDownAsync();
        var reply = await caller.GetAsync("/nodes/pve2/status");
        Assert.Equal(("595 No route to host", ""), (reply.Line, reply.Text));
        Assert.Equal("unknown", (string?)(await caller.GetAsync("/cluster/resources?type=vm")).Data![0]!["status"]);
        Assert.Equal(["online", "offline", "online"], (await caller.GetAsync("/nodes")).Data!.AsArray().Select(static n => (string?)n!["status"]));
        await Assert.ThrowsAsync<HttpRequestException>(() => caller.GetAsync("/version", cluster.Node("pve2")));
        await cluster.Node("pve2").ComeUpAsync(Cancellation);
        Assert.Equal(asked, cluster.Node("pve2").Url);
        Assert.Equal("200 OK", (await caller.GetAsync("/version", cluster.Node("pve2"))).Line);
    }

    [Fact]
    public async Task The_fingerprint_in_the_list_of_nodes_is_that_of_the_certificate_it_shows()
    {
        await using var cluster = await SimulatedProxmox.StartAsync(new SimulatedProxmoxOptions(), Cancellation);
        using var caller = ProxmoxCaller.Root(cluster);
        Assert.Equal(cluster.Nodes[0].CertificateSha256, (string?)(await caller.GetAsync("/nodes")).Data![0]!["ssl_fingerprint"]);
        Assert.Matches("^([0-9A-F]{2}:){31}[0-9A-F]{2}$", cluster.Nodes[0].CertificateSha256);
    }

    [Fact]
    public async Task Resources_are_as_old_as_they_were_told_to_be()
    {
        var time = new Homelab.Tests.ManualTime();
        await using var cluster = await SimulatedProxmox.StartAsync(new SimulatedProxmoxOptions { Time = time }, Cancellation);
        var guest = cluster.AddGuest(new SimulatedGuestSpec { Vmid = 100, Name = "web", Running = true });
        cluster.ResourcesLag = TimeSpan.FromSeconds(10);
        using var caller = ProxmoxCaller.Root(cluster);
        guest.Crash();
        Assert.Equal("running", await StatusAsync());
        time.Advance(TimeSpan.FromSeconds(9));
        Assert.Equal("running", await StatusAsync());
        time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal("stopped", await StatusAsync());

        async Task<string?> StatusAsync() => (string?)(await caller.GetAsync("/cluster/resources?type=vm")).Data![0]!["status"];
    }

    [Fact]
    public async Task Requests_are_remembered_with_who_sent_them_and_without_passwords()
    {
        await using var cluster = await SimulatedProxmox.StartAsync(new SimulatedProxmoxOptions { RootPassword = "hunter22" }, Cancellation);
        using var caller = new ProxmoxCaller(cluster);
        await caller.PostAsync("/access/ticket", ("username", "root@pam"), ("password", "hunter22"));
        caller.Token = "root@pam!lab=" + cluster.AddToken("root@pam", "lab");
        await caller.GetAsync("/version");
        Assert.Equal(["POST /access/ticket", "GET /version"], cluster.Requests.Select(static r => r.ToString()));
        Assert.Equal([null, "root@pam!lab"], cluster.Requests.Select(static r => r.User));
        Assert.Equal("***", Assert.Single(cluster.Changes).Fields["password"]);
        cluster.ForgetRequests();
        Assert.Empty(cluster.Requests);
    }
}
