using System.ComponentModel;

namespace Homelab.Providers.Mcp;

/// <summary>Lists the lab's other MCP servers, each asked now.</summary>
/// <remarks>MCP: <c>server/discover</c> or <c>initialize</c>, then <c>tools/list</c>.</remarks>
[Operation("mcp_list_servers", Level.Monitor, Risk.Read)]
[Description("Lists the other MCP servers of the lab with their state, version and tools by category. Each is asked now, all at once; one that is not well is a line like the others. Their tools are not called.")]
[Example("Get-HlMcpServer", "List the servers, whether they can be used, and how many tools they have.")]
[Example("Get-HlMcpServer proxmox | Select-Object -ExpandProperty Categories", "Show the tools of one server by category.")]
[Example("Get-HlMcpServer | Measure-Object TotalTools, AvailableTools -Sum", "Count all tools, and those that can be used now.")]
public sealed class ListMcpServers : Query<ListMcpServers.Input, McpServerInfo>
{
    private readonly McpServers _servers;

    internal ListMcpServers(McpServers servers) => _servers = servers;

    /// <summary>Which servers.</summary>
    public sealed record Input
    {
        /// <summary>The name.</summary>
        [Subject]
        [NameOf("mcpServer")]
        [Description("The server's name in the lab file; * and ? stand for any text and any character. Every server when not given.")]
        public string? Name { get; init; }
    }

    /// <inheritdoc/>
    public override Intent Describe(Input input)
    {
        ArgumentNullException.ThrowIfNull(input);
        return input.Name is null ? new Intent("List MCP servers", Target.Lab) : new Intent("List MCP server", new Target("mcpServer", input.Name));
    }

    /// <inheritdoc/>
    protected override IAsyncEnumerable<McpServerInfo> RunAsync(Input input, OperationContext context, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(input);
        return McpServers.AskAsync(_servers.Find(input.Name), static (server, token) => server.LookAsync(token), cancellationToken);
    }
}
