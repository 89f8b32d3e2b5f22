using System.Collections.Concurrent;
using System.ComponentModel;
using System.Reflection;

namespace Homelab.Configuration;

/// <summary>
/// A record as a mapping of a document. Exactly its settable properties with a <c>[Description]</c> are keys: what has none, such as the
/// source map of a runbook, is set by the reader itself.
/// </summary>
internal sealed class RecordShape
{
    private static readonly ConcurrentDictionary<Type, RecordShape> s_shapes = new();

    private RecordShape(Type type)
    {
        Type = type;
        Fields =
        [
            .. type.GetProperties(BindingFlags.Public | BindingFlags.Instance)
                .Where(static p => p.SetMethod is { IsPublic: true })
                .OrderBy(static p => p.MetadataToken)
                .Select(static p => (Property: p, p.GetCustomAttribute<DescriptionAttribute>()?.Description))
                .Where(static p => p.Description is not null)
                .Select(static p => new FieldShape(p.Property, p.Description!)),
        ];
        Shorthand = Fields.SingleOrDefault(static f => f.IsShorthand);
    }

    internal Type Type { get; }

    /// <summary>Its keys, in the order they are declared.</summary>
    internal IReadOnlyList<FieldShape> Fields { get; }

    /// <summary>The key whose value may stand alone, if there is one.</summary>
    internal FieldShape? Shorthand { get; }

    /// <summary>The shape of a record; reflected once per process.</summary>
    internal static RecordShape Of(Type type) => s_shapes.GetOrAdd(type, static t => new RecordShape(t));

    /// <summary>The field of a key, exactly as it is spelled.</summary>
    internal FieldShape? Find(string key) => Fields.FirstOrDefault(f => string.Equals(f.Name, key, StringComparison.Ordinal));

    /// <summary>An instance with its defaults; required properties are not set yet.</summary>
    internal object Create() => Activator.CreateInstance(Type)!;

    /// <summary>Refuses a settings type that cannot be read from a file, when the program starts and not when a file uses it.</summary>
    /// <exception cref="InvalidOperationException">It, or a record in it, cannot be made, or has a settable property without <c>[Description]</c>.</exception>
    internal static void Check(Type type) => Check(type, []);

    private static void Check(Type type, HashSet<Type> seen)
    {
        if (!seen.Add(type)) return;
        if (type.IsAbstract || type.GetConstructor(Type.EmptyTypes) is null)
        {
            throw new InvalidOperationException($"{type.FullName} has no public parameterless constructor.");
        }

        foreach (var property in type.GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(static p => p.SetMethod is { IsPublic: true }))
        {
            if (!property.IsDefined(typeof(DescriptionAttribute))) throw new InvalidOperationException($"{type.FullName}.{property.Name} has no [Description].");
            var value = Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType;
            while (TypeForm.TryList(value, out var inner) || TypeForm.TryDictionary(value, out inner)) value = inner;
            if (TypeForm.IsRecord(value)) Check(value, seen);
        }
    }
}
