namespace Homelab.Composition.Access;

/// <summary>The OAuth clients with what they hold.</summary>
internal static class McpClientList
{
    internal static async Task<IReadOnlyList<AiClient>> ReadAsync(AccessDesk desk, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var clients = await desk.Clients.ListAsync(cancellationToken).ConfigureAwait(false);
        var held = (await desk.Store.ListGrantsAsync(now, cancellationToken).ConfigureAwait(false)).ToLookup(static g => g.Client, StringComparer.Ordinal);
        return
        [
            .. clients.Select(c => new AiClient
            {
                Id = c.Id,
                ClaimedName = c.ClaimedName,
                IsRegistered = c.IsRegistered,
                HasSecret = c.HasSecret,
                Level = c.Level,
                Operations = c.Scope.Patterns,
                Redirects = c.Redirects,
                Tokens = held[c.Id].Count(),
                LastTokenAt = held[c.Id].Select(static g => (DateTimeOffset?)g.IssuedAt).Max(),
            }),
        ];
    }

    internal static HomelabException NotFound(string id, IReadOnlyList<AiClient> all) =>
        new(ErrorKind.NotFound, "McpClientNotFound", $"There is no OAuth client '{id}'. {NearestName.Hint(id, [.. all.Select(static c => c.Id)])} Get-HlMcpClient lists them.", id) { NothingHappened = true };
}
