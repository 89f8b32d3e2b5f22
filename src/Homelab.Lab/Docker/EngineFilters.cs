using System.Text.Json;

namespace Homelab.Lab.Docker;

/// <summary>The engine's <c>filters</c>: a JSON object of lists, or in the old form of objects whose values are true.</summary>
internal sealed class EngineFilters
{
    private readonly Dictionary<string, string[]> _filters;

    private EngineFilters(Dictionary<string, string[]> filters) => _filters = filters;

    /// <exception cref="FormatException">It is none, or has a filter that is not known.</exception>
    internal static EngineFilters Read(string? json, IReadOnlyCollection<string> known)
    {
        var filters = new Dictionary<string, string[]>(StringComparer.Ordinal);
        if (string.IsNullOrEmpty(json)) return new EngineFilters(filters);
        try
        {
            using var document = JsonDocument.Parse(json);
            foreach (var filter in document.RootElement.EnumerateObject())
            {
                if (!known.Contains(filter.Name, StringComparer.Ordinal)) throw new FormatException($"invalid filter '{filter.Name}'");
                filters[filter.Name] = filter.Value.ValueKind is JsonValueKind.Array
                    ? [.. filter.Value.EnumerateArray().Select(static v => v.GetString() ?? "")]
                    : [.. filter.Value.EnumerateObject().Where(static v => v.Value.GetBoolean()).Select(static v => v.Name)];
            }

            return new EngineFilters(filters);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw new FormatException("invalid filter", e);
        }
    }

    /// <summary>True when a filter is not given, or one of its values matches.</summary>
    internal bool Allows(string filter, Func<string, bool> matches) => !_filters.TryGetValue(filter, out var values) || values.Length == 0 || values.Any(matches);

    /// <summary>True when a filter is not given, or all of its values match.</summary>
    internal bool AllowsAll(string filter, Func<string, bool> matches) => !_filters.TryGetValue(filter, out var values) || values.All(matches);

    internal static bool HasLabel(SimulatedContainer container, string label)
    {
        var equals = label.IndexOf('=', StringComparison.Ordinal);
        return equals < 0
            ? container.Spec.Labels.ContainsKey(label)
            : container.Spec.Labels.TryGetValue(label[..equals], out var value) && string.Equals(value, label[(equals + 1)..], StringComparison.Ordinal);
    }
}
