using System.Text.Json;

namespace Homelab.State;

/// <summary>Lists as JSON in one column.</summary>
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
}
