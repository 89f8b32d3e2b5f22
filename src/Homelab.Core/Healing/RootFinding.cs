namespace Homelab;

/// <summary>Where a failure comes from, as far as can be told, and why.</summary>
/// <param name="Roots">The causes, the likeliest first; empty when the service itself is the cause. Two when it needs two things that fail independently.</param>
/// <param name="Considered">Every service that could have been the cause, with what was seen of it and why it was or was not taken.</param>
public sealed record RootFinding(IReadOnlyList<string> Roots, IReadOnlyList<ConsideredCause> Considered)
{
    /// <inheritdoc/>
    public override string ToString() => Roots.Count == 0 ? "the failure is its own" : $"it comes from {string.Join(" and ", Roots)}";

    /// <summary>The finding as a tree for people: what it comes from, and under it each cause that was considered, with what was seen and why it was or was not taken.</summary>
    public IEnumerable<string> Lines()
    {
        yield return ToString();
        foreach (var cause in Considered)
        {
            var indent = new string(' ', 2 * Math.Max(1, cause.Path.Count - 1));
            yield return $"{indent}{(cause.IsRoot ? "→" : "·")} {cause.Service}{(cause.Path.Count > 2 ? $" (by {string.Join(" → ", cause.Path.Skip(1).SkipLast(1))})" : "")}";
            yield return $"{indent}    seen: {cause.Seen}";
            yield return $"{indent}    {(cause.IsRoot ? "taken" : "not taken")}: {cause.Why}";
        }
    }
}

/// <summary>A service that could have been the cause.</summary>
/// <param name="Service">The service.</param>
/// <param name="IsRoot">Whether it was taken to be a cause.</param>
/// <param name="Path">How the failing service hangs on it, from that service to this one.</param>
/// <param name="Seen">What was seen of it, and by whom, one line.</param>
/// <param name="Why">Why it was taken, or why not, one line.</param>
public sealed record ConsideredCause(string Service, bool IsRoot, IReadOnlyList<string> Path, string Seen, string Why);
