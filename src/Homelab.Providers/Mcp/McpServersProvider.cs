namespace Homelab.Providers.Mcp;

/// <summary>The lab's other MCP servers: which there are, whether they can be used, and what tools they have. Their tools are not called.</summary>
public sealed class McpServersProvider : Provider
{
    private readonly McpServers _servers;
    private readonly TimeProvider _time;

    /// <param name="context">The lab. Without settings its operations say so.</param>
    public McpServersProvider(ProviderContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        _time = context.Time;
        _servers = new McpServers(context.Settings<McpServersSettings>(McpNames.Provider), context);
        Operations = [new ListMcpServers(_servers), new CheckMcpServer(_servers)];
    }

    /// <inheritdoc/>
    public override string Name => McpNames.Provider;

    /// <inheritdoc/>
    public override IEnumerable<Operation> Operations { get; }

    /// <inheritdoc/>
    public override IAsyncEnumerable<LabCheck> CheckAsync(CancellationToken cancellationToken) => ConnectionLook.AllAsync(_servers.All.Select(Look), _time, cancellationToken);

    /// <inheritdoc/>
    public override ValueTask DisposeAsync()
    {
        _servers.Dispose();
        return base.DisposeAsync();
    }

    private static ConnectionLook Look(KnownServer server) => new($"{McpNames.Provider}@{server.Name}", $"Look at {server.Faults.Setting} in the lab file.", async cancellationToken =>
    {
        var name = $"{McpNames.Provider}@{server.Name}";
        var found = await server.LookAsync(cancellationToken).ConfigureAwait(false);
        if (found.State == McpServerState.Online) return [LabCheck.Ok(ConnectionLook.Connection, name, found.Detail)];
        var group = found.State == McpServerState.Refused ? ConnectionLook.Rights : ConnectionLook.Connection;
        return [LabCheck.Failed(group, name, found.Detail, found.Fix)];
    });
}
