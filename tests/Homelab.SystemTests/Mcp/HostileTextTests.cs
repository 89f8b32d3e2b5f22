using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Homelab.Host.Mcp;
using Homelab.UnitTests.Composition;
using ModelContextProtocol.Protocol;

namespace Homelab.SystemTests.Mcp;

/// <summary>Whatever any operation of the catalog brings back from other systems reaches a model clean, short, between its marks, and as its schema says. A new tool is caught here.</summary>
public sealed partial class HostileTextTests
{
    private const int LongestAnswer = 140_000;

    private static readonly ForeignJson s_foreign = new(new SecretRedactor());

    public static TheoryData<string> Operations => [.. CatalogBench.Catalog.All.Select(o => o.Descriptor.Name)];

    [Theory]
    [MemberData(nameof(Operations))]
    public void What_a_tool_brings_back_cannot_leave_its_marks(string name)
    {
        var operation = CatalogBench.Catalog.Find(name).Descriptor;
        var item = HostileResult.Of(operation.ResultType);
        CallToolResult answer;
        if (operation.IsChange)
        {
            var intent = new Intent("Do something to", new Target("container", HostileResult.Text, "dev"));
            answer = new ToolAnswer(s_foreign).Done(operation, new GateOutcome.Done(intent, Decision.Of([]), item, "c1"));
        }
        else
        {
            answer = ToolAnswer.Items(operation, [s_foreign.Clean(item, operation.ResultType, new QueryLimits().Characters).Node, s_foreign.Clean(item, operation.ResultType, new QueryLimits().Characters).Node], cut: null);
        }

        AssertHarmless(answer, operation);
    }

    [Theory]
    [MemberData(nameof(Operations))]
    public void What_an_error_quotes_cannot_leave_its_marks(string name)
    {
        var operation = CatalogBench.Catalog.Find(name).Descriptor;
        AssertHarmless(new ToolAnswer(s_foreign).Failed(operation, new HomelabException(ErrorKind.Failed, "PeerRefused", HostileResult.Text, HostileResult.Text)), operation);
    }

    [Theory]
    [MemberData(nameof(Operations))]
    public void A_question_that_quotes_a_name_is_one_line_of_ours(string name)
    {
        var operation = CatalogBench.Catalog.Find(name).Descriptor;
        if (!operation.IsChange) return;
        var approval = new Approval
        {
            Id = "0f3a9c2b7d51e8a4", Operation = name, Input = "{}", Hash = "", Target = HostileResult.Text, Question = HostileResult.Text, Reason = HostileResult.Text, RequestedBy = FaceBench.Tester,
            RequestedAt = DateTimeOffset.UnixEpoch, ExpiresAt = DateTimeOffset.UnixEpoch.AddHours(1), Needed = 1,
        };
        var answer = new ToolAnswer(s_foreign).Waiting(operation, approval);
        AssertHarmless(answer, operation);
        Assert.Equal(3, TextOf(answer).Split('\n').Length);
    }

    private static void AssertHarmless(CallToolResult answer, OperationDescriptor operation)
    {
        var text = TextOf(answer);
        var data = JsonNode.Parse(answer.StructuredContent!.Value.GetRawText())!;
        var schema = JsonNode.Parse(OutputSchema.Of(operation).GetRawText())!;
        Assert.Empty(SchemaCheck.Problems(data, schema));
        Assert.Empty(SchemaCheck.Unspoken(data, schema));
        foreach (var one in Texts(data).Append(text.Replace("\n", "", StringComparison.Ordinal)))
        {
            Assert.DoesNotContain(one, c => char.IsControl(c) || c is '\u202e' or '\u2066' or '\u200b' or '\u2028' or '\udb40');
        }

        Assert.All(Texts(data), t => Assert.True(t.Length <= 2_000, $"{t.Length} characters"));
        Assert.True(text.Length <= LongestAnswer && data.ToJsonString().Length <= LongestAnswer * 2, $"{text.Length} characters of text");
        // Only what stands between the true marks can hold the false one at the beginning of a line.
        var lines = text.Split('\n');
        var marks = MarkPattern().Matches(text.Replace("</data-000000000000>", "", StringComparison.Ordinal));
        Assert.True(marks.Count is 0 or 2, $"{marks.Count} marks");
        if (marks.Count == 0) return;
        Assert.Equal(marks[0].Value[1..], marks[1].Value[2..]);
        Assert.Equal($"</{marks[0].Value[1..]}", lines[^1]);
        Assert.StartsWith(marks[0].Value, lines.First(l => l.StartsWith("<data-", StringComparison.Ordinal)), StringComparison.Ordinal);
    }

    private static string TextOf(CallToolResult answer) => Assert.IsType<TextContentBlock>(Assert.Single(answer.Content)).Text;

    private static IEnumerable<string> Texts(JsonNode? node) => node switch
    {
        JsonObject record => record.SelectMany(f => Texts(f.Value).Append(f.Key)),
        JsonArray list => list.SelectMany(Texts),
        JsonValue value when value.GetValueKind() == JsonValueKind.String => [value.GetValue<string>()],
        _ => [],
    };

    [GeneratedRegex("</?data-[0-9a-f]{12}>", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex MarkPattern();
}
