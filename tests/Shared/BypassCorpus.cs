using System.Globalization;
using YamlDotNet.RepresentationModel;

namespace Homelab.Tests;

/// <summary>The published bypass corpus: <c>docs/bypass-corpus.yaml</c>, whose head says what its fields mean.</summary>
public static class BypassCorpus
{
    /// <summary>The lab file in which its cases are asked for.</summary>
    public static string LabFile { get; } = Path.Join(Repository.Root, "docs", "bypass-lab.yaml");

    /// <summary>Its families, in order.</summary>
    public static IReadOnlyList<BypassFamily> Families { get; } = Read();

    /// <summary>All its cases.</summary>
    public static IEnumerable<BypassCase> Cases => Families.SelectMany(static f => f.Cases);

    private static BypassFamily[] Read()
    {
        using var text = File.OpenText(Path.Join(Repository.Root, "docs", "bypass-corpus.yaml"));
        var stream = new YamlStream();
        stream.Load(text);
        return [.. List(stream.Documents[0].RootNode, "families").Select(static f => new BypassFamily(Text(f, "name")!, Text(f, "purpose") ?? "", [.. List(f, "cases").Select(c => CaseOf(f, c))]))];
    }

    private static BypassCase CaseOf(YamlNode family, YamlNode node) => new(Text(node, "id")!, Text(family, "name")!)
    {
        Line = Text(node, "line") + string.Concat(Enumerable.Repeat(Text(node, "repeat") ?? "", int.Parse(Text(node, "times") ?? "0", CultureInfo.InvariantCulture))) + Text(node, "end"),
        Words = Words(node, "words") ?? [],
        Host = Text(node, "host") ?? "dev",
        Face = Enum.Parse<Face>(Text(node, "face") ?? "mcp", ignoreCase: true),
        Expect = Text(node, "expect")!,
        Rule = Text(node, "rule"),
        Runs = Words(node, "runs"),
        Why = Text(node, "why") ?? "",
    };

    private static IEnumerable<YamlNode> List(YamlNode node, string key) => (YamlSequenceNode)node[key];

    private static string? Text(YamlNode node, string key) => ((YamlMappingNode)node).Children.TryGetValue(key, out var value) ? ((YamlScalarNode)value).Value : null;

    private static string[]? Words(YamlNode node, string key) =>
        ((YamlMappingNode)node).Children.TryGetValue(key, out var value) ? [.. ((YamlSequenceNode)value).Select(static w => ((YamlScalarNode)w).Value!)] : null;
}

/// <summary>Cases of one kind.</summary>
/// <param name="Name">What it is called.</param>
/// <param name="Purpose">What its cases try.</param>
/// <param name="Cases">Its cases.</param>
public sealed record BypassFamily(string Name, string Purpose, IReadOnlyList<BypassCase> Cases);

/// <summary>A command that somebody asks for, and what is right then.</summary>
/// <param name="Id">Its name.</param>
/// <param name="Family">The name of its family.</param>
public sealed record BypassCase(string Id, string Family)
{
    /// <summary>The line is no plain command.</summary>
    public const string Refused = "refused";

    /// <summary>No rule allows it.</summary>
    public const string Denied = "denied";

    /// <summary>A person has to agree first.</summary>
    public const string Approve = "approve";

    /// <summary>It runs.</summary>
    public const string Allowed = "allowed";

    /// <summary>The command.</summary>
    public required string Line { get; init; }

    /// <summary>Further words, taken as they are.</summary>
    public required IReadOnlyList<string> Words { get; init; }

    /// <summary>The host as somebody names it.</summary>
    public required string Host { get; init; }

    /// <summary>The way it is asked for.</summary>
    public required Face Face { get; init; }

    /// <summary>What is right: one of the four above, or the id of an error.</summary>
    public required string Expect { get; init; }

    /// <summary>The rule that must speak, with wildcards; any where null.</summary>
    public string? Rule { get; init; }

    /// <summary>What is executed, where it may run; the words it is read as where null.</summary>
    public IReadOnlyList<string>? Runs { get; init; }

    /// <summary>Why.</summary>
    public required string Why { get; init; }

    /// <summary>True when the lab knows its host.</summary>
    public bool HasHost => Expect is Refused or Denied or Approve or Allowed;

    /// <inheritdoc/>
    public override string ToString() => $"{Id}: {ForeignText.Clean(Line, 100)} {string.Join(' ', Words.Select(static w => ForeignText.Clean(w, 40)))} ({Why})";
}
