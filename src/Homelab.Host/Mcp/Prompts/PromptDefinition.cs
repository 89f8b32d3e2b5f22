using System.Collections.ObjectModel;
using Homelab.Host.Mcp.Resources;

namespace Homelab.Host.Mcp.Prompts;

/// <summary>A prompt: our own words, what the user adds to them, and the resource that belongs to it.</summary>
internal sealed record PromptDefinition
{
    internal required string Name { get; init; }

    internal required string Title { get; init; }

    internal required string Description { get; init; }

    internal required IReadOnlyList<PromptWord> Arguments { get; init; }

    /// <summary>The address of what is embedded, for what was given.</summary>
    internal required Func<IReadOnlyDictionary<string, string>, string> ResourceUri { get; init; }

    /// <summary>What is asked for.</summary>
    internal required string Opening { get; init; }

    /// <summary>How to go about it. One that names a tool is told only to who has that tool.</summary>
    internal required IReadOnlyList<string> Steps { get; init; }

    /// <summary>What the answer must hold.</summary>
    internal required string Closing { get; init; }

    /// <summary>The resource by which it is decided who has the prompt.</summary>
    internal ResourceDefinition Resource => ResourceAddress.Read(ResourceUri(ReadOnlyDictionary<string, string>.Empty))!.Definition;
}

/// <summary>One argument of a prompt.</summary>
internal sealed record PromptWord(string Name, string Title, string Description, bool IsRequired)
{
    /// <summary>Where its values come from; null for free text.</summary>
    internal ResourceNames? Names { get; init; }

    /// <summary>True where a container may be meant as well.</summary>
    internal bool IsSubject { get; init; }

    /// <summary>True where it becomes part of an address.</summary>
    internal bool IsId { get; init; }
}
