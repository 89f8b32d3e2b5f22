using System.Collections;
using System.Collections.Concurrent;
using System.Reflection;

namespace Homelab.PowerShell.Pipeline;

/// <summary>
/// Lets the lists in what is written be indexed. PowerShell looks for an indexer that a type itself shows; what the compiler makes of <c>[..]</c> has none, so that
/// <c>$lab.Hosts[0]</c> would be all of the hosts. An array in its place says the same to everybody else.
/// </summary>
internal static class ShownLists
{
    private static readonly ConcurrentDictionary<Type, Part[]> s_known = new();
    private static readonly ConcurrentDictionary<Type, bool> s_indexed = new();

    /// <summary>The same object, with lists that can be indexed, in what it holds too.</summary>
    internal static object Of(object item)
    {
        foreach (var part in PartsOf(item.GetType())) part.Show(item);
        return item;
    }

    private static Part[] PartsOf(Type type) => s_known.GetOrAdd(type, static t => IsOurs(t) ? [.. t.GetProperties(BindingFlags.Public | BindingFlags.Instance).Select(Part.Of).OfType<Part>()] : []);

    private static bool IsOurs(Type type) => type is { IsClass: true, Namespace: { } space } && (space == nameof(Homelab) || space.StartsWith($"{nameof(Homelab)}.", StringComparison.Ordinal));

    private static Type? ItemOf(Type list) => list is { IsInterface: true, IsGenericType: true } && list.GetGenericTypeDefinition() == typeof(IReadOnlyList<>) ? list.GetGenericArguments()[0] : null;

    /// <summary>A property that holds a list, or something that may.</summary>
    private sealed record Part(PropertyInfo Property, Type? Item, bool HasParts)
    {
        internal static Part? Of(PropertyInfo property)
        {
            if (property.GetIndexParameters().Length > 0) return null;
            var item = ItemOf(property.PropertyType);
            if (item is null) return IsOurs(property.PropertyType) ? new Part(property, null, HasParts: true) : null;
            // What is computed is made anew each time it is read.
            return property.CanWrite ? new Part(property, item, IsOurs(item)) : null;
        }

        internal void Show(object owner)
        {
            if (Property.GetValue(owner) is not { } value) return;
            if (Item is null)
            {
                ShownLists.Of(value);
                return;
            }

            if (HasParts)
            {
                foreach (var one in (IEnumerable)value)
                {
                    if (one is not null) ShownLists.Of(one);
                }
            }

            if (s_indexed.GetOrAdd(value.GetType(), static t => t.IsArray || t.IsDefined(typeof(DefaultMemberAttribute), inherit: true))) return;
            var list = ((IEnumerable)value).Cast<object?>().ToArray();
            var array = Array.CreateInstance(Item, list.Length);
            for (var i = 0; i < list.Length; i++) array.SetValue(list[i], i);
            Property.SetValue(owner, array);
        }
    }
}
