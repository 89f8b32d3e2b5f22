using System.Collections.Concurrent;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Homelab.Host;
using Homelab.SystemTests.Cli;
using Homelab.SystemTests.Web;
using Homelab.Tests;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;

namespace Homelab.SystemTests.Mcp;

/// <summary>A simulated homelab, the program's MCP face as a child process, and the SDK's own client at it. At the end it is proved that no secret got out.</summary>
internal sealed class McpBench : IAsyncDisposable
{
    internal const string Newest = "2026-07-28";

    private readonly List<McpClient> _clients = [];
    private readonly ConcurrentQueue<string> _errors = new();
    private readonly ConcurrentQueue<string> _answers = new();

    private McpBench(LabStage stage) => Stage = stage;

    internal LabStage Stage { get; }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>Opens a homelab whose lab file gives AI clients a level.</summary>
    internal static async Task<McpBench> OpenAsync(string mcp = "monitor", Func<string, string>? edit = null) =>
        new(await LabStage.OpenAsync(Cancellation, lab =>
        {
            lab = lab.Replace("mcp: monitor", $"mcp: {mcp}", StringComparison.Ordinal);
            return edit is null ? lab : edit(lab);
        }));

    /// <summary>Starts the program and connects to it.</summary>
    internal async Task<McpClient> ConnectAsync(string? version = null, string? name = "tester", string claim = "somebody")
    {
        string[] arguments = [typeof(HomelabProgram).Assembly.Location, "mcp", "--lab", Stage.LabFile, .. name is null ? Array.Empty<string>() : ["--name", name]];
        var transport = new StdioClientTransport(new StdioClientTransportOptions
        {
            Command = "dotnet",
            Arguments = arguments,
            WorkingDirectory = Path.GetTempPath(),
            EnvironmentVariables = Stage.Environment.ToDictionary(e => e.Key, e => (string?)e.Value, StringComparer.Ordinal),
            StandardErrorLines = _errors.Enqueue,
            // Killed sooner, on a busy machine it would leave half a line behind.
            ShutdownTimeout = TimeSpan.FromMinutes(2),
        });
        // On a busy machine the program is not up within the five seconds after which the SDK takes it for an older one.
        var options = new McpClientOptions { ProtocolVersion = version, ClientInfo = new Implementation { Name = claim, Version = "1.0" }, DiscoverProbeTimeout = Timeout.InfiniteTimeSpan, InitializationTimeout = TimeSpan.FromMinutes(5) };
        var client = await McpClient.CreateAsync(transport, options, cancellationToken: Cancellation);
        _clients.Add(client);
        return client;
    }

    /// <summary>Calls a tool.</summary>
    internal async Task<(JsonObject Data, string Text, bool Failed)> CallAsync(McpClient client, string tool, object? arguments = null)
    {
        var given = JsonSerializer.SerializeToNode(arguments ?? new { })!.AsObject().ToDictionary(p => p.Key, p => (object?)p.Value, StringComparer.Ordinal);
        var result = await client.CallToolAsync(tool, given, cancellationToken: Cancellation);
        var text = Assert.IsType<TextContentBlock>(Assert.Single(result.Content)).Text;
        var data = JsonNode.Parse(result.StructuredContent!.Value.GetRawText())!.AsObject();
        _answers.Enqueue(text);
        _answers.Enqueue(data.ToJsonString());
        return (data, text, result.IsError == true);
    }

    /// <summary>Waits until the program's log says this: it comes by another way than the answers do.</summary>
    internal Task LoggedAsync(string text) => Eventually.HoldsAsync($"the log says '{text}'", () => Task.FromResult(_errors.Any(l => l.Contains(text, StringComparison.Ordinal))), Cancellation);

    /// <summary>The audit, as its command prints it.</summary>
    internal async Task<string> AuditAsync() => (await RunAsync("audit", "list")).Output;

    /// <summary>Runs another command of the program beside the face.</summary>
    internal async Task<(int Code, string Output, string Errors)> RunAsync(params string[] arguments)
    {
        await using var process = CliProcess.Start(Stage.Folder, Stage.Environment, arguments);
        var code = await process.EndAsync();
        return (code, string.Join('\n', process.Output), process.Errors);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var client in _clients) await client.DisposeAsync();
        var kept = Directory.EnumerateFiles(Stage.Folder, "*.db*").ToDictionary(f => f, File.ReadAllBytes, StringComparer.Ordinal);
        var secrets = Stage.Secrets;
        await Stage.DisposeAsync();
        // Standard error is a log of JSON lines and nothing else.
        foreach (var line in _errors) Assert.NotEmpty(JsonNode.Parse(line)!["event"]!.GetValue<string>());
        var printed = string.Join('\n', _errors.Concat(_answers));
        foreach (var secret in secrets)
        {
            Assert.DoesNotContain(secret, printed, StringComparison.Ordinal);
            foreach (var (file, bytes) in kept) Assert.True(bytes.AsSpan().IndexOf(Encoding.UTF8.GetBytes(secret)) < 0, $"A secret is in {file}.");
        }
    }
}
