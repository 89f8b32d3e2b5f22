using System.Text.Json.Nodes;
using Homelab.Composition.Clients;
using Homelab.Host;
using Homelab.SystemTests.Web;
using ModelContextProtocol.Client;

namespace Homelab.SystemTests.Mcp;

/// <summary>What is written into a client's file works: it is read as the client reads it, and done.</summary>
public sealed class ClientEntryTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(ClientProgram.ClaudeCode)]
    [InlineData(ClientProgram.OpenClaw)]
    public async Task What_a_client_is_to_start_is_a_server_with_tools(ClientProgram program)
    {
        await using var stage = await LabStage.OpenAsync(Cancellation);
        var start = new ServerStart { Program = Dotnet(), Arguments = [typeof(HomelabProgram).Assembly.Location], LabFile = stage.LabFile, Variables = [.. stage.Environment.Keys] };
        var entry = await WrittenAsync(stage, ClientEntries.Started(program, "homelab", start));
        // As clients do it: of their own environment nothing but what every program needs, and what the entry names.
        var variables = entry["env"]!.AsObject().ToDictionary(v => v.Key, v => (string?)Expand((string)v.Value!, stage.Environment), StringComparer.Ordinal);
        var transport = new StdioClientTransport(new StdioClientTransportOptions
        {
            Command = (string)entry["command"]!,
            Arguments = [.. entry["args"]!.AsArray().Select(a => (string)a!)],
            WorkingDirectory = Path.GetTempPath(),
            EnvironmentVariables = variables,
        });
        await using var client = await McpClient.CreateAsync(transport, new McpClientOptions { DiscoverProbeTimeout = Timeout.InfiniteTimeSpan, InitializationTimeout = TimeSpan.FromMinutes(5) }, cancellationToken: Cancellation);
        Assert.Contains(await client.ListToolsAsync(cancellationToken: Cancellation), t => t.Name == "docker_list_containers");
        var result = await client.CallToolAsync("kuma_list_monitors", cancellationToken: Cancellation);
        Assert.Equal("found", result.StructuredContent!.Value.GetProperty("status").GetString());
    }

    [Theory]
    [InlineData(ClientProgram.ClaudeCode)]
    [InlineData(ClientProgram.OpenClaw)]
    [InlineData(ClientProgram.VSCode)]
    public async Task What_a_client_is_to_call_answers_it_by_its_key(ClientProgram program)
    {
        await using var bench = await WebBench.OpenAsync(Cancellation);
        var key = CredentialSecret.New(ApiKey.Prefix);
        Assert.True(await bench.Runtime.Store.Credentials.AddKeyAsync(new ApiKey { Name = "client", Level = Level.Monitor, CreatedAt = bench.Runtime.Time.GetUtcNow(), CreatedBy = "interactive:tester", Hash = CredentialSecret.HashOf(key) }, Cancellation));
        var address = ClientEntries.AddressOf(new LabDefinition { Mcp = new McpDefinition { Url = bench.Server.Url.ToString() } });
        var entry = await WrittenAsync(bench.Stage, ClientEntries.Called(program, "homelab", address, showsKey: true));
        var keys = new Dictionary<string, string>(StringComparer.Ordinal) { ["HOMELAB_MCP_KEY"] = key, ["input:homelab-key"] = key };
        var transport = new HttpClientTransport(new HttpClientTransportOptions
        {
            Endpoint = new Uri((string)entry["url"]!),
            TransportMode = HttpTransportMode.StreamableHttp,
            AdditionalHeaders = entry["headers"]!.AsObject().ToDictionary(h => h.Key, h => Expand((string)h.Value!, keys), StringComparer.Ordinal),
        });
        await using var client = await McpClient.CreateAsync(transport, new McpClientOptions { DiscoverProbeTimeout = Timeout.InfiniteTimeSpan, InitializationTimeout = TimeSpan.FromMinutes(5) }, cancellationToken: Cancellation);
        Assert.Contains(await client.ListToolsAsync(cancellationToken: Cancellation), t => t.Name == "docker_list_containers");
    }

    // Through the file, so that what is proved is what a client reads.
    private static async Task<JsonNode> WrittenAsync(LabStage stage, ClientEntry entry)
    {
        var path = Path.Combine(stage.Folder, "client.json");
        await (await ClientFile.PlanAsync(path, entry, force: false, Cancellation)).SaveAsync(Cancellation);
        var text = await File.ReadAllTextAsync(path, Cancellation);
        Assert.All(stage.Secrets, s => Assert.DoesNotContain(s, text, StringComparison.Ordinal));
        return entry.Path.Aggregate(JsonNode.Parse(text)!, static (node, name) => node[name]!);
    }

    private static string Expand(string text, IReadOnlyDictionary<string, string> values)
    {
        foreach (var (name, value) in values) text = text.Replace($"${{{name}}}", value, StringComparison.Ordinal);
        Assert.DoesNotContain("${", text, StringComparison.Ordinal);
        return text;
    }

    private static string Dotnet() =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries).Select(static f => Path.Combine(f, OperatingSystem.IsWindows() ? "dotnet.exe" : "dotnet")).First(File.Exists);
}
