using System.Text.Json;

namespace Homelab.State;

/// <summary>What only some alerts say, and what is noted of some, as JSON in one column: nobody looks for alerts by it.</summary>
internal sealed record AlertDetails(string? Resource, double? Value, string? Severity, string? Host, IReadOnlyDictionary<string, string>? Labels, string? Note)
{
    /// <summary>The column's text; null when there is none of it.</summary>
    internal static string? Write(AlertRecord record)
    {
        var alert = record.Alert;
        var details = new AlertDetails(alert.Resource, alert.Value, alert.Severity, alert.Host, alert.Labels.Count == 0 ? null : alert.Labels, record.Note);
        return details == new AlertDetails(null, null, null, null, null, null) ? null : JsonSerializer.Serialize(details);
    }

    /// <summary>The alert's record with what the column says.</summary>
    internal static AlertRecord Read(string text, AlertRecord record, Statement row)
    {
        try
        {
            var details = JsonSerializer.Deserialize<AlertDetails>(text)!;
            var alert = record.Alert with { Resource = details.Resource, Value = details.Value, Severity = details.Severity, Host = details.Host, Labels = details.Labels ?? record.Alert.Labels };
            return record with { Alert = alert, Note = details.Note };
        }
        catch (JsonException e)
        {
            throw row.Odd(e.Message);
        }
    }
}
