using System.Collections;
using System.Reflection;

namespace Homelab.Composition;

/// <summary>Finds every secret reference of a lab, with its path in the lab file. It reads the records themselves, so that no provider's setting is forgotten.</summary>
public static class SecretWalk
{
    /// <summary>Each reference with its path: <c>providers.kuma.apiKey</c>.</summary>
    public static IEnumerable<(string Path, SecretReference Reference)> In(LabDefinition lab) => Below(lab, "");

    private static IEnumerable<(string Path, SecretReference Reference)> Below(object? value, string path)
    {
        switch (value)
        {
            case null or string:
                return [];
            case SecretReference reference:
                return [(path, reference)];
            case IDictionary map:
                return map.Keys.Cast<object>().SelectMany(key => Below(map[key], Join(path, key.ToString()!)));
            case IEnumerable list:
                return list.Cast<object?>().SelectMany((item, i) => Below(item, $"{path}[{i}]"));
            default:
                return IsRecord(value.GetType()) ? Properties(value).SelectMany(p => Below(p.GetValue(value), Join(path, char.ToLowerInvariant(p.Name[0]) + p.Name[1..]))) : [];
        }
    }

    // Values of the framework, such as an address or a time, hold no reference.
    private static bool IsRecord(Type type) => type is { IsClass: true } && type.Namespace?.StartsWith("Homelab", StringComparison.Ordinal) is true;

    private static IEnumerable<PropertyInfo> Properties(object value) =>
        value.GetType().GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(static p => p.GetIndexParameters().Length == 0);

    private static string Join(string path, string key) => path.Length == 0 ? key : $"{path}.{key}";
}
