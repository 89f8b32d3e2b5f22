using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Homelab.Configuration;

/// <summary>
/// Turns YAML into nodes with places. Bounded in size and depth with every alias written out, so that a few lines of aliases of aliases
/// cannot become a million values.
/// </summary>
internal sealed partial class DocumentReader
{
    /// <summary>The longest path that is followed; real ones stay far below.</summary>
    internal const int LongestPath = 1_000;

    private const int MostNodes = 50_000;
    private const int MostDepth = 64;
    private const int LongestKey = 200;
    private const string MergeKey = "<<";
    private const string TextTag = "tag:yaml.org,2002:str";

    private readonly Parser _parser;
    private readonly string _file;
    private readonly ProblemList _problems;
    private readonly Dictionary<string, (Node Node, int Weight)> _anchors = new(StringComparer.Ordinal);
    private int _nodes;

    private DocumentReader(string file, string text, ProblemList problems)
    {
        _file = file;
        _problems = problems;
        _parser = new Parser(new StringReader(text));
    }

    /// <summary>The documents of a text that hold anything, or null after it could not be read to its end.</summary>
    internal static IReadOnlyList<Node>? Read(string file, string text, ProblemList problems)
    {
        var reader = new DocumentReader(file, text, problems);
        try
        {
            return reader.ReadDocuments();
        }
        catch (LimitException e)
        {
            problems.Add(e.Position, e.Path, e.Message, "Make it smaller or less deep.");
        }
        catch (YamlException e)
        {
            reader.AddSyntaxProblem(e, text);
        }
        catch (Exception e) when (e is InvalidOperationException or ArgumentException or IndexOutOfRangeException or FormatException or OverflowException)
        {
            // The parser is not written for hostile text; what it trips over is bad YAML all the same.
            problems.Add(reader.Here(), "", "is not valid YAML after this place", "Look for a bracket or a quote that is not closed.");
        }

        return null;
    }

    private List<Node> ReadDocuments()
    {
        var documents = new List<Node>();
        _parser.MoveNext();
        while (_parser.MoveNext() && _parser.Current is DocumentStart)
        {
            _anchors.Clear();
            _parser.MoveNext();
            var document = ReadNode("", 1);
            if (!document.IsNull) documents.Add(document);
            _parser.MoveNext();
        }

        return documents;
    }

    private Node ReadNode(string path, int depth)
    {
        var before = _nodes++;
        CheckLimits(path, depth);
        if (_parser.Current is AnchorAlias alias) return Resolve(alias, path, depth);

        // For some texts, such as "a: [b]*c", the parser leaves a value out.
        if (_parser.Current is not NodeEvent start) throw new InvalidOperationException("The parser gave no value where one must stand.");
        CheckTag(start, path);
        Node node = start switch
        {
            SequenceStart => ReadList(path, depth),
            MappingStart => ReadMapping(path, depth),
            Scalar scalar => new ScalarNode(At(scalar.Start), scalar.Value, scalar.Style == ScalarStyle.Plain && scalar.Tag.IsEmpty),
            _ => throw new InvalidOperationException($"The parser gave {start.GetType().Name} where a value begins."),
        };

        // Known only now, when it is complete: an alias inside its own anchor finds nothing, and no circle can be made.
        if (!start.Anchor.IsEmpty) _anchors[start.Anchor.Value] = (node, _nodes - before);
        return node;
    }

    private ListNode ReadList(string path, int depth)
    {
        var position = Here();
        var items = new List<Node>();
        while (_parser.MoveNext() && _parser.Current is not SequenceEnd) items.Add(ReadNode($"{path}[{items.Count}]", depth + 1));
        return new ListNode(position, items);
    }

    private MappingNode ReadMapping(string path, int depth)
    {
        var position = Here();
        var entries = new List<MappingEntry>();
        var given = new Dictionary<string, SourcePosition>(StringComparer.Ordinal);
        var merged = new List<MappingNode>();
        while (_parser.MoveNext() && _parser.Current is not MappingEnd)
        {
            var at = Here();
            var key = ReadKey(path, depth);
            _parser.MoveNext();
            var value = ReadNode(key is null ? path : ProblemList.Join(path, key), depth + 1);
            if (key is null) continue;
            if (key == MergeKey) Collect(value, path, merged);
            else if (given.TryAdd(key, at)) entries.Add(new MappingEntry(key, at, value));
            else _problems.Add(at, ProblemList.Join(path, key), $"is given twice, first in line {given[key].Line}", "Keep one of the two.");
        }

        // What stands here itself wins over what is merged in, and what is merged first over what is merged later.
        foreach (var entry in merged.SelectMany(static m => m.Entries).Where(e => given.TryAdd(e.Key, e.At))) entries.Add(entry);
        return new MappingNode(position, entries);
    }

    private string? ReadKey(string path, int depth)
    {
        var at = Here();
        if (ReadNode(path, depth + 1) is not ScalarNode key)
        {
            _problems.Add(at, path, "has a key that is no text", "Write a name as the key.");
            return null;
        }

        if (key.Text.Length is > 0 and <= LongestKey) return key.Text;
        _problems.Add(at, path, key.Text.Length == 0 ? "has an empty key" : $"has a key of more than {LongestKey} characters", "Write a name as the key.");
        return null;
    }

    private void Collect(Node value, string path, List<MappingNode> merged)
    {
        foreach (var source in value is ListNode list ? list.Items : [value])
        {
            if (source is MappingNode mapping) merged.Add(mapping);
            else _problems.Add(source.Position, ProblemList.Join(path, MergeKey), $"is {source.Kind}, not a mapping", "Give an alias of a mapping: *name.");
        }
    }

    private Node Resolve(AnchorAlias alias, string path, int depth)
    {
        if (_anchors.TryGetValue(alias.Value.Value, out var known))
        {
            _nodes += known.Weight;
            CheckLimits(path, depth + known.Node.Height);
            return known.Node;
        }

        var name = alias.Value.Value;
        _problems.Add(
            At(alias.Start),
            path,
            $"is an alias of {ProblemList.Show(name)}, and no such anchor comes before it",
            NearestName.Hint(name, _anchors.Keys));
        return new ScalarNode(At(alias.Start), "", isPlain: true);
    }

    private void CheckTag(NodeEvent node, string path)
    {
        if (node.Tag.IsEmpty || node.Tag.IsNonSpecific || (node is Scalar && node.Tag.Value == TextTag)) return;
        _problems.Add(At(node.Start), path, "has a tag, and tags mean nothing here", "Remove the word that begins with '!', or put the value into quotes.");
    }

    private void CheckLimits(string path, int depth)
    {
        if (_nodes > MostNodes) throw new LimitException(Here(), path, $"is the {MostNodes + 1}th value of the file, aliases written out");
        if (depth > MostDepth) throw new LimitException(Here(), path, $"lies more than {MostDepth} levels deep");
        if (path.Length > LongestPath) throw new LimitException(Here(), path[..LongestPath], "has a path that is too long");
    }

    private SourcePosition Here() => _parser.Current is { } current ? At(current.Start) : FileText.Start(_file);

    private SourcePosition At(Mark mark) => new(_file, (int)mark.Line, (int)mark.Column);

    private sealed class LimitException(SourcePosition position, string path, string message) : Exception(message)
    {
        internal SourcePosition Position { get; } = position;

        internal string Path { get; } = path;
    }
}
