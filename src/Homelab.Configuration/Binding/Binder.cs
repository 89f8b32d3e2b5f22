using System.Collections;
using System.Text.Json.Nodes;

namespace Homelab.Configuration;

/// <summary>
/// Makes records of nodes. Never stops at a mistake: what cannot be read is noted and left at its default, so that one pass finds everything.
/// A record that was made with problems must not leave this room.
/// </summary>
/// <param name="problems">Takes the mistakes.</param>
/// <param name="typesByName">The type of each value in a dictionary of <c>object</c>, by name.</param>
internal sealed partial class Binder(ProblemList problems, IReadOnlyDictionary<string, Type> typesByName)
{
    /// <summary>Reads one mapping into several records at once; each key belongs to one of them.</summary>
    internal IReadOnlyList<object> BindTogether(IReadOnlyList<RecordShape> shapes, MappingNode mapping, SourcePosition at, string path)
    {
        var records = shapes.Select(static s => s.Create()).ToArray();
        var found = new HashSet<string>(StringComparer.Ordinal);
        foreach (var entry in mapping.Entries)
        {
            var owner = shapes.Select(static (shape, i) => (shape, i)).FirstOrDefault(s => s.shape.Find(entry.Key) is not null);
            if (owner.shape is null)
            {
                var keys = shapes.SelectMany(static s => s.Fields).Select(static f => f.Name).ToArray();
                problems.Add(entry.At, ProblemList.Join(path, entry.Key), "is not a key here", NearestName.Hint(entry.Key, keys));
                // A slip in a required key is one mistake, not two.
                if (NearestName.Of(entry.Key, keys) is { } meant) found.Add(meant);
                continue;
            }

            found.Add(entry.Key);
            SetField(records[owner.i], owner.shape.Find(entry.Key)!, entry, ProblemList.Join(path, entry.Key));
        }

        foreach (var missing in shapes.SelectMany(static s => s.Fields).Where(f => f.IsRequired && !found.Contains(f.Name)))
        {
            problems.Add(at, ProblemList.Join(path, missing.Name), "is missing", $"Give {Expected(missing)}: {missing.Description}");
        }

        return records;
    }

    private static string Expected(FieldShape field) => field.Allowed.Count > 0 ? Words.OneOf(field.Allowed) : Words.Of(field.Type);

    private void SetField(object record, FieldShape field, MappingEntry entry, string path)
    {
        if (entry.Value.IsNull)
        {
            if (field.IsRequired) problems.Add(entry.At, path, "is empty", $"Give {Expected(field)}: {field.Description}");
            return;
        }

        if (BindField(field, entry.Value, entry.At, path) is { } value) field.Property.SetValue(record, value);
    }

    private object? BindField(FieldShape field, Node node, SourcePosition at, string path)
    {
        var value = Bind(field.Type, node, at, path);
        if (value is null || field.Objection(value) is not { } objection) return value;
        var hint = field.Allowed.Count > 0 ? NearestName.Hint((string)value, [.. field.Allowed]) : field.Description;
        problems.Add(node.Position, path, objection, hint);
        return null;
    }

    // Null means that a problem was noted.
    private object? Bind(Type type, Node node, SourcePosition at, string path)
    {
        if (TypeForm.IsJson(type)) return BindJson(type, node, path);
        if (TypeForm.TryList(type, out var item)) return BindList(item, node, path);
        if (TypeForm.TryDictionary(type, out var value)) return BindDictionary(value, node, path);
        return TypeForm.IsRecord(type) ? BindRecord(type, node, at, path) : BindScalar(type, node, path);
    }

    private object? BindRecord(Type type, Node node, SourcePosition at, string path)
    {
        var shape = RecordShape.Of(type);
        if (node is MappingNode mapping) return BindTogether([shape], mapping, at, path)[0];
        // "gitea:" with nothing behind it is a service of which everything is left at its default.
        if (node.IsNull) return BindTogether([shape], new MappingNode(node.Position, []), at, path)[0];
        if (shape.Shorthand is { } field)
        {
            return BindTogether([shape], new MappingNode(node.Position, [new MappingEntry(field.Name, node.Position, node)]), at, path)[0];
        }

        return Wrong(node, path, Words.Of(type), $"Known keys are {string.Join(", ", shape.Fields.Select(static f => f.Name))}.");
    }

    private Array? BindList(Type item, Node node, string path)
    {
        if (node is not ListNode list)
        {
            var written = node is ScalarNode ? "For a single one write it in brackets: [ one ]." : "Begin each item with a hyphen.";
            Wrong(node, path, Words.Of(typeof(IReadOnlyList<>).MakeGenericType(item)), written);
            return null;
        }

        // An item that cannot be read keeps its place, so that the others keep their paths.
        var items = Array.CreateInstance(item, list.Items.Count);
        for (var i = 0; i < items.Length; i++)
        {
            var itemPath = $"{path}[{i}]";
            if (list.Items[i].IsNull) problems.Add(list.Items[i].Position, itemPath, "is empty", $"Give {Words.Of(item)}, or remove it.");
            else if (Bind(item, list.Items[i], list.Items[i].Position, itemPath) is { } value) items.SetValue(value, i);
        }

        return items;
    }

    private IDictionary? BindDictionary(Type type, Node node, string path)
    {
        if (node is not MappingNode mapping)
        {
            Wrong(node, path, "a mapping of names", "Write each name as a key.");
            return null;
        }

        var values = (IDictionary)Activator.CreateInstance(typeof(Dictionary<,>).MakeGenericType(typeof(string), type), StringComparer.Ordinal)!;
        foreach (var entry in mapping.Entries)
        {
            var entryPath = ProblemList.Join(path, entry.Key);
            var valueType = type;
            if (type == typeof(object) && !typesByName.TryGetValue(entry.Key, out valueType))
            {
                problems.Add(entry.At, entryPath, "is not known", NearestName.Hint(entry.Key, [.. typesByName.Keys]));
            }
            else if (entry.Value.IsNull && !TypeForm.IsRecord(valueType!))
            {
                problems.Add(entry.At, entryPath, "is empty", $"Give {Words.Of(valueType!)}.");
            }
            else if (Bind(valueType!, entry.Value, entry.At, entryPath) is { } value)
            {
                values.Add(entry.Key, value);
            }
        }

        return values;
    }

    private JsonNode? BindJson(Type type, Node node, string path)
    {
        if (node is MappingNode mapping) return CoreSchema.ToJson(mapping);
        return type == typeof(JsonNode) ? CoreSchema.ToJson(node) : (JsonNode?)Wrong(node, path, "a mapping", "Write each name as a key.");
    }

    private object? Wrong(Node node, string path, string expected, string wayOut)
    {
        problems.Add(node.Position, path, $"is {node.Kind}, not {expected}", wayOut);
        return null;
    }
}
