#pragma warning disable MCP9001, MCP9005 // The suite asks for the older form of enumerations, and for sampling, too.
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;
using Schema = ModelContextProtocol.Protocol.ElicitRequestParams;

namespace Homelab.SystemTests.Mcp.Http.Conformance;

/// <summary>The suite's tools that ask the client something while they run, as revisions with sessions have it.</summary>
internal static class FixtureQuestions
{
    private static readonly string[] s_options = ["option1", "option2", "option3"];

    internal static IEnumerable<McpServerTool> All() =>
    [
        FixtureTools.Tool("test_sampling", async (RequestContext<CallToolRequestParams> context, string prompt, CancellationToken cancellationToken) =>
        {
            var answer = await context.Server.SampleAsync(FixtureRounds.Sample(prompt), cancellationToken);
            return $"LLM response: {answer.Content.OfType<TextContentBlock>().FirstOrDefault()?.Text}";
        }),
        FixtureTools.Tool("test_elicitation", (RequestContext<CallToolRequestParams> context, string message, CancellationToken cancellationToken) =>
            AskAsync(context, message, new() { ["response"] = new Schema.StringSchema { Description = "The answer" } }, cancellationToken)),
        FixtureTools.Tool("test_elicitation_sep1034_defaults", (RequestContext<CallToolRequestParams> context, CancellationToken cancellationToken) =>
            AskAsync(context, "Defaults of each kind", Defaults(), cancellationToken)),
        FixtureTools.Tool("test_elicitation_sep1330_enums", (RequestContext<CallToolRequestParams> context, CancellationToken cancellationToken) =>
            AskAsync(context, "Enumerations of each kind", Enumerations(), cancellationToken)),
    ];

    private static async Task<string> AskAsync(RequestContext<CallToolRequestParams> context, string message, Dictionary<string, Schema.PrimitiveSchemaDefinition> fields, CancellationToken cancellationToken)
    {
        var answer = await context.Server.ElicitAsync(new Schema { Message = message, RequestedSchema = new Schema.RequestSchema { Properties = fields } }, cancellationToken);
        return $"User response: {answer.Action} {System.Text.Json.JsonSerializer.Serialize(answer.Content)}";
    }

    private static Dictionary<string, Schema.PrimitiveSchemaDefinition> Defaults() => new(StringComparer.Ordinal)
    {
        ["name"] = new Schema.StringSchema { Default = "John Doe" },
        ["age"] = new Schema.NumberSchema { Type = "integer", Default = 30 },
        ["score"] = new Schema.NumberSchema { Default = 95.5 },
        ["status"] = new Schema.UntitledSingleSelectEnumSchema { Enum = ["active", "inactive", "pending"], Default = "active" },
        ["verified"] = new Schema.BooleanSchema { Default = true },
    };

    private static Dictionary<string, Schema.PrimitiveSchemaDefinition> Enumerations() => new(StringComparer.Ordinal)
    {
        ["untitledSingle"] = new Schema.UntitledSingleSelectEnumSchema { Enum = s_options },
        ["titledSingle"] = new Schema.TitledSingleSelectEnumSchema { OneOf = Titled() },
        ["legacyEnum"] = new Schema.LegacyTitledEnumSchema { Enum = ["opt1", "opt2", "opt3"], EnumNames = ["Option One", "Option Two", "Option Three"] },
        ["untitledMulti"] = new Schema.UntitledMultiSelectEnumSchema { Items = new Schema.UntitledEnumItemsSchema { Enum = s_options } },
        ["titledMulti"] = new Schema.TitledMultiSelectEnumSchema { Items = new Schema.TitledEnumItemsSchema { AnyOf = Titled() } },
    };

    private static List<Schema.EnumSchemaOption> Titled() => [new() { Const = "value1", Title = "First Option" }, new() { Const = "value2", Title = "Second Option" }, new() { Const = "value3", Title = "Third Option" }];
}
