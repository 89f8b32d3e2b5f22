using System.Text.Json.Nodes;
using Homelab.Composition;
using Homelab.Configuration;

namespace Homelab.UnitTests.Configuration;

public sealed class SchemaTests
{
    // What the published schema knows under providers:.
    internal static readonly IReadOnlyDictionary<string, Type> Providers = ProviderList.Settings;

    private static readonly JsonSchemaCheck s_lab = new(SchemaWriter.Lab(LabFolder.Providers));
    private static readonly JsonSchemaCheck s_runbook = new(SchemaWriter.Runbook());

    // The input of a step may hold anything, which makes the reader a converter of YAML.
    private static JsonObject Json(string yaml)
    {
        using var folder = new LabFolder();
        var indented = yaml.ReplaceLineEndings("\n").Replace("\n", "\n        ", StringComparison.Ordinal);
        folder.Write("a.yaml", $"apiVersion: homelab/v1\nkind: Runbook\nmetadata: {{ name: a }}\nspec:\n  level: monitor\n  steps:\n    - id: a\n      do: b\n      with:\n        {indented}\n");
        return RunbookReader.Read(folder.Root)[0].Steps[0].With;
    }

    [Fact]
    public void The_published_schema_of_the_lab_file_is_that_of_the_types() => PublishedFile.AssertIs("schemas/lab.schema.json", SchemaWriter.Format(SchemaWriter.Lab(Providers)));

    [Fact]
    public void The_published_schema_of_runbooks_is_that_of_the_types() => PublishedFile.AssertIs("schemas/runbook.schema.json", SchemaWriter.Format(SchemaWriter.Runbook()));

    [Fact]
    public void What_the_reader_accepts_the_schema_accepts()
    {
        Assert.Empty(s_lab.Problems(Json(LabFileTests.Sample)));
        Assert.Empty(s_runbook.Problems(Json(RunbookReaderTests.Sample)));
    }

    [Theory]
    [InlineData("services: { a: { tire: critical } }", ".services.a.tire: additional")]
    [InlineData("services: { a: { tier: high } }", ".services.a.tier: enum")]
    [InlineData("server: { importantDelay: 30 }", ".server.importantDelay: maximum")]
    [InlineData("server: { importantDelay: soon }", ".server.importantDelay: pattern")]
    [InlineData("hosts: { a: { ssh: { user: u, port: 0 } } }", ".hosts.a.ssh.port: minimum")]
    [InlineData("hosts: { a: { ssh: {} } }", ".hosts.a.ssh.user: required")]
    [InlineData("hosts: { a: { docker: 1 } }", ".hosts.a.docker: oneOf")]
    [InlineData("notify: { telegram: { token: \"123:abc\", chat: \"env:C\" } }", ".notify.telegram.token: pattern")]
    [InlineData("providers: { kumma: {} }", ".providers.kumma: additional")]
    [InlineData("providers: { kuma: { url: \"http://k\", tls: { sha256: \"12\" } } }", ".providers.kuma.tls.sha256: pattern")]
    [InlineData("policy: { approvals: { docker_x_y: perhaps } }", ".policy.approvals.docker_x_y: enum")]
    [InlineData("policy: { windows: [ { name: n, from: noon, to: 1:00 } ] }", ".policy.windows[0].from: pattern")]
    public void What_the_reader_refuses_the_schema_refuses(string sections, string problem)
    {
        Assert.Equal([problem], s_lab.Problems(Json(LabFolder.Head + sections)), StringComparer.Ordinal);
        Assert.NotEmpty(LabFolder.ProblemsOf(sections));
    }

    [Theory]
    [InlineData("apiVersion: homelab/v2\nkind: Lab\nmetadata: { name: x }", ".apiVersion: const")]
    [InlineData("apiVersion: homelab/v1\nkind: Lab", ".metadata: required")]
    public void The_head_is_checked(string text, string problem) => Assert.Equal([problem], s_lab.Problems(Json(text)), StringComparer.Ordinal);

    [Fact]
    public void Every_key_of_a_schema_is_described()
    {
        foreach (var schema in new[] { SchemaWriter.Lab(LabFolder.Providers), SchemaWriter.Runbook() })
        {
            foreach (var (record, definition) in schema["$defs"]!.AsObject().Append(KeyValuePair.Create("(root)", (JsonNode?)schema)))
            {
                foreach (var (key, property) in definition!["properties"]!.AsObject()) Assert.False(string.IsNullOrWhiteSpace((string?)property!["description"]), $"{record}.{key}");
            }
        }
    }

    [Fact]
    public void Defaults_are_told() => Assert.Equal("127.0.0.1:18789", (string?)SchemaWriter.Lab(LabFolder.Providers)["$defs"]!["ServerDefinition"]!["properties"]!["listen"]!["default"]);

    [Fact]
    public void Two_records_of_one_name_become_two_definitions()
    {
        var types = new Dictionary<string, Type>(StringComparer.Ordinal) { ["a"] = typeof(First.Settings), ["b"] = typeof(Second.Settings) };
        var definitions = SchemaWriter.Lab(types)["$defs"]!.AsObject();
        Assert.True(definitions["Settings"]!["properties"]!.AsObject().ContainsKey("one"));
        Assert.True(definitions["Settings2"]!["properties"]!.AsObject().ContainsKey("two"));
    }

    private static class First
    {
        internal sealed record Settings
        {
            [System.ComponentModel.Description("One.")]
            public string One { get; init; } = "";
        }
    }

    private static class Second
    {
        internal sealed record Settings
        {
            [System.ComponentModel.Description("Two.")]
            public string Two { get; init; } = "";
        }
    }
}
