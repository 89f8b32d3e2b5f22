using System.Text.Json;

namespace Homelab.State;

/// <summary>Lists and records as JSON in one column.</summary>
internal static class JsonColumns
{
    internal static Statement AddJson<T>(this Statement statement, IReadOnlyList<T> items) => statement.Add(JsonSerializer.Serialize(items));

    internal static IReadOnlyList<T> Json<T>(this Statement row)
    {
        try
        {
            return JsonSerializer.Deserialize<T[]>(row.Text()) ?? [];
        }
        catch (JsonException e)
        {
            throw row.Odd(e.Message);
        }
    }

    internal static Statement AddJsonOrNull<T>(this Statement statement, T? value)
        where T : class => statement.Add(value is null ? null : JsonSerializer.Serialize(value));

    internal static T? JsonOrNull<T>(this Statement row)
        where T : class
    {
        try
        {
            return row.TextOrNull() is { } text ? JsonSerializer.Deserialize<T>(text) : null;
        }
        catch (JsonException e)
        {
            throw row.Odd(e.Message);
        }
    }
}
