using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Homelab.Composition.Clients;

/// <summary>A JSON text with comments, as people and programs keep it, in which single values are set: every other byte stays as it is.</summary>
internal sealed class JsoncText
{
    private const string UsualIndent = "  ";

    private readonly byte[] _text;
    private readonly JsoncNode _root;
    private readonly string _newLine;
    private readonly string _unit;

    private JsoncText(byte[] text)
    {
        _text = text;
        _root = JsoncNode.Read(text);
        _newLine = text.AsSpan().IndexOf("\r\n"u8) >= 0 ? "\r\n" : "\n";
        _unit = _root.Children is [var first, ..] && IndentBefore(first.Start) is { Length: > 0 } unit ? unit : UsualIndent;
    }

    /// <summary>The bytes.</summary>
    internal ReadOnlyMemory<byte> Bytes => _text;

    /// <summary>Reads a text.</summary>
    /// <exception cref="JsonException">It is no JSON, comments and trailing commas allowed.</exception>
    internal static JsoncText Read(byte[] text) => new(text);

    /// <summary>The value under the keys; null where there is none.</summary>
    /// <exception cref="FormatException">Something on the way there is no object.</exception>
    internal JsonNode? Find(IReadOnlyList<string> path) => Walk(path).Found is { } found ? Parse(found.Value) : null;

    /// <summary>The elements of the list under a key; none where it is not there.</summary>
    /// <exception cref="FormatException">It is no list.</exception>
    internal IEnumerable<JsonNode?> Elements(string key) =>
        Walk([key]).Found is not { } found ? [] : found.Value.Kind is JsonTokenType.StartArray ? found.Value.Children.Select(c => Parse(c.Value)) : throw Unexpected($"'{key}'", "list", found.Start);

    /// <summary>The line in which the value under the keys begins, from 1.</summary>
    internal int LineOf(IReadOnlyList<string> path) => Walk(path).Found is { } found ? LineOf(found.Start) : 0;

    /// <summary>The same text with a value under the keys, in place of one that is there.</summary>
    internal JsoncText With(IReadOnlyList<string> path, JsonNode value)
    {
        var (parent, depth, found) = Walk(path);
        if (found is not null) return Splice(found.Value.Start, found.Value.End - found.Value.Start, Render(value, LineIndent(found.Start)));
        foreach (var key in path.Skip(depth + 1).Reverse()) value = new JsonObject { [key] = value.DeepClone() };
        return Insert(parent, path[depth], value);
    }

    /// <summary>The same text with another element at the end of the list under a key, which is made where it is not there.</summary>
    internal JsoncText WithElement(string key, JsonNode value) =>
        Walk([key]).Found is { } found ? Insert(found.Value, name: null, value) : Insert(_root, key, new JsonArray(value.DeepClone()));

    // The last object on the way, how many keys lead to it, and what was looked for.
    private (JsoncNode Parent, int Depth, JsoncChild? Found) Walk(IReadOnlyList<string> path)
    {
        var node = _root;
        var where = "the file";
        for (var depth = 0; ; depth++)
        {
            if (node.Kind is not JsonTokenType.StartObject) throw Unexpected(where, "object", node.Start);
            if (node.Find(path[depth]) is not { } child) return (node, depth, null);
            if (depth == path.Count - 1) return (node, depth, child);
            node = child.Value;
            where = $"'{string.Join('.', path.Take(depth + 1))}'";
        }
    }

    private JsoncText Insert(JsoncNode parent, string? name, JsonNode value)
    {
        if (parent.Children.Count == 0) return InsertFirst(parent, name, value);
        var last = parent.Children[^1];
        var next = AfterTrivia(last.Value.End);
        // A comma after the last one is allowed here, and kept as the habit of whoever wrote it.
        var hasComma = _text[next] == ',';
        var anchor = hasComma ? next + 1 : last.Value.End;
        if (IndentBefore(parent.Children[0].Start) is not { } indent)
        {
            var inline = hasComma ? $" {Inline(name, value)}," : $", {Inline(name, value)}";
            return Splice(anchor, 0, inline);
        }

        var at = EndOfLine(anchor) ?? anchor;
        var item = $"{_newLine}{indent}{Named(name)}{Render(value, indent)}";
        return hasComma ? Splice(at, 0, item + ",") : Splice(last.Value.End, 0, ",").Splice(at + 1, 0, item);
    }

