using Homelab.Lab.Proxmox;

namespace Homelab.UnitTests.Providers.Proxmox;

public sealed class TokenOperationTests
{
    [Theory]
    [InlineData("monitor")]
    [InlineData("operate")]
    [InlineData("configure")]
    [InlineData("manage")]
    public async Task A_token_made_by_the_script_fits_its_level_and_has_nothing_more(string level)
    {
        await using var bench = await ScriptedAsync(level, "/");

        var findings = await bench.QueryAsync<TokenFinding>("proxmox_check_token", new { level });

        // What only a part of an operation needs is a matter of taste.
        Assert.Empty(findings.Where(static f => f.Status != TokenStatus.Ok && f is not { Status: TokenStatus.Warning, Level: not null }).Select(static f => $"{f.Status} {f.Privilege} {f.Path} {f.Detail}"));
        Assert.Contains(findings, static f => f is { Status: TokenStatus.Ok, Privilege: "VM.Audit" });
    }

    [Fact]
    public async Task A_token_for_less_lacks_what_more_needs_and_says_how_to_grant_it()
    {
        await using var bench = await ScriptedAsync("monitor", "/");

        var missing = (await bench.QueryAsync<TokenFinding>("proxmox_check_token", new { level = "operate" })).Where(static f => f.Status == TokenStatus.Missing).ToArray();

        var finding = Assert.Single(missing);
        Assert.Equal(("VM.PowerMgmt", "/vms", TokenLevel.Operate), (finding.Privilege, finding.Path, finding.Level));
        Assert.Contains("New-HlProxmoxTokenScript -Level Operate", finding.Fix, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_token_for_more_has_too_much_for_less()
    {
        await using var bench = await ScriptedAsync("manage", "/");

        var surplus = (await bench.QueryAsync<TokenFinding>("proxmox_check_token", new { level = "monitor" })).Where(static f => f.Status == TokenStatus.Surplus);

        Assert.Contains(surplus, static f => f.Privilege.Split(' ').Contains("VM.Allocate", StringComparer.Ordinal));
    }

    [Fact]
    public async Task Rights_on_a_pool_are_enough_and_named_with_it()
    {
        await using var bench = await ScriptedAsync("operate", "/pool/homelab");

        var findings = await bench.QueryAsync<TokenFinding>("proxmox_check_token", new { level = "operate" });

        Assert.DoesNotContain(findings, static f => f.Status is TokenStatus.Missing or TokenStatus.Surplus);
        Assert.Contains("/pool/homelab", findings.Single(static f => f.Privilege == "VM.PowerMgmt").Path, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_token_of_root_without_separation_is_an_administrator_and_told_so()
    {
        await using var bench = await ProxmoxBench.StartAsync();

        var findings = await bench.QueryAsync<TokenFinding>("proxmox_check_token", new { level = "manage" });

        Assert.DoesNotContain(findings, static f => f.Status == TokenStatus.Missing);
        Assert.Superset(
            new HashSet<string>(["Permissions.Modify", "Sys.Modify", "VM.GuestAgent.Unrestricted", "VM.GuestAgent.FileWrite", "User.Modify"], StringComparer.Ordinal),
            findings.Where(static f => f.Status == TokenStatus.Surplus).Select(static f => f.Privilege).ToHashSet(StringComparer.Ordinal));
        Assert.Contains(findings, static f => f.Detail.StartsWith("it is an administrator: ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_token_that_sees_nothing_is_told_that_empty_lists_mean_nothing()
    {
        await using var bench = await ProxmoxBench.StartAsync(new SimulatedProxmoxOptions(), static c => "ops@pve!t=" + c.AddToken("ops@pve", "t"));
        bench.Cluster.AddGuest(new SimulatedGuestSpec { Vmid = 100, Name = "dev" });

        var findings = await bench.QueryAsync<TokenFinding>("proxmox_check_token", new { });

        Assert.Empty(await bench.QueryAsync<Vm>("proxmox_list_vms", new { }));
        Assert.Contains(findings, static f => f.Status == TokenStatus.Warning && f.Detail.Contains("lists come back empty", StringComparison.Ordinal));
        Assert.DoesNotContain(findings, static f => f.Status == TokenStatus.Ok);
    }

    [Fact]
    public async Task Commands_in_guests_are_a_right_apart()
    {
        await using var bench = await ScriptedAsync("operate", "/", guestExec: true);

        var asked = await bench.QueryAsync<TokenFinding>("proxmox_check_token", new { level = "operate", guestExec = true });
        var unasked = await bench.QueryAsync<TokenFinding>("proxmox_check_token", new { level = "operate" });

        Assert.Equal(TokenStatus.Ok, asked.Single(static f => f.Privilege == "VM.GuestAgent.Unrestricted").Status);
        Assert.Equal(TokenStatus.Surplus, unasked.Single(static f => f.Privilege == "VM.GuestAgent.Unrestricted").Status);
    }

    [Fact]
    public async Task The_script_is_lines_that_pveum_understands()
    {
        await using var bench = await ProxmoxBench.StartAsync();

        var lines = await bench.QueryAsync<string>("proxmox_token_script", new { level = "operate", path = "/pool/homelab", user = "ops@pve", tokenName = "hl" });

        Assert.Equal(
            [
                "# A Proxmox token for level operate, with no more rights than that needs. Run this on a node, as root.",
                "pveum user add ops@pve --comment 'Homelab.PowerShell'",
                "# The answer shows the token's secret, this once.",
                "pveum user token add ops@pve hl --privsep 1",
                "",
                "# What the nodes and the cluster tell of themselves.",
                "pveum role add HlSystem --privs 'Sys.Audit'",
                "pveum acl modify / --users ops@pve --roles HlSystem",
                "pveum acl modify / --tokens 'ops@pve!hl' --roles HlSystem",
                "",
                "# Guests and storages, only below /pool/homelab.",
                "pveum role add HlOperate --privs 'VM.Audit VM.PowerMgmt'",
                "# On 9.x:",
                "pveum role modify HlOperate --append 1 --privs 'VM.GuestAgent.Audit'",
                "# On 8.4 the line above is refused; there it is this one, which grants all of QEMU's monitor:",
                "# pveum role modify HlOperate --append 1 --privs 'VM.Monitor'",
                "pveum acl modify /pool/homelab --users ops@pve --roles HlOperate",
                "pveum acl modify /pool/homelab --tokens 'ops@pve!hl' --roles HlOperate",
            ],
            lines);
        Assert.Empty(bench.Cluster.Requests);
    }

    [Theory]
    [InlineData("path", "/vms/100; rm -rf /")]
    [InlineData("user", "ops@pve'")]
    [InlineData("tokenName", "a b")]
    public async Task Nothing_gets_into_the_script_that_a_shell_would_run(string field, string value)
    {
        await using var bench = await ProxmoxBench.StartAsync();

        var e = await Assert.ThrowsAsync<InputException>(() => bench.QueryAsync<string>("proxmox_token_script", new Dictionary<string, string>(StringComparer.Ordinal) { [field] = value }));

        Assert.Equal(field, Assert.Single(e.Problems).Field);
    }

    // Does what a person does on a node: runs the lines, there by the simulator's own ways in.
    private static async Task<ProxmoxBench> ScriptedAsync(string level, string path, bool guestExec = false)
    {
        List<string> lines;
        await using (var paper = await ProxmoxBench.StartAsync())
        {
            lines = await paper.QueryAsync<string>("proxmox_token_script", new { level, path, guestExec });
        }

        var bench = await ProxmoxBench.StartAsync(new SimulatedProxmoxOptions(), cluster => Run(cluster, lines));
        bench.Cluster.AddPool("homelab");
        bench.Cluster.AddGuest(new SimulatedGuestSpec { Vmid = 100, Name = "dev", Pool = "homelab" });
        return bench;
    }

    private static string Run(SimulatedProxmox cluster, IEnumerable<string> lines)
    {
        var roles = new Dictionary<string, List<string>>(StringComparer.Ordinal);
        var token = "";
        foreach (var line in lines.Where(static l => l.StartsWith("pveum ", StringComparison.Ordinal)))
        {
            var quoted = line.Split('\'') is [_, var inner, ..] ? inner : "";
            switch (line.Split(' '))
            {
                case ["pveum", "user", "add", var user, ..]:
                    cluster.AddUser(user);
                    break;
                case ["pveum", "user", "token", "add", var user, var name, ..]:
                    token = $"{user}!{name}={cluster.AddToken(user, name, separated: true)}";
                    break;
                case ["pveum", "role", "add" or "modify", var role, ..]:
                    if (!roles.TryGetValue(role, out var privileges)) roles[role] = privileges = [];
                    privileges.AddRange(quoted.Split(' ', StringSplitOptions.RemoveEmptyEntries));
                    cluster.AddRole(role, [.. privileges]);
                    break;
                case ["pveum", "acl", "modify", var path, "--users", var user, "--roles", var role]:
                    cluster.Allow(new SimulatedAcl(path, "user", user, role));
                    break;
                case ["pveum", "acl", "modify", var path, "--tokens", _, "--roles", var role]:
                    cluster.Allow(new SimulatedAcl(path, "token", quoted, role));
                    break;
                default:
                    Assert.Fail($"No node understands '{line}'.");
                    break;
            }
        }

        return token;
    }
}
