using System.Text.Json.Nodes;
using Homelab.Host.Mcp;
using Homelab.UnitTests.Composition;

namespace Homelab.SystemTests.Mcp;

/// <summary>What a model is told of a tool is ours, true and short.</summary>
public sealed class ToolTextTests
{
    private const int Longest = 900;

    private static readonly HashSet<string> s_all = [.. CatalogBench.Catalog.All.Select(o => o.Descriptor.Name)];

    public static TheoryData<string> Operations => [.. s_all.Order(StringComparer.Ordinal)];

    public static TheoryData<string> Advised => [.. ToolAdvice.Sentences.Keys];

    [Theory]
    [MemberData(nameof(Operations))]
    public void A_description_is_one_clean_line_that_says_what_comes_back(string name)
    {
        var operation = CatalogBench.Catalog.Find(name).Descriptor;
        var text = ToolText.Description(operation, operation.Unattended, s_all);
        Assert.StartsWith(operation.Summary, text, StringComparison.Ordinal);
        Assert.True(ForeignText.IsClean(text) && text.Length <= Longest, $"{text.Length}: {text}");
        Assert.Contains(operation.IsChange ? " Result: " : " Each item: ", text, StringComparison.Ordinal);
        Assert.DoesNotContain(ToolAdvice.ToolsIn(operation.Summary), t => !s_all.Contains(t) && s_all.Any(o => o.StartsWith(t.Split('_')[0] + "_", StringComparison.Ordinal)));
    }

    [Theory]
    [MemberData(nameof(Advised))]
    public void Advice_is_for_a_tool_that_there_is_and_names_others_that_there_are(string tool)
    {
        Assert.Contains(tool, s_all);
        var named = ToolAdvice.ToolsIn(ToolAdvice.Sentences[tool]).ToArray();
        Assert.DoesNotContain(tool, named);
        Assert.All(named, n => Assert.Contains(n, s_all));
        Assert.EndsWith(".", ToolAdvice.Sentences[tool], StringComparison.Ordinal);
    }

    [Fact]
    public void What_a_thing_is_comes_before_what_is_added_to_it()
    {
        var operation = CatalogBench.Catalog.Find("docker_inspect_container").Descriptor;
        Assert.Equal(["name", "host"], OutputSchema.FieldsOf(operation).Take(2));
        JsonNode[] items = [JsonNode.Parse("""{"exitCode":1,"name":"a|b","host":"dev","ports":[],"image":null}""")!, JsonNode.Parse("""{"exitCode":2,"name":"c","host":"","labels":{"x":"y"}}""")!];
        Assert.Equal(["name | host | labels | exitCode", "a\\|b | dev | - | 1", """c | - | {"x":"y"} | 2"""], ItemText.Lines(items, OutputSchema.FieldsOf(operation)));
        Assert.Equal(["name: a|b", "host: dev", "exitCode: 1"], ItemText.Lines([items[0]], OutputSchema.FieldsOf(operation)));
    }

    [Fact]
    public void A_tool_that_the_caller_does_not_have_is_not_recommended()
    {
        var operation = CatalogBench.Catalog.Find("docker_container_logs").Descriptor;
        Assert.Contains("docker_check_container", ToolText.Description(operation, Requirement.Auto, s_all), StringComparison.Ordinal);
        Assert.DoesNotContain("docker_check_container", ToolText.Description(operation, Requirement.Auto, new HashSet<string> { operation.Name }), StringComparison.Ordinal);
    }
}
