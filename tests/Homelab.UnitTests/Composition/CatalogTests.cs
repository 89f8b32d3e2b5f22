using System.Text;
using System.Text.RegularExpressions;
using Homelab.Tests;
using Homelab.UnitTests.Configuration;
using Homelab.UnitTests.PowerShell;

namespace Homelab.UnitTests.Composition;

public sealed partial class CatalogTests
{
    // Operations that came after the plan, each with what it is for.
    private static readonly Dictionary<string, string> s_later = new(StringComparer.Ordinal)
    {
        ["access_create_key"] = "Keys for programs are made where they are known, and never shown twice.",
        ["access_list_keys"] = "Who was given a key can be seen; it only looks.",
        ["access_revoke_key"] = "A key can be taken back at once.",
        ["alertmanager_list_silences"] = "What was silenced can be seen, and piped to Remove-HlSilence; it only looks.",
        ["heal_state"] = "Whoever finds nothing healed can see who suspended it; it only looks.",
        ["mcp_allow_client"] = "A person lets an AI client in, by the same questions as for everything else.",
        ["mcp_list_clients"] = "Who comes in by OAuth can be seen; it only looks.",
        ["mcp_remove_client"] = "What an OAuth client was given can be taken back.",
        ["proxmox_console_url"] = "The address of a guest's console; it only looks.",
        ["proxmox_list_backups"] = "Restore-HlVm takes what it lists from the pipeline, over all storages at once.",
        ["proxmox_token_script"] = "The lines that make a token with the least rights; it only writes them.",
        ["ssh_create_key"] = "A first key is made where the lab file expects it, and never twice.",
        ["ssh_list_host_keys"] = "What is trusted can be seen; it only looks.",
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

    [Theory]
    [MemberData(nameof(Operations))]
    public void An_operation_is_as_it_was_planned(string name)
    {
        Assert.SkipWhen(Repository.Shared is null, "The plan of operations is not beside this checkout.");
        var plan = File.ReadAllText(Path.Combine(Repository.Shared!, "operations.md"));
        var row = plan.Split('\n').FirstOrDefault(l => l.StartsWith("| ", StringComparison.Ordinal) && WordPattern().Matches(l.Split('|')[1]).Any(m => m.Value == name));
        // Exactly the operations of one of the two are the catalog: what has come into the plan since leaves the list.
        Assert.Equal(row is null, s_later.ContainsKey(name));
        if (row is null) return;
        var cells = row.Split('|').Select(static c => c.Trim()).ToArray();
        var names = WordPattern().Matches(cells[1]).Select(static m => m.Value).ToArray();
        var descriptor = CatalogBench.Catalog.Find(name).Descriptor;
        Assert.Equal(Own(3), ((int)descriptor.Level).ToString());
        Assert.Equal(Own(4), descriptor.Risk.ToString());
        // Each table says which columns it has.
        var lines = plan.Split('\n');
        var head = lines.Take(Array.IndexOf(lines, row)).Last(static l => l.StartsWith("| operation ", StringComparison.Ordinal)).Split('|').Select(static c => c.Trim()).ToArray();
        // The lab file's own list of commands is what says yes or no there.
        var told = Array.IndexOf(head, "unattended") is > 0 and var at ? Own(at) : descriptor.Risk == Risk.Read ? "auto" : "ask";
        var unattended = told.StartsWith("command policy", StringComparison.Ordinal) || told is "allow-listed auto, else ask" or "per step" ? "auto" : told.Split(" (")[0];
        // What is automatic while a resource runs short is a runbook's own policy; the operation itself is asked for.
        if (unattended == "auto in resource-pressure, else ask") unattended = "ask";
        Assert.Equal(unattended, descriptor.Unattended switch { Requirement.Auto => "auto", Requirement.Ask => "ask", Requirement.AskTwice => "ask2", _ => "never" });

        // Only the tables that have such a column plan any.
        var aliases = Array.FindIndex(head, static h => h is "aliases" or "alias") is > 0 and var column ? cells[column].Split(", ", StringSplitOptions.RemoveEmptyEntries) : [];
        Assert.Equal(aliases.Order(StringComparer.Ordinal), descriptor.Aliases.Order(StringComparer.Ordinal));

        // A row of several operations has one value for all of them, or one for each.
        string Own(int cell) => cells[cell].Split(", ") is { Length: > 1 } values && values.Length == names.Length ? values[Array.IndexOf(names, name)] : cells[cell];
    }

    [Fact]
    public void The_permission_matrix_of_the_seed_is_the_default_policy()
    {
        // Query status and view logs: automatic. Restart container: automatic. Stop container, reboot VM, modify firewall: approval. Delete VM: two.
        var decider = new Decider(new AccessPolicy { Webhook = Level.Manage }, new GatePolicy(), []);
        Assert.Equal(Requirement.Auto, Decide("docker_list_containers"));
        Assert.Equal(Requirement.Auto, Decide("docker_container_logs"));
        Assert.Equal(Requirement.Auto, Decide("docker_restart_container"));
        Assert.Equal(Requirement.Ask, Decide("docker_stop_container"));
        Assert.Equal(Requirement.Ask, Decide("proxmox_reboot_vm"));
        Assert.Equal(Requirement.Ask, Decide("proxmox_set_firewall_rule"));
        Assert.Equal(Requirement.AskTwice, Decide("proxmox_delete_vm"));

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

    [GeneratedRegex("[a-z0-9_]+", RegexOptions.None, matchTimeoutMilliseconds: 60_000)]
    private static partial Regex WordPattern();
}
