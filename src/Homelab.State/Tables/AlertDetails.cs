using System.Text.Json;

namespace Homelab.State;

/// <summary>What only some alerts say, as JSON in one column: nobody looks for alerts by it.</summary>
internal sealed record AlertDetails(string? Resource, double? Value, string? Severity, string? Host, IReadOnlyDictionary<string, string>? Labels)
{
    /// <summary>The column's text; null when the alert says none of it.</summary>
    internal static string? Write(Alert alert)
    {
        var details = new AlertDetails(alert.Resource, alert.Value, alert.Severity, alert.Host, alert.Labels.Count == 0 ? null : alert.Labels);
        return details == new AlertDetails(null, null, null, null, null) ? null : JsonSerializer.Serialize(details);
    }

    /// <summary>The alert with what the column says.</summary>
    internal static Alert Read(string text, Alert alert, Statement row)
    {
        try
        {
            var details = JsonSerializer.Deserialize<AlertDetails>(text)!;
            return alert with { Resource = details.Resource, Value = details.Value, Severity = details.Severity, Host = details.Host, Labels = details.Labels ?? alert.Labels };
        }
        catch (JsonException e)
        {
            throw row.Odd(e.Message);
        }
    }
}
