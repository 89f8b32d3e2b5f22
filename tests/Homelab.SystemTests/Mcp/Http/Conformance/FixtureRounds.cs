#pragma warning disable MCPEXP001, MCP9005 // What asks in rounds is experimental in the SDK, and sampling and roots go.
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;
using Answers = System.Collections.Generic.IDictionary<string, ModelContextProtocol.Protocol.InputResponse>;
using Requests = System.Collections.Generic.Dictionary<string, ModelContextProtocol.Protocol.InputRequest>;

namespace Homelab.SystemTests.Mcp.Http.Conformance;

/// <summary>The suite's tools and prompt that ask in rounds, as the revision without sessions has it: the answer names what is missing, and the client calls again with it.</summary>
internal static class FixtureRounds
{
    private static readonly byte[] s_key = RandomNumberGenerator.GetBytes(32);

    internal static IEnumerable<McpServerTool> All() =>
    [
        Round("test_input_required_result_elicitation", c => Answered<ElicitResult>(c, "user_name", InputResponse.ElicitResultJsonTypeInfo) is { } answer ? $"Hello, {answer.Content?["name"]}!" : throw Ask(Name("user_name"))),
        Round("test_incomplete_result_elicitation", c => Answered<ElicitResult>(c, "user_name", InputResponse.ElicitResultJsonTypeInfo) is { } answer ? $"Hello, {answer.Content?["name"]}!" : throw Ask(Name("user_name"))),
        Round("test_input_required_result_sampling", c => Answered<CreateMessageResult>(c, "capital_question", InputResponse.CreateMessageResultJsonTypeInfo) is { } answer ? $"Sampled: {answer.Content.OfType<TextContentBlock>().FirstOrDefault()?.Text}" : throw Ask(Capital())),
        Round("test_input_required_result_list_roots", c => Answered<ListRootsResult>(c, "client_roots", InputResponse.ListRootsResultJsonTypeInfo) is { } answer ? $"Roots: {string.Join(", ", answer.Roots.Select(r => r.Uri))}" : throw Ask(Roots())),
        Round("test_input_required_result_request_state", c => c.RequestState is { } state ? Verified(state, "state-ok") : throw Ask(Confirm(), Sign("confirm"))),
        Round("test_input_required_result_tampered_state", c => c.RequestState is { } state ? Verified(state, "The state is ours.") : throw Ask(Confirm(), Sign("confirm"))),
        Round("test_input_required_result_multiple_inputs", c => c.InputResponses is { Count: >= 3 } ? "All three were answered." : throw Ask([.. Name("user_name"), .. Sampled("greeting", "Say hello."), .. Roots()], Sign("three"))),
        Round("test_input_required_result_multi_round", c => c.RequestState is not { } state ? throw Ask(Name("step1"), Sign("one")) : Verified(state, "") + Said(state) switch
        {
            "one" => throw Ask(Name("step2"), Sign("two")),
            _ => "Both rounds are done.",
        }),
        FixtureTools.Tool("test_input_required_result_capabilities", (RequestContext<CallToolRequestParams> context) =>
        {
            var can = context.JsonRpcRequest.Context?.ClientCapabilities;
            Requests asked = new(StringComparer.Ordinal);
            if (can?.Sampling is not null) Add(asked, Capital());
            if (can?.Elicitation is not null) Add(asked, Name("user_name"));
            if (can?.Roots is not null) Add(asked, Roots());
            return context.Params!.InputResponses is { Count: > 0 } || asked.Count == 0 ? "Nothing is missing." : throw new InputRequiredException(asked);
        }),
    ];

    internal static McpServerPrompt Prompt() => McpServerPrompt.Create(
        (RequestContext<GetPromptRequestParams> context) => Answered<ElicitResult>(context.Params!.InputResponses, "user_context", InputResponse.ElicitResultJsonTypeInfo) is { } answer
            ? $"Go on with {answer.Content?["context"]}."
            : throw Ask(Elicit("user_context", "context", new ElicitRequestParams.StringSchema())),
        new McpServerPromptCreateOptions { Name = "test_input_required_result_prompt", Description = "Asks before it answers." });

    internal static CreateMessageRequestParams Sample(string text) =>
        new() { Messages = [new SamplingMessage { Role = Role.User, Content = [new TextContentBlock { Text = text }] }], MaxTokens = 100 };

    private static McpServerTool Round(string name, Func<CallToolRequestParams, string> answer) => FixtureTools.Tool(name, (RequestContext<CallToolRequestParams> context) => answer(context.Params!));

    private static T? Answered<T>(CallToolRequestParams call, string key, System.Text.Json.Serialization.Metadata.JsonTypeInfo<T> type)
        where T : class => Answered(call.InputResponses, key, type);

    private static T? Answered<T>(Answers? answers, string key, System.Text.Json.Serialization.Metadata.JsonTypeInfo<T> type)
        where T : class
    {
        try
        {
            return answers is not null && answers.TryGetValue(key, out var answer) ? answer.Deserialize(type) : null;
        }
        catch (JsonException)
        {
            // What is no answer is asked for again.
            return null;
        }
    }

    private static InputRequiredException Ask(Requests requests, string? state = null) => new(requests, state);

    private static InputRequiredException Ask(IEnumerable<KeyValuePair<string, InputRequest>> requests, string? state = null) => new(new Requests(requests, StringComparer.Ordinal), state);

    private static void Add(Requests to, Requests from)
    {
        foreach (var (key, request) in from) to.Add(key, request);
    }

    private static Requests Name(string key) => Elicit(key, "name", new ElicitRequestParams.StringSchema());

    private static Requests Confirm() => Elicit("confirm", "ok", new ElicitRequestParams.BooleanSchema());

    private static Requests Capital() => Sampled("capital_question", "What is the capital of France?");

    private static Requests Roots() => new(StringComparer.Ordinal) { ["client_roots"] = InputRequest.ForRootsList(new ListRootsRequestParams()) };

    private static Requests Sampled(string key, string text) => new(StringComparer.Ordinal) { [key] = InputRequest.ForSampling(Sample(text)) };

    private static Requests Elicit(string key, string field, ElicitRequestParams.PrimitiveSchemaDefinition type) => new(StringComparer.Ordinal)
    {
        [key] = InputRequest.ForElicitation(new ElicitRequestParams
        {
            Message = $"What is {key}?",
            RequestedSchema = new ElicitRequestParams.RequestSchema { Properties = new Dictionary<string, ElicitRequestParams.PrimitiveSchemaDefinition>(StringComparer.Ordinal) { [field] = type }, Required = [field] },
        }),
    };

    // A client can put anything into the state, so it is signed.
    private static string Sign(string text) => $"{text}.{Convert.ToHexString(HMACSHA256.HashData(s_key, Encoding.UTF8.GetBytes(text)))}";

    private static string Said(string state) => state.Split('.')[0];

    private static string Verified(string state, string then) => state == Sign(Said(state)) ? then : throw new McpProtocolException("This state is not ours.", McpErrorCode.InvalidParams);
}
