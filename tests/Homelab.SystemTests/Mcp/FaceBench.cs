using System.Collections.Concurrent;
using System.IO.Pipelines;
using System.Text.Json;
using System.Text.Json.Nodes;
using Homelab.Composition;
using Homelab.Configuration;
using Homelab.Host.Logging;
using Homelab.Host.Mcp;
using Homelab.Host.Mcp.Resources;
using Homelab.SystemTests.Web;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace Homelab.SystemTests.Mcp;

/// <summary>A simulated homelab, the MCP face of one caller within this process, and the SDK's own client at it: for what a credential says, and what a client can do.</summary>
internal sealed class FaceBench : IAsyncDisposable
{
    internal static readonly Caller Tester = new(Face.Mcp, "tester");

    private readonly KeptLog _log = new();
    private readonly List<IAsyncDisposable> _open = [];
    private readonly CancellationTokenSource _over = new();
    private Task _serving = Task.CompletedTask;

    private FaceBench(LabStage stage, HomelabRuntime runtime)
    {
        Stage = stage;
        Runtime = runtime;
    }

    internal LabStage Stage { get; }

    internal HomelabRuntime Runtime { get; }

    internal string Log => _log.ToString();

    internal ConcurrentQueue<ElicitRequestParams> Shown { get; } = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    internal static async Task<FaceBench> OpenAsync(string mcp = "manage", Func<string, string>? edit = null, Action<LabStage>? arrange = null)
    {
        var stage = await LabStage.OpenAsync(Cancellation, lab =>
        {
            lab = LabStage.SecretsAsFiles(lab).Replace("mcp: monitor", $"mcp: {mcp}", StringComparison.Ordinal);
            return edit is null ? lab : edit(lab);
        });
        stage.WriteSecrets();
        arrange?.Invoke(stage);
        var file = new LabReader(ProviderList.Settings, static _ => null).Read(stage.LabFile);
        return new FaceBench(stage, await HomelabRuntime.OpenAsync(file, new RuntimeOptions { PartingLook = TimeSpan.FromMinutes(2) }, Cancellation));
    }

    /// <summary>Connects a client as a caller; with an answer it can show questions.</summary>
    internal async Task<McpClient> ConnectAsync(Caller? caller = null, string? version = null, Func<ElicitRequestParams, ElicitResult>? answer = null)
    {
        var up = new Pipe();
        var down = new Pipe();
        var log = new JsonLog(_log, TimeProvider.System);
        var options = new McpFace(Runtime, caller ?? Tester, log, new QueryLimits()).Options();
        var session = SessionScope.Attach(options, _over.Token);
        var server = McpServer.Create(new StreamServerTransport(up.Reader.AsStream(), down.Writer.AsStream(), "homelab"), options);
        session.Serve(server);
        _serving = Task.WhenAll(_serving, server.RunAsync(_over.Token));
        var mine = new McpClientOptions { ProtocolVersion = version, ClientInfo = new Implementation { Name = "somebody", Version = "1.0" }, DiscoverProbeTimeout = Timeout.InfiniteTimeSpan, InitializationTimeout = TimeSpan.FromMinutes(5) };
        if (answer is not null)
        {
            mine.Capabilities = new ClientCapabilities { Elicitation = new ElicitationCapability { Form = new FormElicitationCapability() } };
            mine.Handlers = new McpClientHandlers
            {
                ElicitationHandler = (asked, _) =>
                {
                    Shown.Enqueue(asked!);
                    return ValueTask.FromResult(answer(asked!));
                },
            };
        }

        var client = await McpClient.CreateAsync(new StreamClientTransport(up.Writer.AsStream(), down.Reader.AsStream()), mine, cancellationToken: Cancellation);
        _open.Add(client);
        _open.Add(server);
        return client;
    }

    internal static ElicitResult Accept(string answer) => new() { Action = "accept", Content = new Dictionary<string, JsonElement>(StringComparer.Ordinal) { ["answer"] = JsonSerializer.SerializeToElement(answer) } };

    internal static async Task<(JsonObject Data, string Text, bool Failed)> CallAsync(McpClient client, string tool, object? arguments = null)
    {
        var given = JsonSerializer.SerializeToNode(arguments ?? new { })!.AsObject().ToDictionary(p => p.Key, p => (object?)p.Value, StringComparer.Ordinal);
        var result = await client.CallToolAsync(tool, given, cancellationToken: Cancellation);
        return (JsonNode.Parse(result.StructuredContent!.Value.GetRawText())!.AsObject(), Assert.IsType<TextContentBlock>(Assert.Single(result.Content)).Text, result.IsError == true);
    }

    internal async Task<IReadOnlyList<AuditEntry>> AuditAsync() => await Runtime.Store.ReadAuditAsync(1, Cancellation).ToListAsync(Cancellation);

    public async ValueTask DisposeAsync()
    {
        foreach (var one in _open) await one.DisposeAsync();
        await _over.CancelAsync();
        await _serving.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _over.Dispose();
        await Runtime.DisposeAsync();
        await Stage.DisposeAsync();
    }
}
