using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Homelab.Composition.Clients;
using Homelab.Tests;

namespace Homelab.UnitTests.Composition.Clients;

public sealed partial class SkillBookTests
{
    // Words of summaries that look like a tool: an event of Docker.
    private static readonly string[] s_words = ["health_status"];

    // What agentskills.io allows.
    private const int LongestDescription = 1024;

    private static readonly LabDefinition s_lab = new()
    {
        Name = "thinmint",
        Access = new AccessPolicy { Mcp = Level.Operate, Identities = new Dictionary<string, Level>(StringComparer.Ordinal) { ["mcp:boss"] = Level.Manage, ["mcp:guest"] = Level.Monitor } },
        Hosts = new Dictionary<string, HostDefinition>(StringComparer.Ordinal) { ["dev"] = new() { Address = "100.64.7.12", Role = "builds | tests", On = "pve" } },
        Services = new Dictionary<string, ServiceDefinition>(StringComparer.Ordinal)
        {
            ["gitea"] = new()
            {
                Container = ContainerRef.Parse("gitea@dev", null),
                Tier = ServiceTier.Critical,
                DependsOn = ["dns"],
                Hint = "the password is under the mat",
                Check = new CheckDefinition { Http = new Uri("https://anna:hunter2@git.example.net/api?token=hunter3"), Tcp = "100.64.7.12:22" },
            },
            ["dev"] = new() { Vm = VmRef.Parse("dev", null), Monitor = "Dev\nVM" },
        },
        Hooks = new Dictionary<string, HookDefinition>(StringComparer.Ordinal) { ["uptime-alert"] = new() { Token = SecretReference.Parse("env:HOOK_TOKEN", null) } },
    };

    public static TheoryData<string, SkillClient> All => new(SkillBook.Names.SelectMany(n => Enum.GetValues<SkillClient>().Select(c => (n, c))));

    [Fact]
    public void There_are_the_five_skills() =>
        Assert.Equal(["docker-control", "n8n-workflows", "network-diagnostics", "proxmox-control", "uptime-kuma"], SkillBook.Names);

    [Theory]
    [MemberData(nameof(All))]
    public void Every_tool_that_a_skill_names_is_in_the_catalog(string name, SkillClient client)
    {
        var named = ToolPattern().Matches(Write(name, client)).Select(static m => m.Value).ToHashSet(StringComparer.Ordinal);
        Assert.NotEmpty(named);
        Assert.Empty(named.Except(s_words).Except(CatalogBench.Catalog.All.Select(static o => o.Descriptor.Name)));
    }

    [Theory]
    [MemberData(nameof(All))]
    public void What_a_skill_says_of_a_tool_is_what_the_catalog_and_the_gate_say(string name, SkillClient client)
    {
        foreach (var (identity, level) in new[] { ("boss", Level.Manage), ("anybody", Level.Operate), ("guest", Level.Monitor) })
        {
            var text = Write(name, client, identity);
            Assert.Contains($"The level of this client is *{HomelabNames.Of(level)}*", text, StringComparison.Ordinal);
            var rows = RowPattern().Matches(text);
            Assert.NotEmpty(rows);
            foreach (var row in rows.AsEnumerable())
            {
                var operation = CatalogBench.Catalog.Find(row.Groups["tool"].Value).Descriptor;
                Assert.Equal($"{(int)operation.Level} {HomelabNames.Of(operation.Level)}", row.Groups["level"].Value);
                var expected = operation.Level > level ? "not offered" : operation.Unattended switch { Requirement.Auto => "free", Requirement.Ask => "a person is asked", Requirement.AskTwice => "two confirmations of people", _ => "not offered" };
                Assert.Equal((operation.Name, expected), (operation.Name, row.Groups["you"].Value));
            }
        }
    }