    private JsoncText InsertFirst(JsoncNode parent, string? name, JsonNode value)
    {
        var outer = LineIndent(parent.Start);
        var indent = outer + _unit;
        var from = parent.Start + 1;
        var item = $"{_newLine}{indent}{Named(name)}{Render(value, indent)}";
        // A comment in there stays, behind what comes in.
        var isBlank = _text.AsSpan(from, parent.End - 1 - from).IndexOfAnyExcept(" \t\r\n"u8) < 0;
        return isBlank ? Splice(from, parent.End - 1 - from, item + _newLine + outer) : Splice(from, 0, item);
    }

    private JsoncText Splice(int at, int length, string text)
    {
        byte[] spliced = [.. _text.AsSpan(0, at), .. Encoding.UTF8.GetBytes(text), .. _text.AsSpan(at + length)];
        return new JsoncText(spliced);
    }

    private JsonNode? Parse(JsoncNode node) =>
        JsonNode.Parse(_text.AsSpan(node.Start, node.End - node.Start), documentOptions: new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true });

    private string Render(JsonNode value, string indent)
    {
        var isPlain = _unit.AsSpan().IndexOfAnyExcept(_unit[0]) < 0;
        var format = new JsonSerializerOptions
        {
            WriteIndented = true,
            NewLine = "\n",
            IndentCharacter = isPlain ? _unit[0] : ' ',
            IndentSize = isPlain ? _unit.Length : UsualIndent.Length,
            Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        };
        return value.ToJsonString(format).Replace("\n", _newLine + indent, StringComparison.Ordinal);
    }

    private static string Inline(string? name, JsonNode value) => Named(name) + value.ToJsonString(new JsonSerializerOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });

    private static string Named(string? name) => name is null ? "" : $"{JsonSerializer.Serialize(name)}: ";

    private FormatException Unexpected(string where, string kind, int at) => new($"line {LineOf(at)}: {where} is no {kind}");

    private int LineOf(int at) => _text.AsSpan(0, at).Count((byte)'\n') + 1;

    private string LineIndent(int at)
    {
        var start = _text.AsSpan(0, at).LastIndexOf((byte)'\n') + 1;
        var blanks = _text.AsSpan(start, at - start).IndexOfAnyExcept((byte)' ', (byte)'\t');
        return Encoding.UTF8.GetString(_text, start, blanks < 0 ? at - start : blanks);
    }

    // Null where something else stands before it in its line.
    private string? IndentBefore(int at)
    {
        var start = _text.AsSpan(0, at).LastIndexOf((byte)'\n') + 1;
        return start > 0 && LineIndent(at).Length == at - start ? LineIndent(at) : null;
    }

    private int AfterTrivia(int at)
    {
        while (true)
        {
            var rest = _text.AsSpan(at);
            if (rest[0] is (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n') at++;
            else if (rest.StartsWith("/*"u8)) at += rest.IndexOf("*/"u8) + 2;
            else if (rest.StartsWith("//"u8)) at += rest.IndexOf((byte)'\n');
            else return at;
        }
    }

    // The end of the line, if nothing but blanks and comments stands before it: what is said there is about what comes before.
    private int? EndOfLine(int at)
    {
        while (true)
        {
            var rest = _text.AsSpan(at);
            if (rest[0] is (byte)'\r' or (byte)'\n') return at;
            if (rest[0] is (byte)' ' or (byte)'\t') at++;
            else if (rest.StartsWith("//"u8)) at += rest.IndexOfAny((byte)'\r', (byte)'\n');
            else if (rest.StartsWith("/*"u8) && rest.IndexOf("*/"u8) is var end && rest[..end].IndexOf((byte)'\n') < 0) at += end + 2;
            else return null;
        }
    }
}
