using System.Globalization;
using System.Text.Json;

namespace Homelab.Providers.Alertmanager;

/// <summary>Reads a silence as the API writes it.</summary>
internal static class SilenceReader
{
    private const int LongestText = 1_000;

    /// <exception cref="FormatException">It is none; the message says what is missing.</exception>
    internal static Silence Read(JsonElement json)
    {
        var status = json.ValueKind == JsonValueKind.Object && json.TryGetProperty("status", out var value) && value.ValueKind == JsonValueKind.Object ? Text(value, "state") : null;
        var matchers = json.ValueKind == JsonValueKind.Object && json.TryGetProperty("matchers", out var list) && list.ValueKind == JsonValueKind.Array ? list : throw new FormatException("a silence without matchers");
        return new Silence
        {
            Id = Text(json, "id") ?? throw new FormatException("a silence without an id"),
            State = status switch
            {
                "active" => SilenceState.Active,
                "pending" => SilenceState.Pending,
                "expired" => SilenceState.Expired,
                _ => SilenceState.Unknown,
            },
            Matchers = [.. matchers.EnumerateArray().Select(static m => ReadMatcher(m).ToString())],
            StartsAt = Moment(json, "startsAt"),
            EndsAt = Moment(json, "endsAt"),
            CreatedBy = ForeignText.Clean(Text(json, "createdBy") ?? "", LongestText),
            Comment = ForeignText.Clean(Text(json, "comment") ?? "", LongestText),
        };
    }

    // Releases before 0.22 know no isEqual: everything is.
    private static SilenceMatcher ReadMatcher(JsonElement json) => new(
        ForeignText.Clean(Text(json, "name") ?? "", LongestText),
        ForeignText.Clean(Text(json, "value") ?? "", LongestText),
        json.TryGetProperty("isRegex", out var regex) && regex.ValueKind == JsonValueKind.True,
        !json.TryGetProperty("isEqual", out var equal) || equal.ValueKind != JsonValueKind.False);

    private static string? Text(JsonElement json, string name) => json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static DateTimeOffset Moment(JsonElement json, string name) =>
        DateTimeOffset.TryParse(Text(json, name), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var moment) ? moment : throw new FormatException($"a silence without {name}");
}
