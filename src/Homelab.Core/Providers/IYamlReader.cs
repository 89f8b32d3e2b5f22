using System.Text.Json.Nodes;

namespace Homelab;

/// <summary>Reads YAML that somebody else's program is to read too. Which parser does it, only the configuration knows.</summary>
public interface IYamlReader
{
    /// <summary>Reads a text of one document: aliases and merges written out, every single value as its text, a null one as null.</summary>
    YamlReading Read(string text);
}

/// <summary>A text as it was read.</summary>
/// <param name="Document">What it holds; null where it cannot be read, or holds nothing.</param>
/// <param name="Problem">Why it cannot be read, as the rest of a sentence; null where it can.</param>
/// <param name="Line">The line of the problem; 0 where there is none.</param>
public sealed record YamlReading(JsonNode? Document, string? Problem, int Line);

/// <summary>Where nothing reads YAML: what cannot be read is no text that is right.</summary>
internal sealed class NoYamlReader : IYamlReader
{
    internal static NoYamlReader Instance { get; } = new();

    public YamlReading Read(string text) => new(Document: null, "cannot be read: nothing reads YAML here", 1);
}
