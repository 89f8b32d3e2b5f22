using System.ComponentModel;
using System.Runtime.CompilerServices;

namespace Homelab.Composition.Access;

/// <summary>Lists the OAuth clients by which AI clients come in, and how many tokens of each hold.</summary>
[Operation("mcp_list_clients", Level.Configure, Risk.Read)]
[Description("Lists the OAuth clients of the MCP server: those of the lab file and those that registered themselves, what each may, and how many of its tokens hold.")]
[Example("Get-HlMcpClient", "List every client.")]
[Example("Get-HlMcpClient | Where-Object Tokens -GT 0", "List the clients that can come in now.")]
public sealed class ListMcpClients(AccessDesk desk) : Query<ListMcpClients.Input, AiClient>
{
    /// <summary>Which.</summary>
    public sealed record Input
    {
        /// <summary>The client's id.</summary>
        [Subject, Description("The client's id; * and ? stand for any text and any character. Every client when not given.")]
        public string? Id { get; init; }
    }

    /// <inheritdoc/>
    public override Intent Describe(Input input)
    {
        ArgumentNullException.ThrowIfNull(input);
        return input.Id is null ? new Intent("List MCP clients", Target.Lab) : new Intent("List MCP client", new Target("mcp-client", input.Id));
    }

    /// <inheritdoc/>
    protected override async IAsyncEnumerable<AiClient> RunAsync(Input input, OperationContext context, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var all = await McpClientList.ReadAsync(desk, context.Time.GetUtcNow(), cancellationToken).ConfigureAwait(false);
        var found = all.Where(c => input.Id is null || Wildcard.Matches(input.Id, c.Id)).ToArray();
        foreach (var client in found) yield return client;
        if (found.Length == 0 && input.Id is { } id && !Wildcard.IsPattern(id)) throw McpClientList.NotFound(id, all);
    }
}