    [Theory]
    [MemberData(nameof(All))]
    public void The_front_matter_is_what_the_client_reads(string name, SkillClient client)
    {
        var lines = Write(name, client).Split('\n');
        var end = Array.IndexOf(lines, "---", 1);
        var head = lines[1..end].Select(static l => l.Split(": ", 2)).ToDictionary(static l => l[0], static l => l[1], StringComparer.Ordinal);
        Assert.Equal("---", lines[0]);
        Assert.Equal(name, head["name"]);
        Assert.InRange(((string)JsonNode.Parse(head["description"])!).Length, 40, LongestDescription);
        Assert.Equal(client is SkillClient.OpenClaw ? ["name", "description", "metadata"] : (string[])["name", "description"], head.Keys);
        if (client is SkillClient.OpenClaw) Assert.Equal("mcp.servers.lab2", (string?)JsonNode.Parse(head["metadata"])!["openclaw"]!["requires"]!["config"]![0]);
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Nothing_is_left_unfilled_and_nothing_secret_is_in_it(string name, SkillClient client)
    {
        var text = Write(name, client);
        Assert.DoesNotContain("{{", text, StringComparison.Ordinal);
        foreach (var secret in (string[])["hunter", "anna", "HOOK_TOKEN", "under the mat"]) Assert.DoesNotContain(secret, text, StringComparison.Ordinal);
        Assert.Contains("approval_wait", text, StringComparison.Ordinal);
        Assert.Contains("thinmint", text, StringComparison.Ordinal);
        Assert.EndsWith("\n", text, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Addresses_are_left_out_where_they_are_not_wanted(string name, SkillClient client) =>
        Assert.DoesNotMatch(@"100\.64\.7|example\.net", Write(name, client, showsAddresses: false));

    [Theory]
    [InlineData("network-diagnostics", @"| dev | builds \| tests | pve | 100.64.7.12 |")]
    [InlineData("network-diagnostics", "| gitea | critical | dev | dns | http https://git.example.net/api, tcp 100.64.7.12:22 |")]
    [InlineData("docker-control", "| gitea | gitea@dev | critical | dns |")]
    [InlineData("proxmox-control", "| dev | dev | standard |")]
    [InlineData("uptime-kuma", "| dev | Dev VM | standard |  |")]
    [InlineData("n8n-workflows", "| /hooks/uptime-alert | kuma |")]
    public void The_lab_is_in_its_tables_and_no_text_of_it_breaks_them(string name, string row) => Assert.Contains(row, Write(name, SkillClient.Claude).Split('\n'));

    [Fact]
    public void Every_route_that_is_told_to_n8n_is_one_of_ours()
    {
        var routes = RoutePattern().Matches(Write("n8n-workflows", SkillClient.OpenClaw)).Select(static m => m.Value).ToArray();
        var documented = File.ReadAllText(Path.Combine(Repository.Root, "docs", "rest.md"));
        Assert.NotEmpty(routes);
        Assert.All(routes, r => Assert.Contains(r, documented, StringComparison.Ordinal));
    }

    [Fact]
    public void A_lab_of_nothing_has_sentences_in_place_of_tables()
    {
        var text = new SkillBook(new LabDefinition(), CatalogBench.Catalog, new Decider(new AccessPolicy(), new GatePolicy(), []), showsAddresses: true).Write("network-diagnostics", SkillClient.Claude, "homelab", "x");
        Assert.Contains("The lab file names no hosts.", text, StringComparison.Ordinal);
        Assert.Contains("The lab file names no services.", text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_skill_that_is_not_there_is_told_with_those_that_are()
    {
        var refused = Assert.Throws<HomelabException>(() => Write("docker", SkillClient.Claude));
        Assert.Equal((ErrorKind.NotFound, "SkillNotFound"), (refused.Kind, refused.Id));
        Assert.Contains("docker-control", refused.Message, StringComparison.Ordinal);
    }

    private static string Write(string name, SkillClient client, string identity = "anybody", bool showsAddresses = true) =>
        new SkillBook(s_lab, CatalogBench.Catalog, new Decider(s_lab.Access, s_lab.Policy, []), showsAddresses).Write(name, client, "lab2", identity);

    [GeneratedRegex("(?<![A-Za-z0-9_$])[a-z][a-z0-9]*(_[a-z0-9]+)+(?![A-Za-z0-9_])", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 60_000)]
    private static partial Regex ToolPattern();

    [GeneratedRegex("`(GET|POST) /api/[^`]+`", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 60_000)]
    private static partial Regex RoutePattern();

    [GeneratedRegex(@"^\| `(?<tool>[a-z0-9_]+)` \| .+ \| (?<level>\d \w+) \| (?<you>[a-z ]+) \|$", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture | RegexOptions.Multiline, matchTimeoutMilliseconds: 60_000)]
    private static partial Regex RowPattern();
}
