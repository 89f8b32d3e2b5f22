using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Homelab.Host.Mcp;
using Homelab.UnitTests.Composition;

namespace Homelab.SystemTests.Mcp;

/// <summary>A schema is a promise: what it takes, the gate's binder takes.</summary>
public sealed class InputSchemaTests
{
    private static readonly string[] s_texts = ["gitea", "0f", "/pool/lab", "anna@pve", new string('0', 64), "SHA256:" + new string('A', 43), Guid.Empty.ToString()];

    public static TheoryData<string> Operations => [.. CatalogBench.Catalog.All.Select(o => o.Descriptor.Name)];

    [Theory]
    [MemberData(nameof(Operations))]
    public void What_the_schema_takes_the_gate_takes(string name)
    {
        var shape = CatalogBench.Catalog.Find(name).Descriptor.Input;
        var schema = JsonNode.Parse(InputSchema.Of(shape).GetRawText())!;
        var properties = schema["properties"]!.AsObject();
        Assert.Equal(shape.Properties.Select(p => p.Name), properties.Select(p => p.Key));
        var required = schema["required"]?.AsArray().Select(r => (string)r!).ToArray() ?? [];
        foreach (var (property, rule) in properties)
        {
            Assert.False(string.IsNullOrWhiteSpace((string?)rule!["description"]));
            foreach (var value in Values(rule))
            {
                var input = new JsonObject { [property] = value };
                foreach (var other in required.Where(r => r != property)) input[other] = Values(properties[other]!).First();
                shape.Bind(JsonSerializer.SerializeToElement(input));
            }
        }
    }

    [Theory]
    [MemberData(nameof(Operations))]
    public void What_the_schema_forbids_the_gate_refuses(string name)
    {
        var shape = CatalogBench.Catalog.Find(name).Descriptor.Input;
        var schema = JsonNode.Parse(InputSchema.Of(shape).GetRawText())!;
        Refused(new JsonObject { ["noSuchField"] = 1 });
        foreach (var (property, rule) in schema["properties"]!.AsObject())
        {
            Refused(new JsonObject { [property] = new JsonObject() });
            if (rule!["maximum"] is { } most) Refused(new JsonObject { [property] = most.GetValue<long>() + 1 });
            if (rule["enum"] is not null) Refused(new JsonObject { [property] = "noSuchWord" });
        }

        void Refused(JsonObject input)
        {
            var field = input.Single().Key;
            var refusal = Assert.Throws<InputException>(() => shape.Bind(JsonSerializer.SerializeToElement(input)));
            Assert.Contains(refusal.Problems, p => p.Field == field);
        }
    }

    // Every word, both ends of a range, every example: each must fit its own schema too.
    private static IEnumerable<JsonNode> Values(JsonNode rule)
    {
        var values = new[] { "enum", "examples" }.SelectMany(k => rule[k]?.AsArray() ?? []).Concat(new[] { "minimum", "maximum", "default" }.Select(k => rule[k])).OfType<JsonNode>().Select(v => v.DeepClone()).ToList();
        if (values.Count == 0) values.Add((string)rule["type"]! switch { "string" => Text((string?)rule["pattern"]), "boolean" => true, "array" => new JsonArray(), _ => 1 });
        if (rule["pattern"] is { } pattern) Assert.All(values, v => Assert.Matches(new Regex((string)pattern!, RegexOptions.ECMAScript, TimeSpan.FromSeconds(1)), (string)v!));
        return values;
    }

    // A name, a digest, a path, a user: one of them fits any pattern that there is.
    private static string Text(string? pattern) =>
        s_texts.First(t => pattern is null || Regex.IsMatch(t, pattern, RegexOptions.ECMAScript, TimeSpan.FromSeconds(1)));
}
