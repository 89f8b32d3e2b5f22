using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Nodes;
using Homelab.Providers.Mcp;
using Homelab.Tests;

namespace Homelab.SystemTests.McpServers;

/// <summary>The provider of other MCP servers, asked through the real gate. What it tells and traces never holds one of its secrets.</summary>
internal sealed class ServersBench : IAsyncDisposable, ISecretSource
{
    // Ten seconds for a server become five minutes.
    private const int Patience = 30;

    internal static readonly string Token = CredentialSecret.New(ApiKey.Prefix);

    private readonly McpServersProvider _provider;
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("hl-mcp-servers-");
    private readonly ConcurrentQueue<string> _told = new();

    internal ServersBench(IEnumerable<(string Name, McpServerSettings Settings)> servers, TimeProvider? time = null)
    {
        var settings = new McpServersSettings { Servers = servers.ToDictionary(s => s.Name, s => s.Settings, StringComparer.Ordinal) };
        var lab = new LabDefinition { Providers = new Dictionary<string, object>(StringComparer.Ordinal) { ["mcp"] = settings } };
        _provider = new McpServersProvider(new ProviderContext(lab, Folder, this, time ?? new StretchedTime(Patience)) { Trace = _told.Enqueue });
    }

    /// <summary>The folder of the lab file.</summary>
    internal string Folder => _folder.FullName;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    internal static SecretReference Reference { get; } = SecretReference.Parse("env:SOME_TOKEN", null);

    /// <summary>One server behind an address.</summary>
    internal static ServersBench At(Uri url, bool hasToken = false, TimeProvider? time = null) => new([("one", new McpServerSettings { Url = url, Token = hasToken ? Reference : null })], time);

    internal Task<IReadOnlyList<McpServerInfo>> ListAsync(string? name = null) => AskAsync<McpServerInfo>("mcp_list_servers", name);

    internal Task<IReadOnlyList<McpServerInfo>> ListAsync(CancellationToken cancellationToken) => new QueryDesk().AskAsync<McpServerInfo>(_provider.Operations, "mcp_list_servers", new { }, cancellationToken);

    internal async Task<McpServerInfo> LookAsync() => Assert.Single(await ListAsync());

    internal Task<IReadOnlyList<McpServerCheck>> CheckAsync(string? name = null) => AskAsync<McpServerCheck>("mcp_check_server", name);

    internal async Task<IReadOnlyList<LabCheck>> CheckLabAsync() => Keep(await _provider.CheckAsync(Cancellation).ToListAsync(Cancellation));

    public ValueTask<Secret> ResolveAsync(SecretReference reference, CancellationToken cancellationToken) =>
        reference == Reference ? ValueTask.FromResult(new Secret(Token)) : throw new HomelabException(ErrorKind.NotFound, "SecretNotFound", $"The secret {reference} was not found.", reference.ToString());

    public async ValueTask DisposeAsync()
    {
        await _provider.DisposeAsync();
        _folder.Delete(recursive: true);
        Assert.DoesNotContain(_told, static t => t.Contains(Token, StringComparison.Ordinal));
        // Everything that comes from a server is on one line and moves no terminal.
        Assert.DoesNotContain(_told, static t => !ForeignText.IsClean(t));
    }

    private async Task<IReadOnlyList<T>> AskAsync<T>(string operation, string? name) => Keep(await new QueryDesk().AskAsync<T>(_provider.Operations, operation, new { name }, Cancellation));

    private IReadOnlyList<T> Keep<T>(IReadOnlyList<T> items)
    {
        foreach (var item in items) Told(JsonSerializer.SerializeToNode(item, HomelabJson.Options)!);
        return items;
    }

    private void Told(JsonNode? node)
    {
        switch (node)
        {
            case JsonObject record:
                foreach (var (_, value) in record) Told(value);
                break;
            case JsonArray list:
                foreach (var value in list) Told(value);
                break;
            case JsonValue value when value.GetValueKind() == JsonValueKind.String:
                _told.Enqueue(value.GetValue<string>());
                break;
        }
    }
}
