using System.Text.Json.Nodes;

namespace Homelab.Configuration;

/// <summary>In which form a type is written in a document.</summary>
internal static class TypeForm
{
    internal static bool IsJson(Type type) => type == typeof(JsonObject) || type == typeof(JsonNode);

    internal static bool TryList(Type type, out Type item)
    {
        item = type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IReadOnlyList<>) ? type.GetGenericArguments()[0] : typeof(void);
        return item != typeof(void);
    }

    /// <summary>True for mappings from free names to values. A value type of <c>object</c> means that each name has a type of its own.</summary>
    internal static bool TryDictionary(Type type, out Type value)
    {
        var isDictionary = type.IsGenericType
            && type.GetGenericTypeDefinition() == typeof(IReadOnlyDictionary<,>)
            && type.GetGenericArguments()[0] == typeof(string);
        value = isDictionary ? type.GetGenericArguments()[1] : typeof(void);
        return isDictionary;
    }

    /// <summary>True for what reads itself from a text: references, addresses, ids.</summary>
    internal static bool IsParsable(Type type) =>
        type.GetInterfaces().Any(i => i.IsGenericType && i.GetGenericTypeDefinition() == typeof(IParsable<>) && i.GetGenericArguments()[0] == type);

    internal static bool IsRecord(Type type) => type.IsClass && type != typeof(string) && type != typeof(Uri) && !IsJson(type) && !IsParsable(type);
}
