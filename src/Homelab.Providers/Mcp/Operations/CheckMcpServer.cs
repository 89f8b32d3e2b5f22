using System.ComponentModel;
using System.Runtime.CompilerServices;

namespace Homelab.Providers.Mcp;

/// <summary>Tries everything that a client needs of the lab's other MCP servers, step by step.</summary>
/// <remarks>MCP: <c>server/discover</c> or <c>initialize</c>, <c>ping</c>, <c>tools/list</c>; a plain <c>GET</c> where the lab file names a health address.</remarks>
[Operation("mcp_check_server", Level.Monitor, Risk.Read)]
[Description("Tries the other MCP servers of the lab step by step: connection, introduction, revision, ping, list of tools, and the health address where there is one. What cannot be tried or does not answer is unknown, which counts as failed.")]
[Example("Test-HlMcpServer proxmox", "Try one server, step by step.")]
[Example("Test-HlMcpServer | Where-Object Verdict -ne Ok", "Show what is not well, with what to do about it.")]
public sealed class CheckMcpServer : Query<CheckMcpServer.Input, McpServerCheck>
{
    private readonly McpServers _servers;

    internal CheckMcpServer(McpServers servers) => _servers = servers;

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
        return input.Name is null ? new Intent("Check MCP servers", Target.Lab) : new Intent("Check MCP server", new Target("mcpServer", input.Name));
    }

    /// <inheritdoc/>
    protected override async IAsyncEnumerable<McpServerCheck> RunAsync(Input input, OperationContext context, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(input);
        await foreach (var checks in McpServers.AskAsync(_servers.Find(input.Name), static (server, token) => server.CheckAsync(token), cancellationToken).ConfigureAwait(false))
        {
            foreach (var check in checks) yield return check;
        }
    }
}
