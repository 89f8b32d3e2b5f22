using System.Text;
using System.Text.Json.Nodes;
using Homelab.Configuration;
using Homelab.Tests;

namespace Homelab.UnitTests.Configuration;

/// <summary>docs/lab-file.md: its tables are written from the schema, its example is read.</summary>
public sealed class LabFilePageTests
{
    private const string Page = "docs/lab-file.md";
    private const string End = "of the configuration. -->\n";

    private static string Written()
    {
        var page = File.ReadAllText(Path.Join(Repository.Root, Page)).ReplaceLineEndings("\n");
        return page[..(page.IndexOf(End, StringComparison.Ordinal) + End.Length)];
    }

    [Fact]
    public void The_tables_of_the_page_are_those_of_the_types() => PublishedFile.AssertIs(Page, Written() + Tables(SchemaWriter.Lab(SchemaTests.Providers)));

    [Fact]
    public void The_example_of_the_page_is_read_without_a_warning()
    {
        var page = Written();
        var start = page.IndexOf("```yaml\n", StringComparison.Ordinal) + "```yaml\n".Length;
        using var folder = new LabFolder();
        Assert.Empty(folder.Write("lab.yaml", page[start..page.IndexOf("```\n", start, StringComparison.Ordinal)]).Read().Warnings);
    }

    private static string Tables(JsonObject schema)
    {
        var places = new OrderedDictionary<JsonObject, List<string>> { [schema] = ["At the top"] };
        var open = new Queue<(string Path, JsonObject Record)>([("", schema)]);
        while (open.TryDequeue(out var next))
        {
            foreach (var (key, property) in next.Record["properties"]!.AsObject())
            {
                foreach (var (path, record) in Records(schema, property!.AsObject(), next.Path.Length == 0 ? key : $"{next.Path}.{key}"))
                {
                    if (places.TryAdd(record, [])) open.Enqueue((path, record));
                    places[record].Add($"`{path}`");
                }
            }
        }

        return string.Concat(places.Select(static p => Table(string.Join(", ", p.Value), p.Key)));
    }

    private static string Table(string heading, JsonObject record)
    {
        var text = new StringBuilder($"\n### {heading}\n\n| key | what | value |\n|---|---|---|\n");
        var required = record["required"]?.AsArray().Select(static r => (string)r!).ToArray() ?? [];
        foreach (var (key, property) in record["properties"]!.AsObject())
        {
            var mark = required.Contains(key, StringComparer.Ordinal) ? " (required)" : "";
            var what = ((string)property!["description"]!).Replace("*", "\\*", StringComparison.Ordinal);
            text.Append($"| `{key}`{mark} | {what} | {Value(property.AsObject())} |\n");
        }

        return text.ToString();
    }

    private static IEnumerable<(string Path, JsonObject Record)> Records(JsonObject schema, JsonObject property, string path)
    {
        if (property["$ref"] is { } reference) yield return (path, (JsonObject)schema["$defs"]![((string)reference!)["#/$defs/".Length..]]!);
        IEnumerable<(JsonNode? Node, string Path)> below =
        [
            (property["items"], path + "[]"),
            (property["additionalProperties"], path + ".<name>"),
            .. (property["properties"]?.AsObject() ?? []).Select(p => (p.Value, $"{path}.{p.Key}")),
            .. (property["oneOf"]?.AsArray() ?? []).Select(o => (o, path)),
        ];
        foreach (var record in below.Where(static b => b.Node is JsonObject).SelectMany(b => Records(schema, (JsonObject)b.Node!, b.Path))) yield return record;
    }

    private static string Value(JsonObject property)
    {
        var byDefault = property["default"] is { } value ? $"; `{(value is JsonArray list ? string.Join(", ", list) : value.ToString())}` when not given" : "";
        return Form(property) + byDefault;
    }

    private static string Form(JsonObject property)
    {
        if (property["const"] is { } only) return $"`{only}`";
        if (property["enum"] is JsonArray names) return string.Join(", ", names.Select(static n => $"`{n}`"));
        if (property["oneOf"] is JsonArray options) return string.Join(" or ", options.Select(static o => Form((JsonObject)o!)));
        if (property["$ref"] is not null) return "mapping";
        var pattern = (string?)property["pattern"] ?? "";
        if (pattern.StartsWith("^(env:", StringComparison.Ordinal)) return "secret";
        if (property["type"] is JsonArray) return property.ContainsKey("pattern") ? "duration" : "text";
        return (string)property["type"]! switch
        {
            "object" => property["additionalProperties"] is JsonObject each ? $"mapping of names, each: {Form(each)}" : "mapping of names",
            "array" => $"list of: {Form((JsonObject)property["items"]!)}",
            "integer" or "number" => property["minimum"] is { } least ? $"number, {least} to {property["maximum"]}" : "number",
            "boolean" => "`true` or `false`",
            _ => pattern.StartsWith(@"^\d{1,2}:", StringComparison.Ordinal) ? "time of day" : (string?)property["format"] == "uri" ? "address" : "text",
        };
    }
}
