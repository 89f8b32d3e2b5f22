using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Homelab.Automation.Expressions;

namespace Homelab.Automation.Intake;

/// <summary>The values of a map's expressions, as an alert has them.</summary>
internal sealed class MapValue(AlertJson json, IReadOnlyDictionary<string, Expression> expressions, JsonObject scope)
{
    // Seconds since 1970 pass this in the year 5138; milliseconds did in 1973.
    private const double LeastMilliseconds = 100_000_000_000;

    private const int LongestShown = 60;

    /// <summary>A text, or a number or truth as one; null where nothing is given, or it is null.</summary>
    internal string? Text(string field)
    {
        var value = Value(field);
        return value?.GetValueKind() switch
        {
            null => null,
            JsonValueKind.String => value.GetValue<string>(),
            JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False => value.ToJsonString(),
            _ => throw json.Unreadable($"map.{field} is a list or a record; expected a text"),
        };
    }

    /// <summary>A name, refused where it holds what cannot be seen.</summary>
    internal string? Name(string field) => json.Name(Text(field), $"map.{field}");

    internal string? Clean(string field, int longest) => Text(field) is { } text && ForeignText.Clean(text, longest) is { Length: > 0 } clean ? clean : null;

    internal double? Number(string field)
    {
        if (Text(field) is not { Length: > 0 } text) return null;
        return AlertJson.LeadingNumber(text) ?? throw json.Unreadable($"map.{field} is \"{ForeignText.Clean(text, LongestShown)}\"; expected a number");
    }

    internal DateTimeOffset? Time(string field)
    {
        if (Value(field) is not { } value) return null;
        if (value.GetValueKind() == JsonValueKind.Number && AlertJson.LeadingNumber(value.ToJsonString()) is >= 0 and < 250_000_000_000_000 and var number)
        {
            return DateTimeOffset.UnixEpoch + (number >= LeastMilliseconds ? TimeSpan.FromMilliseconds(number) : TimeSpan.FromSeconds(number));
        }

        var text = Text(field) ?? "";
        return DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time)
            ? time
            : throw json.Unreadable($"map.{field} is \"{ForeignText.Clean(text, LongestShown)}\"; expected a time such as \"2026-01-31T08:00:00Z\", or seconds since 1970");
    }

    internal JsonNode? Value(string field)
    {
        if (!expressions.TryGetValue(field, out var expression)) return null;
        try
        {
            return expression.Value(scope);
        }
        catch (ExpressionException e)
        {
            throw json.Unreadable($"map.{field} has no value: {ForeignText.Clean(e.Message, 300)}");
        }
        catch (InvalidOperationException)
        {
            throw json.Unreadable($"map.{field} holds half a character (an unpaired surrogate); expected whole ones");
        }
    }
}
