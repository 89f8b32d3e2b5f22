using System.Runtime.CompilerServices;

namespace Homelab.Providers.Mcp;

/// <summary>The servers of the lab file. They are asked at once, and one that is not well hides no other.</summary>
internal sealed class McpServers : IDisposable
{
    // Some of them are programs, and a small machine starts few at once.
    private const int AtOnce = 8;

    private readonly IReadOnlyList<KnownServer> _all;

    internal McpServers(McpServersSettings? settings, ProviderContext context) => _all = [.. (settings?.Servers ?? new Dictionary<string, McpServerSettings>(StringComparer.Ordinal)).Select(s => new KnownServer(s.Key, s.Value, context))];

    internal IReadOnlyList<KnownServer> All => _all;

    /// <summary>Those that a name or pattern means; all where none is given.</summary>
    /// <exception cref="HomelabException"><c>McpServersNotConfigured</c>, <c>McpServerNotFound</c> (NotFound).</exception>
    internal IReadOnlyList<KnownServer> Find(string? name)
    {
        if (_all.Count == 0)
        {
            const string WayOut = "Give providers: mcp: servers: in the lab file.";
            throw new HomelabException(ErrorKind.NotFound, "McpServersNotConfigured", $"The lab file names no other MCP server. {WayOut}", McpNames.Provider) { WayOut = WayOut };
        }

        if (name is null) return _all;
        IReadOnlyList<KnownServer> found = [.. _all.Where(s => Wildcard.Matches(name, s.Name))];
        if (found.Count > 0 || Wildcard.IsPattern(name)) return found;
        var hint = NearestName.Hint(name, [.. _all.Select(static s => s.Name)]);
        throw new HomelabException(ErrorKind.NotFound, "McpServerNotFound", $"The lab file names no MCP server '{name}'. {hint}", name) { WayOut = hint };
    }

    /// <summary>Asks several at once, and tells in their order.</summary>
    internal static async IAsyncEnumerable<T> AskAsync<T>(IReadOnlyList<KnownServer> servers, Func<KnownServer, CancellationToken, Task<T>> askAsync, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        // Whoever stops listening stops the asking.
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var turns = new SemaphoreSlim(AtOnce);
        var asking = servers.Select(InTurnAsync).ToList();
        try
        {
            foreach (var one in asking) yield return await one.ConfigureAwait(false);
        }
        finally
        {
            await ending.CancelAsync().ConfigureAwait(false);
            await ((Task)Task.WhenAll(asking)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        async Task<T> InTurnAsync(KnownServer server)
        {
            await turns.WaitAsync(ending.Token).ConfigureAwait(false);
            try
            {
                return await askAsync(server, ending.Token).ConfigureAwait(false);
            }
            finally
            {
                turns.Release();
            }
        }
    }

    public void Dispose()
    {
        foreach (var server in _all) server.Dispose();
    }
}
