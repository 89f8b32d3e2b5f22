namespace Homelab.Configuration;

/// <summary>A value of a YAML document with its place. Never changed once made: an alias shares it.</summary>
internal abstract class Node(SourcePosition position, int height)
{
    internal SourcePosition Position { get; } = position;

    /// <summary>How many levels it has, itself included; what an alias adds to the depth of the place it stands in.</summary>
    internal int Height { get; } = height;

    /// <summary>True for a value that says nothing: <c>key:</c>, <c>~</c> or <c>null</c>.</summary>
    internal bool IsNull => this is ScalarNode { IsPlain: true } scalar && CoreSchema.IsNull(scalar.Text);

    /// <summary>What it is, in a sentence about a mistake.</summary>
    internal abstract string Kind { get; }
}

/// <summary>A single value.</summary>
/// <param name="position">Where it stands.</param>
/// <param name="text">Its text, without quotes and with escapes resolved.</param>
/// <param name="isPlain">True when it was written without quotes, so that it may be a number, a truth value or nothing.</param>
internal sealed class ScalarNode(SourcePosition position, string text, bool isPlain) : Node(position, 1)
{
    internal string Text { get; } = text;

    internal bool IsPlain { get; } = isPlain;

    internal override string Kind => "a single value";
}

/// <summary>A list.</summary>
internal sealed class ListNode(SourcePosition position, IReadOnlyList<Node> items) : Node(position, 1 + items.Select(static i => i.Height).DefaultIfEmpty().Max())
{
    internal IReadOnlyList<Node> Items { get; } = items;

    internal override string Kind => "a list";
}

/// <summary>Keys and values, each key once, in the order of the file.</summary>
internal sealed class MappingNode(SourcePosition position, IReadOnlyList<MappingEntry> entries)
    : Node(position, 1 + entries.Select(static e => e.Value.Height).DefaultIfEmpty().Max())
{
    private readonly Dictionary<string, MappingEntry> _byKey = entries.ToDictionary(static e => e.Key, StringComparer.Ordinal);

    internal IReadOnlyList<MappingEntry> Entries { get; } = entries;

    internal override string Kind => "a mapping";

    internal MappingEntry? Find(string key) => _byKey.GetValueOrDefault(key);

    /// <summary>The value of a key; null when it is not there or says nothing.</summary>
    internal Node? ValueOf(string key) => Find(key) is { Value.IsNull: false } entry ? entry.Value : null;

    /// <summary>The same mapping with an entry put in place of the one of the same key, or at its end.</summary>
    internal MappingNode With(MappingEntry entry) =>
        new(Position, [.. Entries.Where(e => !string.Equals(e.Key, entry.Key, StringComparison.Ordinal)), entry]);
}

/// <summary>One line of a mapping.</summary>
/// <param name="Key">The key.</param>
/// <param name="At">Where the key stands.</param>
/// <param name="Value">Its value.</param>
internal sealed record MappingEntry(string Key, SourcePosition At, Node Value);
