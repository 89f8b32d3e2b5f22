using System.ComponentModel;
using System.Runtime.CompilerServices;

namespace Homelab.Composition.Access;

/// <summary>Lists the keys that were made, also those that open no door any more.</summary>
[Operation("access_list_keys", Level.Configure, Risk.Read)]
[Description("Lists the API keys: what each may, who made it, when it was last used and when it ends. The keys themselves are kept nowhere.")]
[Example("Get-HlApiKey", "List every key.")]
[Example("Get-HlApiKey | Where-Object State -EQ Valid | Sort-Object UsedAt", "List the keys that open a door, those not used for long first.")]
public sealed class ListApiKeys(AccessDesk desk) : Query<ListApiKeys.Input, AccessKey>
{
    /// <summary>Which.</summary>
    public sealed record Input
    {
        /// <summary>The key's name.</summary>
        [Subject, Description("The key's name; * and ? stand for any text and any character. Every key when not given.")]
        public string? Name { get; init; }
    }

    /// <inheritdoc/>
    public override Intent Describe(Input input)
    {
        ArgumentNullException.ThrowIfNull(input);
        return input.Name is null ? new Intent("List API keys", Target.Lab) : new Intent("List API key", new Target("key", input.Name));
    }

    /// <inheritdoc/>
    protected override async IAsyncEnumerable<AccessKey> RunAsync(Input input, OperationContext context, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var keys = await desk.Store.ListKeysAsync(cancellationToken).ConfigureAwait(false);
        var now = context.Time.GetUtcNow();
        var found = keys.Where(k => input.Name is null || Wildcard.Matches(input.Name, k.Name)).ToArray();
        foreach (var key in found) yield return AccessKey.Of(key, now);
        if (found.Length == 0 && input.Name is { } name && !Wildcard.IsPattern(name)) throw KeyNames.NotFound(name, keys);
    }
}
