using System.Text.Json;

namespace Homelab.Configuration;

/// <summary>What a value should have been, in words.</summary>
internal static class Words
{
    internal static IReadOnlyList<string> Names(Type enumeration) => [.. Enum.GetNames(enumeration).Select(JsonNamingPolicy.CamelCase.ConvertName)];

    internal static string OneOf(IReadOnlyList<string> names) => names.Count == 1 ? names[0] : $"one of {string.Join(", ", names)}";

    internal static string Of(Type type)
    {
        if (type == typeof(string)) return "a text";
        if (type == typeof(bool)) return "true or false";
        if (type == typeof(int) || type == typeof(long)) return "a whole number";
        if (type == typeof(double)) return "a number";
        if (type == typeof(TimeSpan)) return "a duration such as 30s, 5m or 1h30m";
        if (type == typeof(TimeOnly)) return "a time of day such as 23:00";
        if (type == typeof(DateTimeOffset)) return "a time such as 2026-01-31T08:00:00Z";
        if (type == typeof(Uri)) return "an absolute address such as https://gitea.example:3000";
        if (type == typeof(SecretReference)) return "a reference to a secret: env:NAME, file:path or vault:name";
        if (type.IsEnum) return OneOf(Names(type));
        if (TypeForm.TryList(type, out var item)) return $"a list, each {Of(item)}";
        if (TypeForm.TryDictionary(type, out _)) return "a mapping of names";
        if (TypeForm.IsParsable(type)) return $"a {type.Name.Replace("Ref", "", StringComparison.Ordinal).ToLowerInvariant()}";
        return TypeForm.IsRecord(type) && RecordShape.Of(type).Shorthand is { } shorthand ? $"a mapping, or only its '{shorthand.Name}'" : "a mapping";
    }
}
