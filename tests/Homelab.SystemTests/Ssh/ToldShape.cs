using System.Text.Json;

namespace Homelab.SystemTests.Ssh;

/// <summary>What records tell at all: the names of the properties that at least one of them fills.</summary>
internal static class ToldShape
{
    /// <summary>Holds a simulated host against a real one: what the real one tells, the simulated one tells too.</summary>
    internal static void Hold<T>(IReadOnlyList<T> real, IReadOnlyList<T> simulated, params ReadOnlySpan<string> besides)
    {
        Assert.NotEmpty(real);
        Assert.NotEmpty(simulated);
        Assert.Empty(Of(real).Except(Of(simulated), StringComparer.Ordinal).Except(besides.ToArray(), StringComparer.Ordinal));
    }

    private static HashSet<string> Of<T>(IEnumerable<T> records) =>
        [.. records.SelectMany(static r => JsonSerializer.SerializeToElement(r, HomelabJson.Options).EnumerateObject()).Where(static p => IsTold(p.Value)).Select(static p => p.Name)];

    private static bool IsTold(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Null => false,
        JsonValueKind.String => value.GetString()!.Length > 0,
        JsonValueKind.Array => value.GetArrayLength() > 0,
        _ => true,
    };
}
