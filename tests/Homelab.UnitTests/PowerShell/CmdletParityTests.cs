using System.Management.Automation;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using Homelab.Tests;
using Homelab.UnitTests.Composition;

namespace Homelab.UnitTests.PowerShell;

/// <summary>The cmdlets are what the catalog and the house's rules say, and the manifest says what the cmdlets are.</summary>
public sealed partial class CmdletParityTests
{
    // Operations without a cmdlet, each with its reason.
    private static readonly Dictionary<string, string> s_without = new(StringComparer.Ordinal)
    {
        ["approval_list"] = "Get-HlApproval, written by hand: it returns the questions as they are kept.",
        ["audit_list"] = "Get-HlAudit, written by hand: it returns the lines with their hashes.",
        ["audit_verify"] = "Test-HlAudit, written by hand, which can be asked for true or false alone.",
        ["heal_explain"] = "Get-HlDecision, written by hand: it also knows cmdlets, and explains for other callers.",
        ["heal_list_incidents"] = "Get-HlIncident, written by hand: it returns the incidents as they are kept.",
        ["heal_run"] = "Invoke-HlHeal, written by hand: it asks at the prompt, and plans.",
        ["runbook_check"] = "Test-HlRunbook, written by hand: it also checks files that are not the lab's yet.",
        ["runbook_list"] = "Get-HlRunbook, written by hand: it returns the runbooks themselves.",
        ["runbook_run"] = "Invoke-HlRunbook, written by hand: it asks at the prompt, and plans.",
        ["host_unit_status"] = "Get-HlUnit with a name: one cmdlet, written by hand, is the face of a list and of one.",
        ["mcp_allow_client"] = "Only the OAuth page can ask it; a person answers with Approve-HlApproval.",
        ["proxmox_stop_vm"] = "Stop-HlVm -TurnOff: one cmdlet, written by hand, is the face of two operations.",
        ["proxmox_task_status"] = "Get-HlTask of one task: one cmdlet, written by hand, is the face of a list and of one.",
        ["truenas_dataset_info"] = "Get-HlDataset with a name: one cmdlet, written by hand, is the face of a list and of one.",
    };

    // Nouns that end in an s and are singular.
    private static readonly HashSet<string> s_singular = new(StringComparer.Ordinal) { "HlDns", "HlZfs", "HlTls", "HlVmStatus", "HlHostProcess", "HlNas" };

    // Numbers of something: one of it would mean another thing.
    private static readonly HashSet<string> s_counts = new(StringComparer.Ordinal) { "MinDays" };

    private static readonly HashSet<string> s_verbs = new(
        typeof(Cmdlet).Assembly.GetTypes()
            .Where(static t => t is { IsPublic: true, IsAbstract: true, IsSealed: true } && t.Name.StartsWith("Verbs", StringComparison.Ordinal))
            .SelectMany(static t => t.GetFields().Where(static f => f.IsLiteral).Select(static f => (string)f.GetRawConstantValue()!)),
        StringComparer.Ordinal);

    public static TheoryData<string> Names => [.. CmdletClass.All.Select(static c => c.Name)];

    public static TheoryData<string> Operations => [.. CatalogBench.Catalog.All.Select(static o => o.Descriptor.Name)];

