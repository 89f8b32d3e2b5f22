namespace Homelab.UnitTests.Configuration;

/// <summary>The shipped policy: what the seed meant to allow is allowed, and nothing that its unanchored patterns let through.</summary>
public sealed class SeedPolicyTests
{
    private static readonly CommandPlace s_dev = new(new Target("host", "dev"), Face.Mcp);

    private static readonly CommandPolicy s_policy = new(Read().Policy.Commands);

    [Theory]
    [InlineData("df -h", "seed-df")]
    [InlineData("df -h /srv", "seed-df")]
    [InlineData("free -m", "seed-free")]
    [InlineData("uptime", "seed-uptime")]
    [InlineData("top -bn1", "seed-top")]
    [InlineData("top -b -n 1", "seed-top-counted")]
    [InlineData("ps aux", "seed-ps")]
    [InlineData("systemctl status", "seed-systemctl-status")]
    [InlineData("systemctl status ssh --no-pager", "seed-systemctl-status")]
    [InlineData("systemctl --failed", null)]
    [InlineData("journalctl -u docker -n 100 --no-pager", "seed-journalctl")]
    [InlineData("journalctl --since '1 hour ago' -p err", "seed-journalctl")]
    [InlineData("docker ps", "seed-docker-ps")]
    [InlineData("docker ps -a --format '{{.Names}}'", "seed-docker-ps")]
    [InlineData("docker logs traefik --tail 100", "seed-docker-logs")]
    [InlineData("docker stats --no-stream", "seed-docker-stats")]
    [InlineData("docker stats", null)]
    [InlineData("systemctl restart docker", "seed-restart-docker")]
    [InlineData("systemctl restart traefik.service", "seed-restart-traefik")]
    [InlineData("systemctl restart adguardhome", "seed-restart-adguardhome")]
    [InlineData("systemctl restart ssh", null)]
    [InlineData("docker restart open-webui", "seed-docker-restart")]
    [InlineData("docker restart x; rm -rf /home", null)]
    [InlineData("docker restart x y", null)]
    [InlineData("docker restart --help", null)]
    [InlineData("df -h && reboot", null)]
    [InlineData("journalctl --vacuum-size=1", null)]
    [InlineData("journalctl --file /etc/shadow", null)]
    [InlineData("uptimed", null)]
    public void What_the_seed_meant_is_allowed_and_nothing_else(string line, string? rule)
    {
        var decision = s_policy.Decide(CommandLine.Read(line), s_dev);

        Assert.Equal(rule is null ? CommandVerdict.Deny : CommandVerdict.Allow, decision.Verdict);
        Assert.Equal(rule, decision.Rule);
    }

    [Fact]
    public void A_reboot_is_asked_for()
    {
        var decision = s_policy.Decide(CommandLine.Read("reboot"), s_dev);

        Assert.Equal((CommandVerdict.Approve, "seed-reboot", true, "host:dev"), (decision.Verdict, decision.Rule, decision.AsRoot, decision.Target.Key));
        Assert.Equal(CommandVerdict.Deny, s_policy.Decide(CommandLine.Read("reboot -f"), s_dev).Verdict);
    }

    [Theory]
    [InlineData("rm -rf /")]
    [InlineData("rm -fr /")]
    [InlineData("rm -r -f /home")]
    [InlineData("dd if=/dev/zero of=/dev/sda")]
    [InlineData("mkfs.ext4 /dev/sda1")]
    [InlineData("fdisk /dev/sda")]
    [InlineData("shutdown -h now")]
    public void What_the_seed_forbids_is_denied_by_a_rule_of_its_own(string line)
    {
        var decision = s_policy.Decide(CommandLine.Read(line), s_dev);

        Assert.Equal(CommandVerdict.Deny, decision.Verdict);
        Assert.StartsWith("seed-never-", decision.Rule, StringComparison.Ordinal);
    }

    [Fact]
    public void Its_network_is_that_of_the_tailnet_and_no_wider() => Assert.Equal(["100.64.0.0/10", "fd7a:115c:a1e0::/48"], Read().Policy.Ssh.Networks);

    [Fact]
    public void Rules_of_the_lab_file_stand_beside_it()
    {
        var lab = Read("policy: { commands: [ { run: [ id ], on: [ \"host:*\" ] } ] }");

        Assert.Equal(Read().Policy.Commands.Count + 1, lab.Policy.Commands.Count);
        Assert.Equal(CommandVerdict.Allow, new CommandPolicy(lab.Policy.Commands).Decide(["id"], s_dev).Verdict);
    }

    [Fact]
    public void A_lab_in_another_network_takes_the_commands_and_gives_its_own()
    {
        var lab = LabFolder.Parse("include: [ \"shipped:policy/seed-commands.yaml\" ]\npolicy: { ssh: { networks: [ 10.0.0.0/24 ] } }\n").Lab;

        Assert.Equal(["10.0.0.0/24"], lab.Policy.Ssh.Networks);
        Assert.Equal(Read().Policy.Commands.Select(static c => c.Name), lab.Policy.Commands.Select(static c => c.Name));
    }

    [Fact]
    public void What_is_not_shipped_cannot_be_included() =>
        Assert.Contains("no such file is shipped", Assert.Single(LabFolder.ProblemsOf("include: [ \"shipped:policy/../../secret.yaml\" ]")).Reason, StringComparison.Ordinal);

    private static LabDefinition Read(string more = "") => LabFolder.Parse($"include: [ \"shipped:policy/seed.yaml\" ]\n{more}\n").Lab;
}
