namespace Homelab;

/// <summary>
/// The one thing an operation acts on, in canonical form, so that policy, cooldown and audit meet the same thing under one name
/// however the caller wrote it.
/// </summary>
/// <param name="Kind">What it is: <c>container</c>, <c>service</c>, <c>vm</c>, <c>host</c>, <c>lab</c>.</param>
/// <param name="Name">Its name on its host.</param>
/// <param name="Host">The host it lives on, where it has one.</param>
public sealed record Target(string Kind, string Name, string? Host = null)
{
    /// <summary>The lab as a whole: for operations without a subject.</summary>
    public static Target Lab { get; } = new("lab", "lab");

    /// <summary>Other names of the same thing, such as a container id. Protection looks at all of them.</summary>
    public IReadOnlyList<string> Aliases { get; init; } = [];

    /// <summary><c>container:gitea@dev</c>. The key of cooldowns, budgets and the one-change-in-flight rule.</summary>
    public string Key { get; } = Host is null ? $"{Kind}:{Name}" : $"{Kind}:{Name}@{Host}";

    /// <summary>
    /// True when a pattern from a policy means this thing: <c>gitea</c>, <c>gitea@dev</c>, <c>*@infra</c>, or an alias such as <c>101</c>, each also with its kind before
    /// it: <c>container:gitea@dev</c>, <c>vm:101</c>.
    /// </summary>
    public bool IsMeantBy(string pattern)
    {
        ArgumentNullException.ThrowIfNull(pattern);
        if (Wildcard.Matches(pattern, Key)) return true;
        var named = pattern.Length > Kind.Length && pattern[Kind.Length] == ':' && pattern.StartsWith(Kind, StringComparison.OrdinalIgnoreCase) ? pattern[(Kind.Length + 1)..] : pattern;
        if (Wildcard.Matches(named, Name)) return true;
        if (Host is not null && Wildcard.Matches(named, Key.AsSpan(Kind.Length + 1))) return true;
        foreach (var alias in Aliases)
        {
            if (Wildcard.Matches(named, alias)) return true;
        }

        return false;
    }

    /// <summary>Two targets are the same thing when their keys are; aliases are only other names for it.</summary>
    public bool Equals(Target? other) => other is not null && string.Equals(Key, other.Key, StringComparison.Ordinal);

    /// <inheritdoc/>
    public override int GetHashCode() => StringComparer.Ordinal.GetHashCode(Key);

    /// <inheritdoc/>
    public override string ToString() => Host is null ? Name : $"{Name}@{Host}";
}
