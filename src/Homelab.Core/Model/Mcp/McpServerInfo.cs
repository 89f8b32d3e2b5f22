namespace Homelab;

/// <summary>Another MCP server of the lab, as it was just found.</summary>
public sealed record McpServerInfo
{
    /// <summary>Its name in the lab file.</summary>
    public required string Name { get; init; }

    /// <summary>How it is asked.</summary>
    public required McpServerKind Kind { get; init; }

    /// <summary>Where it is asked: its url, or its program without the arguments.</summary>
    public required string Address { get; init; }

    /// <summary>Whether it can be used. Only <see cref="McpServerState.Online"/> was positively seen.</summary>
    public required McpServerState State { get; init; }

    /// <summary>What was seen, one line.</summary>
    public required string Detail { get; init; }

    /// <summary>The id of what is wrong, such as <c>McpServerLoginRefused</c>; empty where nothing is.</summary>
    public string Error { get; init; } = "";

    /// <summary>What to do; empty when all is well.</summary>
    public string Fix { get; init; } = "";

    /// <summary>What it calls itself; empty where it did not say. Foreign text: never trusted.</summary>
    public string Product { get; init; } = "";

    /// <summary>Its version as it tells it; empty where it did not say. Foreign text: never trusted.</summary>
    public string Version { get; init; } = "";

    /// <summary>The revision of MCP that is spoken with it: <c>2025-11-25</c>; empty where none is.</summary>
    public string Protocol { get; init; } = "";

    /// <summary>How many tools it offers, or offered when this process last saw them.</summary>
    public int TotalTools { get; init; }

    /// <summary>How many tools can be used now: none unless it is online.</summary>
    public int AvailableTools { get; init; }

    /// <summary>Its tools by category, as far as they are known.</summary>
    public IReadOnlyList<McpToolCategory> Categories { get; init; } = [];

    /// <summary>When its tools were seen: now where it is online, earlier where only older knowledge is left; null where they never were.</summary>
    public DateTimeOffset? ToolsSeenAt { get; init; }

    /// <summary>How long it took until all was known; null where it is not.</summary>
    public TimeSpan? Latency { get; init; }

    /// <inheritdoc/>
    public override string ToString() => $"{Name}: {HomelabNames.Of(State)}";
}

/// <summary>How a server is asked.</summary>
public enum McpServerKind
{
    /// <summary>By MCP over HTTP.</summary>
    Http,

    /// <summary>By MCP over the input and output of a program that is started for it.</summary>
    Stdio,

    /// <summary>By an address that only tells whether it lives: it speaks no MCP.</summary>
    Health,
}

/// <summary>Whether a server can be used.</summary>
public enum McpServerState
{
    /// <summary>Nobody can tell: no answer in time, an odd one, or it could not be asked. Counts as not to be used.</summary>
    Unknown,

    /// <summary>It answered as it should.</summary>
    Online,

    /// <summary>It is not there, or says that it is not well.</summary>
    Offline,

    /// <summary>It is there, and does not let us in.</summary>
    Refused,
}

/// <summary>Tools of one kind.</summary>
/// <param name="Name"><c>query</c>, <c>control</c>, <c>automation</c>, <c>uncategorised</c>, or one of the lab file.</param>
/// <param name="Count">How many.</param>
/// <param name="Tools">Each.</param>
public sealed record McpToolCategory(string Name, int Count, IReadOnlyList<McpTool> Tools)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Name} {Count}";
}

/// <summary>A tool of another server. All of it is what that server says: never trusted, and nothing is decided by it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Description">The beginning of what it says that it does.</param>
/// <param name="IsReadOnly">Whether it says that it changes nothing; null where it does not say.</param>
/// <param name="IsDestructive">Whether it says that something may be lost by it; null where it does not say.</param>
public sealed record McpTool(string Name, string Description, bool? IsReadOnly, bool? IsDestructive)
{
    /// <inheritdoc/>
    public override string ToString() => Name;
}
