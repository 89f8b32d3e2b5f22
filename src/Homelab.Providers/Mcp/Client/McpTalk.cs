using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;

namespace Homelab.Providers.Mcp;

/// <summary>A talk with a server, from the introduction to the farewell. The newest revision of MCP is tried first, and the older ones that the server knows.</summary>
internal sealed class McpTalk : IAsyncDisposable
{
    internal const int MostPages = 50;
    internal const int MostTools = 2000;

    private const int LongestName = 128;
    private const int LongestDescription = 200;

    // From this revision on there is no ping, and none is needed: nothing is kept open.
    private const string WithoutPing = "2026-07-28";

    // A server that knows nothing of the newest revision may also say nothing to it, and the older introduction needs its time as well. But one that was asked the new way and is only slow to
    // start must not be taken for such a one: it would be introduced to twice.
    private static readonly TimeSpan s_probe = TimeSpan.FromSeconds(7);

    private readonly McpClient _client;
    private readonly ForeignWords _words;
    private readonly McpFaults _faults;

    private McpTalk(McpClient client, ForeignWords words, McpFaults faults)
    {
        _client = client;
        _words = words;
        _faults = faults;
        // A server of the newest revision need not say who it is.
        Product = words.Clean(client.ServerInfo?.Name, LongestName);
        Version = words.Clean(client.ServerInfo?.Version, LongestName);
        Protocol = words.Clean(client.NegotiatedProtocolVersion, LongestName);
    }

    internal string Product { get; }

    internal string Version { get; }

    internal string Protocol { get; }

    /// <summary>Whether the revision that is spoken has a ping.</summary>
    internal bool HasPing => string.CompareOrdinal(Protocol, WithoutPing) < 0;

    internal static async Task<McpTalk> BeginAsync(IClientTransport transport, ForeignWords words, McpFaults faults, TimeProvider time, CancellationToken cancellationToken)
    {
        var options = new McpClientOptions
        {
            ClientInfo = new Implementation { Name = "homelab", Version = typeof(McpTalk).Assembly.GetName().Version?.ToString(3) ?? "0" },
            DiscoverProbeTimeout = s_probe,
            TimeProvider = time,
        };
        return new McpTalk(await McpClient.CreateAsync(transport, options, cancellationToken: cancellationToken).ConfigureAwait(false), words, faults);
    }

    internal async Task PingAsync(CancellationToken cancellationToken) => await _client.PingAsync(cancellationToken: cancellationToken).ConfigureAwait(false);

    /// <summary>Every tool; none where the server does not claim to have any.</summary>
    /// <exception cref="HomelabException"><c>McpServerAnswerOdd</c> (Failed): the list does not end.</exception>
    internal async Task<IReadOnlyList<McpTool>> ListToolsAsync(CancellationToken cancellationToken)
    {
        var tools = new List<McpTool>();
        if (_client.ServerCapabilities?.Tools is null) return tools;
        var cursors = new HashSet<string>(StringComparer.Ordinal);
        string? cursor = null;
        for (var page = 1; ; page++)
        {
            var result = await _client.ListToolsAsync(new ListToolsRequestParams { Cursor = cursor }, cancellationToken).ConfigureAwait(false);
            tools.AddRange((result.Tools ?? []).OfType<Tool>().Select(Read));
            if (tools.Count > MostTools) throw _faults.Odd($"lists more than {MostTools} tools");
            cursor = result.NextCursor;
            if (cursor is null) return tools;
            if (!cursors.Add(cursor)) throw _faults.Odd("lists its tools in a circle: a page leads back to an earlier one");
            if (page == MostPages) throw _faults.Odd($"lists its tools on more than {MostPages} pages");
        }
    }

    /// <summary>Says good-bye. Its way must end before or while this is waited for.</summary>
    public ValueTask DisposeAsync() => _client.DisposeAsync();

    private McpTool Read(Tool tool) =>
        string.IsNullOrWhiteSpace(tool.Name) ? throw _faults.Odd("lists a tool without a name") : new McpTool(_words.Clean(tool.Name, LongestName), _words.Clean(tool.Description ?? tool.Title, LongestDescription), tool.Annotations?.ReadOnlyHint, tool.Annotations?.DestructiveHint);
}
