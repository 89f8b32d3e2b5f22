using System.ComponentModel;

namespace Homelab.Composition.Access;

/// <summary>Takes a key back: the next call with it is refused, and what it holds open is closed.</summary>
[Operation("access_revoke_key", Level.Manage, Risk.Change, Idempotent = true)]
[Description("Takes an API key back. It opens no door from now on, and calls that are open with it are cut off; other processes of the lab know it within seconds.")]
[Example("Revoke-HlApiKey claude", "Take a key back.")]
[Example("Get-HlApiKey | Where-Object UsedAt -LT (Get-Date).AddDays(-90) | Revoke-HlApiKey", "Take back what nobody has used for three months.")]
public sealed class RevokeApiKey(AccessDesk desk) : Change<RevokeApiKey.Input, AccessKey>
{
    /// <summary>Which.</summary>
    public sealed record Input
    {
        /// <summary>The key's name.</summary>
        [Subject, Description("The key's name.")]
        public required string Name { get; init; }
    }

    /// <inheritdoc/>
    public override Intent Describe(Input input)
    {
        ArgumentNullException.ThrowIfNull(input);
        return new Intent("Take back API key", new Target("key", input.Name));
    }

    /// <inheritdoc/>
    protected override async Task<Prepared<Input>> PrepareAsync(Input input, OperationContext context, CancellationToken cancellationToken)
    {
        var key = await FindAsync(input.Name, cancellationToken).ConfigureAwait(false);
        return new Prepared<Input>(input, null) { OnlyLooks = !key.Holds(context.Time.GetUtcNow()) };
    }

    /// <inheritdoc/>
    protected override async Task<AccessKey> RunAsync(Input input, OperationContext context, CancellationToken cancellationToken)
    {
        var now = context.Time.GetUtcNow();
        if (await desk.Store.RevokeKeyAsync(input.Name, now, cancellationToken).ConfigureAwait(false)) context.SayActed();
        desk.Credentials.Forget();
        var key = await FindAsync(input.Name, cancellationToken).ConfigureAwait(false);
        if (key.Holds(now)) throw new HomelabException(ErrorKind.Failed, "KeyNotRevoked", $"The key '{input.Name}' was taken back and still holds. Look with Get-HlApiKey.", input.Name);
        return AccessKey.Of(key, now);
    }

    /// <inheritdoc/>
    protected override async Task<Settlement> SettleAsync(Input input, string? mark, OperationContext context, CancellationToken cancellationToken)
    {
        var now = context.Time.GetUtcNow();
        return (await desk.Store.ListKeysAsync(cancellationToken).ConfigureAwait(false)).Any(k => k.Name == input.Name && k.Holds(now)) ? Settlement.DidNotHappen : Settlement.Happened;
    }

    // The one that holds, else the youngest: of a name there is never more than one that holds.
    private async Task<ApiKey> FindAsync(string name, CancellationToken cancellationToken)
    {
        var keys = await desk.Store.ListKeysAsync(cancellationToken).ConfigureAwait(false);
        return keys.FirstOrDefault(k => k.Name == name) ?? throw KeyNames.NotFound(name, keys);
    }
}
