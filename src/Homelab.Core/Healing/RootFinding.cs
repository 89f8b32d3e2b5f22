namespace Homelab;

/// <summary>Where a failure comes from, as far as can be told, and why.</summary>
/// <param name="Roots">The causes, the likeliest first; empty when the service itself is the cause. Two when it needs two things that fail independently.</param>
/// <param name="Considered">Every service that could have been the cause, with what was seen of it and why it was or was not taken.</param>
public sealed record RootFinding(IReadOnlyList<string> Roots, IReadOnlyList<ConsideredCause> Considered)
{
    /// <inheritdoc/>
    public override string ToString() => Roots.Count == 0 ? "the failure is its own" : $"it comes from {string.Join(" and ", Roots)}";
}

/// <summary>A service that could have been the cause.</summary>
/// <param name="Service">The service.</param>
/// <param name="IsRoot">Whether it was taken to be a cause.</param>
/// <param name="Path">How the failing service hangs on it, from that service to this one.</param>
/// <param name="Seen">What was seen of it, and by whom, one line.</param>
/// <param name="Why">Why it was taken, or why not, one line.</param>
public sealed record ConsideredCause(string Service, bool IsRoot, IReadOnlyList<string> Path, string Seen, string Why);
