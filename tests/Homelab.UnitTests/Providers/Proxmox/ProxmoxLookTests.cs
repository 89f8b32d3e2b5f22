using Homelab.Lab.Proxmox;

namespace Homelab.UnitTests.Providers.Proxmox;

public sealed class ProxmoxLookTests
{
    [Fact]
    public async Task Every_node_that_the_lab_file_names_is_looked_at_by_itself()
    {
        await using var bench = await ProxmoxBench.StartAsync("pve1", "pve2");
        await bench.Cluster.Node("pve2").GoDownAsync();

        var checks = await LookAsync(bench);

        var first = Assert.Single(checks, c => c.Group == "connection" && c.Name == Name(bench, 0));
        Assert.Equal(CheckStatus.Ok, first.Status);
        Assert.Matches("^node pve1 answered in [0-9]+ ms: Proxmox VE 9.1.9, as root@pam!test$", first.Detail);
        var second = Assert.Single(checks, c => c.Name == Name(bench, 1));
        Assert.Equal(("connection", CheckStatus.Failed), (second.Group, second.Status));
        Assert.Empty(bench.Cluster.Changes);
    }

    [Fact]
    public async Task An_administrators_token_is_a_warning()
    {
        await using var bench = await ProxmoxBench.StartAsync();
        bench.Cluster.AddGuest(new SimulatedGuestSpec { Vmid = 100, Name = "dev" });

        var rights = Assert.Single(await LookAsync(bench), static c => c.Group == "rights");

        Assert.Equal(CheckStatus.Warning, rights.Status);
        Assert.Contains("Permissions.Modify is too much", rights.Detail, StringComparison.Ordinal);
        Assert.Contains("New-HlProxmoxTokenScript -Level Manage", rights.Fix, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_token_that_sees_nothing_is_a_warning()
    {
        await using var bench = await ProxmoxBench.StartAsync(new SimulatedProxmoxOptions(), static c => "ops@pve!t=" + c.AddToken("ops@pve", "t"));

        var rights = Assert.Single(await LookAsync(bench), static c => c.Group == "rights");

        Assert.Equal(CheckStatus.Warning, rights.Status);
        Assert.Contains("lists come back empty", rights.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_token_that_is_refused_says_so_and_nothing_of_its_secret()
    {
        const string Secret = "01234567-89ab-cdef-0123-456789abcdef";
        await using var bench = await ProxmoxBench.StartAsync(new SimulatedProxmoxOptions(), static _ => "ops@pve!t=" + Secret);

        var check = Assert.Single(await LookAsync(bench));

        Assert.Equal(("connection", CheckStatus.Failed), (check.Group, check.Status));
        Assert.DoesNotContain(Secret, check.ToString(), StringComparison.Ordinal);
    }

    private static string Name(ProxmoxBench bench, int node) => $"proxmox@{bench.Cluster.Nodes[node].Url.Authority}";

    private static async Task<List<LabCheck>> LookAsync(ProxmoxBench bench) => await bench.Provider.CheckAsync(TestContext.Current.CancellationToken).ToListAsync(TestContext.Current.CancellationToken);
}