    [Theory]
    [MemberData(nameof(Operations))]
    public void An_operation_has_one_cmdlet_or_a_reason_for_none(string operation)
    {
        var faces = CmdletClass.All.Where(c => c.Operation?.Name == operation).ToArray();
        if (s_without.ContainsKey(operation)) Assert.Empty(faces);
        else Assert.Single(faces);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_cmdlet_has_the_name_and_the_class_of_its_kind(string name)
    {
        var cmdlet = Find(name);
        Assert.Contains(cmdlet.Verb, s_verbs);
        Assert.Matches(NounPattern(), cmdlet.Noun);
        Assert.True(!cmdlet.Noun.EndsWith('s') || s_singular.Contains(cmdlet.Noun), $"{cmdlet.Noun} is no singular; list it here if it is.");
        Assert.Equal($"{cmdlet.Verb}{cmdlet.Noun}Command", cmdlet.Type.Name);
        Assert.True(cmdlet.Type is { IsPublic: true, IsSealed: true }, $"{cmdlet.Type.Name} is not public and sealed.");
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_cmdlet_says_what_it_returns_and_that_can_be_named_and_seen(string name)
    {
        var cmdlet = Find(name);
        if (cmdlet.Operation is { } operation) Assert.Equal(cmdlet.Parameters.Any(static p => p.Name == "Quiet") ? [operation.ResultType, typeof(bool)] : [operation.ResultType], cmdlet.OutputTypes);
        foreach (var type in cmdlet.OutputTypes.Where(static t => t.Namespace == "Homelab"))
        {
            Assert.Contains(type, cmdlet.Type.Assembly.GetForwardedTypes());
            Assert.True(FormatFiles.Views.Any(v => v.Type == type && v.Columns.Count > 0), $"{type.Name} has no table in the views of the module.");
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_cmdlet_asks_before_it_changes_and_only_then(string name)
    {
        var cmdlet = Find(name);
        if (cmdlet.Operation is { } operation) Assert.Equal(operation.IsChange, cmdlet.SupportsShouldProcess);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_cmdlet_that_tests_can_be_asked_for_true_or_false_alone(string name)
    {
        var cmdlet = Find(name);
        var judges = cmdlet is { Verb: "Test", Operation: { } operation } && typeof(IVerdict).IsAssignableFrom(operation.ResultType);
        if (cmdlet.Operation is not null) Assert.Equal(judges, cmdlet.Parameters.Any(static p => p.Name == "Quiet"));
        if (cmdlet.Verb == "Test" && cmdlet.Operation is not null) Assert.True(judges, $"{name} returns {cmdlet.Operation.ResultType.Name}, which does not say whether it is good: make it an IVerdict.");
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Parameters_are_singular_and_spelled_out(string name)
    {
        foreach (var parameter in Find(name).Parameters)
        {
            Assert.Matches(ParameterPattern(), parameter.Name);
            Assert.True(!PluralPattern().IsMatch(parameter.Name) || s_counts.Contains(parameter.Name), $"-{parameter.Name} is no singular.");
            Assert.All(parameter.Aliases, static a => Assert.True(a.Length > 1, $"-{a} is no word."));
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Help_has_what_it_needs(string name)
    {
        var cmdlet = Find(name);
        Assert.True(cmdlet.Description is { Length: > 0 }, $"{name} has no description: put [Description] on {cmdlet.Type.Name}.");
        Assert.EndsWith(".", cmdlet.Description, StringComparison.Ordinal);
        Assert.True(cmdlet.Examples.Count >= 2, $"{name} has {cmdlet.Examples.Count} examples: put two [Example] on {cmdlet.Type.Name}.");
        foreach (var parameter in cmdlet.Parameters)
        {
            Assert.True(parameter.Description is { Length: > 0 }, $"{name} -{parameter.Name} has no description: put [Description] on the property.");
            Assert.EndsWith(".", parameter.Description, StringComparison.Ordinal);
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void The_first_example_shows_the_cmdlet_it_is_for(string name) =>
        Assert.Contains(name, Find(name).Examples[0].Command, StringComparison.Ordinal);

    [Fact]
    public void The_manifest_exports_the_cmdlets_in_order()
    {
        var list = Regex.Match(Manifest(), @"CmdletsToExport = @\((?<names>[^)]*)\)", RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(1)).Groups["names"].Value;
        Assert.Equal(CmdletClass.All.Select(static c => c.Name), QuotedPattern().Matches(list).Select(static m => m.Groups["text"].Value));
    }

    [Fact]
    public void The_manifest_has_the_version_of_the_build()
    {
        var version = Regex.Match(File.ReadAllText(Path.Join(Repository.Root, "Directory.Build.props")), "<Version>(?<version>[^<]+)</Version>", RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(1)).Groups["version"].Value;
        Assert.Contains($"ModuleVersion = '{version}'", Manifest(), StringComparison.Ordinal);
    }

    [Fact]
    public void The_manifest_names_every_file_of_views()
    {
        var list = Regex.Match(Manifest(), @"FormatsToProcess = @\((?<names>[^)]*)\)", RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(1)).Groups["names"].Value;
        Assert.Equal(FormatFiles.Names.Order(StringComparer.Ordinal), QuotedPattern().Matches(list).Select(static m => m.Groups["text"].Value).Order(StringComparer.Ordinal));
    }

    private static CmdletClass Find(string name) => CmdletClass.All.Single(c => c.Name == name);

    private static string Manifest() => File.ReadAllText(Path.Join(Repository.Root, "module", "Homelab.PowerShell.psd1"));

    // Status, Access and Analysis end in an s and are one thing.
    [GeneratedRegex("[^sui]s$", RegexOptions.None, matchTimeoutMilliseconds: 60_000)]
    private static partial Regex PluralPattern();

    // Hl alone is the lab itself: Connect-Hl.
    [GeneratedRegex("^Hl([A-Z][A-Za-z0-9]+)?$", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 60_000)]
    private static partial Regex NounPattern();

    [GeneratedRegex("^[A-Z][A-Za-z0-9]+$", RegexOptions.None, matchTimeoutMilliseconds: 60_000)]
    private static partial Regex ParameterPattern();

    [GeneratedRegex("'(?<text>[^']+)'", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 60_000)]
    private static partial Regex QuotedPattern();
}
