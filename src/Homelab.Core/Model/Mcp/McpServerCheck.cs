namespace Homelab;

/// <summary>One thing that was tried at another MCP server, in the order in which a client needs them.</summary>
public sealed record McpServerCheck : IVerdict
{
    /// <summary>The server's name in the lab file.</summary>
    public required string Server { get; init; }

    /// <summary>What was tried: <c>connection</c>, <c>initialize</c>, <c>protocol</c>, <c>ping</c>, <c>tools</c>, <c>health</c>.</summary>
    public required string Check { get; init; }

    /// <summary>The verdict.</summary>
    public required McpVerdict Verdict { get; init; }

    /// <summary>What was seen, one line.</summary>
    public required string Detail { get; init; }

    /// <summary>The id of what is wrong, such as <c>McpServerLoginRefused</c>; empty where nothing is, or nothing was tried.</summary>
    public string Error { get; init; } = "";

    /// <summary>What to do; empty when all is well.</summary>
    public string Fix { get; init; } = "";

    /// <summary>How long it took; null where nothing was waited for.</summary>
    public TimeSpan? Latency { get; init; }

    bool IVerdict.IsGood => Verdict is McpVerdict.Ok;

    /// <inheritdoc/>
    public override string ToString() => $"{Server} {Check}: {HomelabNames.Of(Verdict)}";
}

/// <summary>The verdict of a check.</summary>
public enum McpVerdict
{
    /// <summary>No answer came in time, or it could not be tried. Counts as failed.</summary>
    Unknown,

    /// <summary>It is as it should be.</summary>
    Ok,

    /// <summary>It is not.</summary>
    Failed,
}
