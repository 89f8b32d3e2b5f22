using System.Globalization;

namespace Homelab.PowerShell.Formatting;

/// <content>Columns of the views of metrics.</content>
public static partial class Row
{
    /// <summary>A value as short as it can be told.</summary>
    public static string Value(MetricReading reading)
    {
        ArgumentNullException.ThrowIfNull(reading);
        return Number(reading.Value);
    }

    /// <summary>The points of a reading, each on a line of its own.</summary>
    public static string Points(MetricReading reading)
    {
        ArgumentNullException.ThrowIfNull(reading);
        return Cell.Lines(reading.Points.Select(static p => $"{Cell.Time(p.At)}  {Number(p.Value)}"));
    }

    private static string Number(double value) => value.ToString("G7", CultureInfo.InvariantCulture);
}
