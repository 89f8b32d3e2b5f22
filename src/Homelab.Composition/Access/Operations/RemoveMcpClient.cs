using System.ComponentModel;

namespace Homelab.Composition.Access;

/// <summary>Takes back all that an OAuth client was given, and forgets it where it registered itself.</summary>
[Operation("mcp_remove_client", Level.Manage, Risk.Change, Idempotent = true)]
[Description("Takes back every token of an OAuth client, and forgets it where it registered itself. One of the lab file stays there: it may come in anew until it is taken out.")]
[Example("Remove-HlMcpClient claude", "Take back what a client of the lab file was given.")]
[Example("Get-HlMcpClient hlx_* | Where-Object Tokens -EQ 0 | Remove-HlMcpClient", "Forget the clients that registered themselves and were never let in.")]
public sealed class RemoveMcpClient(AccessDesk desk) : Change<RemoveMcpClient.Input, AiClient>
{
    /// <summary>Which.</summary>
    public sealed record Input
    {
        /// <summary>The client's id.</summary>
        [Subject, Description("The client's id.")]
        public required string Id { get; init; }
    }

    /// <inheritdoc/>
    public override Intent Describe(Input input)
    {
        ArgumentNullException.ThrowIfNull(input);
        return new Intent("Take back the tokens of MCP client", new Target("mcp-client", input.Id));
    }

    /// <inheritdoc/>
    protected override async Task<Prepared<Input>> PrepareAsync(Input input, OperationContext context, CancellationToken cancellationToken)
    {
        await FindAsync(input.Id, context, cancellationToken).ConfigureAwait(false);
        return new Prepared<Input>(input, null);
    }

    /// <inheritdoc/>
    protected override async Task<AiClient> RunAsync(Input input, OperationContext context, CancellationToken cancellationToken)
    {
        var client = await FindAsync(input.Id, context, cancellationToken).ConfigureAwait(false);
        var now = context.Time.GetUtcNow();
        if (client.IsRegistered) await desk.Store.RemoveClientAsync(input.Id, now, cancellationToken).ConfigureAwait(false);
        else await desk.Store.RevokeClientAsync(input.Id, now, cancellationToken).ConfigureAwait(false);
        context.SayActed();
        desk.Credentials.Forget();
        if (await HoldsAnyAsync(input.Id, now, cancellationToken).ConfigureAwait(false))
        {
            throw new HomelabException(ErrorKind.Failed, "McpClientNotRemoved", $"'{input.Id}' was given a token while its tokens were taken back. Do it again.", input.Id);
        }

        return client with
        {
            Tokens = 0,
            LastTokenAt = null,
            Warning = client.IsRegistered ? null : $"'{input.Id}' is in the lab file and may come in anew. Take it out of mcp.clients, or change its secret, and start the program anew.",
        };
    }

    /// <inheritdoc/>
    protected override async Task<Settlement> SettleAsync(Input input, string? mark, OperationContext context, CancellationToken cancellationToken)
    {
        if (await HoldsAnyAsync(input.Id, context.Time.GetUtcNow(), cancellationToken).ConfigureAwait(false)) return Settlement.DidNotHappen;
        return await desk.Store.FindClientAsync(input.Id, cancellationToken).ConfigureAwait(false) is null ? Settlement.Happened : Settlement.DidNotHappen;
    }

    private async Task<bool> HoldsAnyAsync(string client, DateTimeOffset now, CancellationToken cancellationToken) =>
        (await desk.Store.ListGrantsAsync(now, cancellationToken).ConfigureAwait(false)).Any(g => g.Client == client);

    private async Task<AiClient> FindAsync(string id, OperationContext context, CancellationToken cancellationToken)
    {
        var all = await McpClientList.ReadAsync(desk, context.Time.GetUtcNow(), cancellationToken).ConfigureAwait(false);
        return all.FirstOrDefault(c => c.Id == id) ?? throw McpClientList.NotFound(id, all);
    }
}
