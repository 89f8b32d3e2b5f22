using System.Text.RegularExpressions;
using Homelab.Automation.Runbooks;
using Homelab.Configuration;
using Homelab.Tests;
using Homelab.UnitTests.Composition;
using Homelab.UnitTests.Configuration;

namespace Homelab.UnitTests.PowerShell.Help;

/// <summary>The topics of Get-Help about_Homelab.</summary>
public sealed partial class TopicTests
{
    private const int Width = 80;
    private const string Extension = ".help.txt";

    internal static IReadOnlyList<string> Names { get; } = [.. Repository.Files("module/en-US", "about_*" + Extension).Select(static f => Path.GetFileName(f)[..^Extension.Length])];

    public static TheoryData<string> Topics => [.. Names];

    [Theory]
    [MemberData(nameof(Topics))]
    public void A_topic_fits_a_narrow_window(string topic) =>
        Assert.All(Lines(topic), static l => Assert.True(l.Length <= Width && l.TrimEnd() == l && !l.Contains('\t', StringComparison.Ordinal), l));

    // Get-Help lists topics with what stands below SHORT DESCRIPTION.
    [Theory]
    [MemberData(nameof(Topics))]
    public void A_topic_has_the_parts_of_one(string topic)
    {
        var lines = Lines(topic);
        Assert.Equal(["TOPIC", "    " + topic, "", "SHORT DESCRIPTION"], lines.Take(4));
        Assert.Contains("EXAMPLES", lines);
        Assert.Contains("SEE ALSO", lines);
    }

    [Theory]
    [MemberData(nameof(Topics))]
    public void A_topic_names_only_what_exists(string topic)
    {
        var text = string.Join('\n', Lines(topic));
        Assert.Empty(CmdletPattern().Matches(text).Select(static m => m.Value).Except(CmdletClass.All.Select(static c => c.Name)));
        Assert.Empty(TopicPattern().Matches(text).Select(static m => m.Value).Except(Names));
        Assert.Empty(OperationPattern().Matches(text).Select(static m => m.Value).Except(CatalogBench.Catalog.All.Select(static o => o.Descriptor.Name)));
    }

    [Fact]
    public void The_lab_file_that_is_shown_is_read_without_a_warning()
    {
        using var folder = new LabFolder();
        Assert.Empty(folder.Write("lab.yaml", Yaml("about_Homelab_LabFile")).Read().Warnings);
    }

    [Fact]
    public void The_runbook_that_is_shown_has_no_mistake()
    {
        using var folder = new LabFolder();
        var runbook = Assert.Single(RunbookReader.Read(Path.Join(folder.Write("runbook.yaml", Yaml("about_Homelab_Runbooks")).Root, "runbook.yaml")));
        Assert.Empty(new RunbookChecker(CatalogBench.Catalog, new Decider(new AccessPolicy(), new GatePolicy(), [])).Check(runbook));
    }

    // The block that begins with its apiVersion and ends with an empty line.
    private static string Yaml(string topic) =>
        string.Join('\n', Lines(topic).SkipWhile(static l => !l.StartsWith("        apiVersion", StringComparison.Ordinal)).TakeWhile(static l => l.Length > 0).Select(static l => l["        ".Length..])) + "\n";

    private static string[] Lines(string topic) => File.ReadAllText(Path.Join(Repository.Root, "module", "en-US", topic + Extension)).ReplaceLineEndings("\n").TrimEnd('\n').Split('\n');

    [GeneratedRegex(@"\b[A-Z][a-z]+-Hl[A-Za-z]*", RegexOptions.None, matchTimeoutMilliseconds: 60_000)]
    private static partial Regex CmdletPattern();

    [GeneratedRegex("about_Homelab[A-Za-z_]*", RegexOptions.None, matchTimeoutMilliseconds: 60_000)]
    private static partial Regex TopicPattern();

    [GeneratedRegex(@"\b(docker|dns|kuma|network|tailscale)_[a-z]+(_[a-z]+)*\b", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 60_000)]
    private static partial Regex OperationPattern();
}
