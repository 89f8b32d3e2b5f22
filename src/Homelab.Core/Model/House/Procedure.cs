namespace Homelab;

/// <summary>How something is done in this lab, step by step, for people and for AI clients. It allows nothing: each of its steps passes the gate.</summary>
public sealed record Procedure
{
    /// <summary>Its name, which is that of its file.</summary>
    public required string Name { get; init; }

    /// <summary>Its title.</summary>
    public string Title { get; init; } = "";

    /// <summary>What it is for, one sentence.</summary>
    public string Summary { get; init; } = "";

    /// <summary>Where it comes from.</summary>
    public ProcedureOrigin Origin { get; init; }

    /// <summary>Its text, Markdown, line by line; empty where only the list was asked for.</summary>
    public IReadOnlyList<string> Lines { get; init; } = [];

    /// <summary>Why it cannot be used, with its place and the way out; empty where it can.</summary>
    public string Problem { get; init; } = "";
}

/// <summary>Where a procedure comes from.</summary>
public enum ProcedureOrigin
{
    /// <summary>It is shipped with the program.</summary>
    Shipped,

    /// <summary>It is the lab's own, from the folder <c>procedures</c> beside the lab file.</summary>
    Lab,
}
