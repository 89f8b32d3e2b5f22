namespace Homelab.Composition.Clients;

/// <summary>How a client starts <c>homelab mcp</c>.</summary>
public sealed record ServerStart
{
    /// <summary>The program, absolute: a client is started from a desktop and has no PATH that anybody could know.</summary>
    public required string Program { get; init; }

    /// <summary>What stands before <c>mcp</c>: for <c>dotnet</c> the path of <c>homelab.dll</c>.</summary>
    public IReadOnlyList<string> Arguments { get; init; } = [];

    /// <summary>The lab file, absolute.</summary>
    public required string LabFile { get; init; }

    /// <summary>The file of the state, where the environment names it; null where the lab file does.</summary>
    public string? StateFile { get; init; }

    /// <summary>The variables that the lab file's <c>env:</c> references read.</summary>
    public IReadOnlyList<string> Variables { get; init; } = [];
}
