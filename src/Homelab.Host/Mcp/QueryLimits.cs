namespace Homelab.Host.Mcp;

/// <summary>How much of a query one answer holds. A model reads all of it, and most clients give up after a minute.</summary>
internal sealed record QueryLimits
{
    /// <summary>Items at most.</summary>
    internal int Items { get; init; } = 200;

    /// <summary>Characters of all items as JSON at most.</summary>
    internal int Characters { get; init; } = 64 * 1024;

    /// <summary>The time after which what has come so far is the answer; some queries would go on for ever.</summary>
    internal TimeSpan Time { get; init; } = TimeSpan.FromSeconds(50);
}
