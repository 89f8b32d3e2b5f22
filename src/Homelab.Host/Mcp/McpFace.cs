using System.Text.Json;
using Homelab.Composition;
using Homelab.Host.Logging;
using Homelab.Host.Mcp.Prompts;
using Homelab.Host.Mcp.Resources;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace Homelab.Host.Mcp;

/// <summary>The catalog as one caller sees it by MCP: what it is offered, and what becomes of its calls. Knows no transport.</summary>
internal sealed class McpFace
{
    private const int LongestClaim = 100;

    private readonly Caller _caller;
    private readonly JsonLog _log;
    private readonly QueryLimits _limits;
    private readonly OperationGate _gate;
    private readonly ToolCall _call;
    private readonly ResourceFace _resources;
    private readonly PromptFace _prompts;
    private readonly Completions _completions;
    private readonly LabChanges _changes;
    private readonly TimeProvider _time;
    private volatile Offer _offer;
    private int _greeted;

    internal McpFace(HomelabRuntime runtime, Caller caller, JsonLog log, QueryLimits limits)
    {
        _caller = caller;
        _log = log;
        _limits = limits;
        _gate = runtime.Gate;
        _offer = Offer.Of(runtime.Gate, caller);
        var foreign = new ForeignJson(runtime.Redactor);
        var queries = new QueryCollector(runtime.Gate, foreign, limits, runtime.Time);
        var answer = new ToolAnswer(foreign);
        var reader = new ResourceReader(runtime.Gate, caller, queries, runtime.File.Lab);
        var refusals = new ResourceRefusals(runtime.Gate, caller, answer, log);
        _resources = new ResourceFace(reader, refusals, log);
        _prompts = new PromptFace(_resources, reader, refusals, foreign);
        _completions = new Completions(reader, refusals);
        _changes = LabChanges.Of(runtime, log);
        _time = runtime.Time;
        _call = new ToolCall(
            runtime.Gate,
            queries,
            new AnsweredQuestions(runtime.Store, runtime.Time),
            new ClientQuestions(runtime.Gate, runtime.Approvals, runtime.Time, log),
            answer,
            log);
    }

    /// <summary>What the SDK's server needs, with any transport.</summary>
    internal McpServerOptions Options()
    {
        var subscriptions = new ResourceSubscriptions(_resources, _changes, _gate, _time, _log);
        var options = new McpServerOptions
        {
            ServerInfo = new Implementation { Name = "homelab", Title = "Homelab", Version = typeof(McpFace).Assembly.GetName().Version!.ToString(3) },
            ServerInstructions = Instructions.Of(_limits),
            // All of it is told in a session, or by the stream of subscriptions/listen.
            Capabilities = new ServerCapabilities
            {
                Tools = new ToolsCapability { ListChanged = true },
                Resources = new ResourcesCapability { ListChanged = true, Subscribe = true },
                Prompts = new PromptsCapability { ListChanged = true },
            },
            Handlers = new McpServerHandlers
            {
                ListToolsHandler = ListAsync,
                CallToolHandler = CallAsync,
                ListResourcesHandler = _resources.ListAsync,
                ListResourceTemplatesHandler = _resources.ListTemplatesAsync,
                ReadResourceHandler = _resources.ReadAsync,
                SubscribeToResourcesHandler = subscriptions.SubscribeAsync,
                UnsubscribeFromResourcesHandler = subscriptions.UnsubscribeAsync,
                SubscriptionsListenHandler = subscriptions.ListenAsync,
                ListPromptsHandler = _prompts.ListAsync,
                GetPromptHandler = _prompts.GetAsync,
                CompleteHandler = _completions.CompleteAsync,
            },
        };
        new MessageWatch(_gate, _caller).Follow(options.Filters.Message);
        return options;
    }

    /// <summary>Happens when the policy, and with it perhaps the lists, has become another.</summary>
    internal event EventHandler? Changed
    {
        add => _gate.Decider.Changed += value;
        remove => _gate.Decider.Changed -= value;
    }

    // What the policy of now offers: made when it is asked for, and kept as long as the policy is.
    private ListToolsResult Tools
    {
        get
        {
            var offer = _offer;
            if (offer.Version != _gate.Decider.Version) _offer = offer = Offer.Of(_gate, _caller);
            return offer.Tools;
        }
    }

    private ValueTask<ListToolsResult> ListAsync(RequestContext<ListToolsRequestParams> request, CancellationToken cancellationToken)
    {
        Greet(request.Server);
        return ValueTask.FromResult(Tools);
    }

    private async ValueTask<CallToolResult> CallAsync(RequestContext<CallToolRequestParams> request, CancellationToken cancellationToken)
    {
        Greet(request.Server);
        var name = request.Params?.Name ?? "";
        if (Find(name) is not { } operation) throw await UnknownAsync(name);
        await using var progress = new ProgressRelay(request.Server, request.Params!.ProgressToken);
        return await _call.RunAsync(
            operation,
            new GateRequest
            {
                Operation = operation.Name,
                Json = JsonSerializer.SerializeToElement(request.Params.Arguments ?? new Dictionary<string, JsonElement>(StringComparer.Ordinal)),
                Caller = _caller,
                Progress = progress.Report,
            },
            request,
            cancellationToken);
    }

    // The name as it is listed, or an alias as it is planned: a client that folds letters has not read the list.
    private OperationDescriptor? Find(string name) =>
        _gate.Catalog.TryFind(name, out var found) && found.Descriptor.IsOffered && found.Descriptor.Aliases.Prepend(found.Descriptor.Name).Contains(name, StringComparer.Ordinal) ? found.Descriptor : null;

    private async Task<McpProtocolException> UnknownAsync(string name)
    {
        var shown = ForeignText.Clean(name, LongestClaim);
        _log.Write("unknownTool", $"{_caller} called '{shown}'");
        await _gate.RefuseAsync("mcp_call", name, "there is no such tool", _caller);
        return Audited.Mark(new McpProtocolException($"Unknown tool: '{shown}'. {NearestName.Hint(name, [.. Tools.Tools.Select(t => t.Name)])}", McpErrorCode.InvalidParams));
    }

    // Only for the log: anybody may call himself anything.
    private void Greet(McpServer server)
    {
        if (server.ClientInfo is not { } claim || Interlocked.Exchange(ref _greeted, 1) != 0) return;
        _log.Write("connected", $"{_caller}, which calls itself '{ForeignText.Clean($"{claim.Name} {claim.Version}", LongestClaim)}', MCP {server.NegotiatedProtocolVersion}, {Tools.Tools.Count} tools");
    }

    // The version is read first: a list that is newer than it is only made once more.
    private sealed record Offer(int Version, ListToolsResult Tools)
    {
        internal static Offer Of(OperationGate gate, Caller caller) => new(gate.Decider.Version, new ListToolsResult { Tools = ToolList.For(gate, caller) });
    }
}
