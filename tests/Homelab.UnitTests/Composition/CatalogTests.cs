using System.Text;
using System.Text.RegularExpressions;
using Homelab.Tests;
using Homelab.UnitTests.Configuration;
using Homelab.UnitTests.PowerShell;

namespace Homelab.UnitTests.Composition;

public sealed partial class CatalogTests
{
    // Operations that the plan forgot, each with its reason.
    private static readonly Dictionary<string, string> s_unplanned = new(StringComparer.Ordinal)
    {
        ["proxmox_list_backups"] = "Restore-HlVm takes what it lists from the pipeline, over all storages at once.",
    };

    public static TheoryData<string> Operations => [.. CatalogBench.Catalog.All.Select(o => o.Descriptor.Name)];

    [Theory]
    [MemberData(nameof(Operations))]
    public void An_operation_says_what_it_does_with_two_examples(string name)
    {
        var descriptor = CatalogBench.Catalog.Find(name).Descriptor;
        Assert.EndsWith(".", descriptor.Summary, StringComparison.Ordinal);
        Assert.True(descriptor.Examples.Count >= 2, $"{name} has {descriptor.Examples.Count} examples.");
        // A result that cannot be written down would leave its change open in the journal.
        Assert.NotNull(HomelabJson.Options.GetTypeInfo(descriptor.ResultType));
        Assert.All(descriptor.Input.Properties, p => Assert.EndsWith(".", p.Description, StringComparison.Ordinal));
    }

    // What users need beside the plan.
    private static readonly HashSet<string> s_beyond = new(StringComparer.Ordinal) { "proxmox_token_script" };

    [Theory]
    [MemberData(nameof(Operations))]
    public void An_operation_is_as_it_was_planned(string name)
    {
        Assert.SkipWhen(Repository.Shared is null, "The plan of operations is not beside this checkout.");
        Assert.SkipWhen(s_unplanned.ContainsKey(name), s_unplanned.GetValueOrDefault(name) ?? "");
        var plan = File.ReadAllText(Path.Combine(Repository.Shared!, "operations.md"));
        var row = plan.Split('\n').FirstOrDefault(l => l.StartsWith("| ", StringComparison.Ordinal) && WordPattern().Matches(l.Split('|')[1]).Any(m => m.Value == name));
        if (row is null) Assert.Contains(name, s_beyond);
        if (row is null) return;
        // One row may plan several operations, and give each its own of what they do not share.
        var place = WordPattern().Matches(row.Split('|')[1]).Select(static m => m.Value).ToList().IndexOf(name);
        var cells = row.Split('|').Select(c => c.Split(',', StringSplitOptions.TrimEntries) is { Length: > 1 } own && place < own.Length ? own[place] : c.Split(',')[0].Trim()).ToArray();
        var descriptor = CatalogBench.Catalog.Find(name).Descriptor;
        var names = WordPattern().Matches(cells[1]).Select(static m => m.Value).ToArray();
        Assert.Equal(Own(3), ((int)descriptor.Level).ToString());
        Assert.Equal(Own(4), descriptor.Risk.ToString());
        Assert.Equal(Own(5), descriptor.Unattended switch { Requirement.Auto => "auto", Requirement.Ask => "ask", Requirement.AskTwice => "ask2", _ => "never" });

        // A row of several operations has one value for all of them, or one for each.
        string Own(int cell) => cells[cell].Split(", ") is { Length: > 1 } values && values.Length == names.Length ? values[Array.IndexOf(names, name)] : cells[cell];
    }

    [Fact]
    public void The_permission_matrix_of_the_seed_is_the_default_policy()
    {
        // Query status and view logs: automatic. Restart container: automatic. Stop container: approval.
        var decider = new Decider(new AccessPolicy { Webhook = Level.Manage }, new GatePolicy(), []);
        Assert.Equal(Requirement.Auto, Decide("docker_list_containers"));
        Assert.Equal(Requirement.Auto, Decide("docker_container_logs"));
        Assert.Equal(Requirement.Auto, Decide("docker_restart_container"));
        Assert.Equal(Requirement.Ask, Decide("docker_stop_container"));

        Requirement Decide(string operation) =>
            decider.Decide(CatalogBench.Catalog.Find(operation).Descriptor, new Target("container", "gitea", "dev"), new Caller(Face.Webhook, "hook"), DateTimeOffset.UnixEpoch).Verdict;
    }

    [Fact]
    public void The_page_of_the_catalog_is_that_of_the_code()
    {
        var page = new StringBuilder("# The catalog\n\nEvery operation, as the code has it. This page is written by a test.\n\n| operation | cmdlet | what it does | level | risk | unattended |\n|---|---|---|---|---|---|\n");
        foreach (var operation in CatalogBench.Catalog.All.Select(o => o.Descriptor))
        {
            var cmdlets = string.Join(", ", CmdletClass.All.Where(c => c.Operation == operation).Select(static c => $"`{c.Name}`"));
            page.Append($"| `{operation.Name}` | {cmdlets} | {operation.Summary} | {(int)operation.Level} {operation.Level} | {operation.Risk} | {HomelabNames.Of(operation.Unattended)} |\n");
        }

        PublishedFile.AssertIs("docs/catalog.md", page.ToString());
    }

    [GeneratedRegex("[a-z0-9_]+", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex WordPattern();
}
