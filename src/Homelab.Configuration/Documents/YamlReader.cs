using System.Text.Json.Nodes;

namespace Homelab.Configuration;

/// <summary>Reads YAML of other programs as strictly as our own files: bounded, each key once, no tags. What could be read in two ways is not read.</summary>
public sealed class YamlReader : IYamlReader
{
    /// <inheritdoc/>
    public YamlReading Read(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var problems = new ProblemList();
        var documents = DocumentReader.Read("", text, problems);
        if (problems.First is { } problem) return new YamlReading(Document: null, problem.Path == ProblemList.WholeFile ? problem.Reason : $"{problem.Path} {problem.Reason}", problem.Position.Line);
        return documents switch
        {
            [] => new YamlReading(Document: null, Problem: null, 0),
            [var only] => new YamlReading(ToJson(only), Problem: null, 0),
            [_, var second, ..] => new YamlReading(Document: null, "holds more than one document", second.Position.Line),
            _ => new YamlReading(Document: null, "is no YAML", 1),
        };
    }

    private static JsonNode? ToJson(Node node) => node switch
    {
        ScalarNode { IsNull: true } => null,
        ScalarNode scalar => JsonValue.Create(scalar.Text),
        ListNode list => new JsonArray([.. list.Items.Select(ToJson)]),
        MappingNode mapping => new JsonObject(mapping.Entries.Select(static e => KeyValuePair.Create(e.Key, ToJson(e.Value)))),
        _ => throw new ArgumentOutOfRangeException(nameof(node), node, message: null),
    };
}
