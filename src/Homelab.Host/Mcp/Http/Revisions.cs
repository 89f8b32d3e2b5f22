namespace Homelab.Host.Mcp.Http;

/// <summary>The revisions of MCP that are spoken, and how each of them talks over HTTP.</summary>
internal static class Revisions
{
    /// <summary>The first one without sessions: each request says all that there is to know.</summary>
    internal const string Sessionless = "2026-07-28";

    /// <summary>All of them, the oldest first.</summary>
    internal static IReadOnlyList<string> All { get; } = ["2024-11-05", "2025-03-26", "2025-06-18", "2025-11-25", Sessionless];

    internal static bool IsSpoken(string revision) => All.Contains(revision, StringComparer.Ordinal);

    // They are dates: in order as texts too.
    internal static bool IsSessionless(string? revision) => !string.IsNullOrEmpty(revision) && string.CompareOrdinal(revision, Sessionless) >= 0;
}
