namespace Homelab.Providers.Mcp;

/// <summary>What came of one talk with a server.</summary>
internal sealed record ServerVisit
{
    /// <summary>What was tried, in order; what could not be tried any more is in it too.</summary>
    internal required IReadOnlyList<VisitStep> Steps { get; init; }

    /// <summary>How long all of it took.</summary>
    internal required TimeSpan Took { get; init; }

    internal string Product { get; init; } = "";

    internal string Version { get; init; } = "";

    internal string Protocol { get; init; } = "";

    /// <summary>Its tools; null where they are not known.</summary>
    internal IReadOnlyList<McpTool>? Tools { get; init; }

    /// <summary>The first thing that was wrong; null when all was well.</summary>
    internal HomelabException? Trouble => Steps.FirstOrDefault(static s => s.Trouble is not null)?.Trouble;
}

/// <summary>One thing that was tried.</summary>
/// <param name="Name">What.</param>
/// <param name="Verdict">What came of it.</param>
/// <param name="Detail">What was seen.</param>
/// <param name="Latency">How long it took.</param>
/// <param name="Trouble">What was wrong; null also where it was not tried.</param>
internal sealed record VisitStep(string Name, McpVerdict Verdict, string Detail, TimeSpan? Latency = null, HomelabException? Trouble = null);
