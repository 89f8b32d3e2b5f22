namespace Homelab.Host.Mcp.Resources;

/// <summary>A resource: one or more queries of the catalog with an input that is given, under an address.</summary>
internal sealed record ResourceDefinition
{
    /// <summary>The address; with a variable in braces at its end it is a template.</summary>
    internal required string Uri { get; init; }

    /// <summary>A name for lists.</summary>
    internal required string Name { get; init; }

    internal required string Title { get; init; }

    /// <summary>For a model. All of it is the program's own text.</summary>
    internal required string Description { get; init; }

    internal string MimeType { get; init; } = "application/json";

    /// <summary>What is asked. The first decides who has the resource; the others are left out for those who do not have them.</summary>
    internal required IReadOnlyList<ResourcePart> Parts { get; init; }

    /// <summary>Where the values of the variable come from.</summary>
    internal ResourceNames? Names { get; init; }

    /// <summary>True when subscribers are told of changes.</summary>
    internal bool IsWatched { get; init; }

    /// <summary>What stands in the braces; null for a resource that is one and no template.</summary>
    internal string? Variable => Uri.EndsWith('}') ? Uri[(Uri.IndexOf('{', StringComparison.Ordinal) + 1)..^1] : null;

    /// <summary>The address up to the variable.</summary>
    internal string Stem => Variable is null ? Uri : Uri[..Uri.IndexOf('{', StringComparison.Ordinal)];
}

/// <summary>One query of a resource.</summary>
/// <param name="Operation">The query's name.</param>
/// <param name="Input">Its input for a value of the variable; empty where there is none.</param>
internal sealed record ResourcePart(string Operation, Func<string, object> Input)
{
    /// <summary>Which items belong to it: a query that also takes patterns must not find by them.</summary>
    internal Func<object, string, bool> IsWanted { get; init; } = static (_, _) => true;

    /// <summary>True when nothing found means that there is no such resource.</summary>
    internal bool MustFind { get; init; }

    /// <summary>Where the lab file has nothing that could be asked, it is not asked.</summary>
    internal Func<LabDefinition, string, bool> Applies { get; init; } = static (_, _) => true;
}

/// <summary>The query that knows the values of a variable.</summary>
/// <param name="Operation">The query's name.</param>
/// <param name="Input">Its input.</param>
/// <param name="Field">The field of its items that is the value.</param>
internal sealed record ResourceNames(string Operation, object Input, string Field)
{
    /// <summary>Which items have one.</summary>
    internal Func<object, bool> IsWanted { get; init; } = static _ => true;

    /// <summary>True where the newest, which people mean, come last.</summary>
    internal bool IsOldestFirst { get; init; }
}
