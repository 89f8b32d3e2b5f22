using System.Globalization;
using System.Text.Json;

namespace Homelab.Providers.Prometheus;

/// <summary>Reads what a query answers: a vector, a matrix, a scalar or a string.</summary>
internal static class MetricReader
{
    private const int LongestText = 300;
    private const string Remedy = "Write it in PromQL, such as up == 0.";

    internal static IReadOnlyList<MetricReading> Read(JsonElement data)
    {
        var result = data.GetProperty("result");
        return data.GetProperty("resultType").GetString() switch
        {
            "vector" => [.. result.EnumerateArray().Select(static s => Series(s, [Point(s.GetProperty("value"))], isRange: false))],
            "matrix" => [.. result.EnumerateArray().Select(static s => Series(s, [.. s.GetProperty("values").EnumerateArray().Select(Point)], isRange: true)).Where(static m => m.Points.Count > 0)],
            "scalar" => [Lone(Point(result))],
            "string" => throw new HomelabException(ErrorKind.Invalid, "PrometheusQueryInvalid", $"The query is a text, and no metric. {Remedy}", PrometheusNames.Provider) { WayOut = Remedy },
            var other => throw new FormatException($"a result of type {ForeignText.Clean(other ?? "null", 40)}"),
        };
    }

    // Go writes the special ones as NaN, +Inf and -Inf.
    internal static double Number(string? text) => text switch
    {
        "NaN" => double.NaN,
        "+Inf" or "Inf" => double.PositiveInfinity,
        "-Inf" => double.NegativeInfinity,
        _ => double.Parse(text ?? "", NumberStyles.Float, CultureInfo.InvariantCulture),
    };

    internal static IReadOnlyDictionary<string, string> Labels(JsonElement labels)
    {
        var read = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var label in labels.EnumerateObject()) read.TryAdd(ForeignText.Clean(label.Name, LongestText), ForeignText.Clean(label.Value.GetString() ?? "", LongestText));
        return read;
    }

    private static MetricReading Series(JsonElement series, IReadOnlyList<MetricPoint> points, bool isRange)
    {
        var labels = new SortedDictionary<string, string>(Labels(series.GetProperty("metric")).ToDictionary(StringComparer.Ordinal), StringComparer.Ordinal);
        labels.Remove("__name__", out var name);
        var last = points.Count > 0 ? points[^1] : new MetricPoint(default, double.NaN);
        return new MetricReading { Name = name ?? "", Labels = labels, At = last.At, Value = last.Value, Points = isRange ? points : [] };
    }

    private static MetricReading Lone(MetricPoint point) => new() { Name = "", At = point.At, Value = point.Value };

    private static MetricPoint Point(JsonElement pair) =>
        new(DateTimeOffset.FromUnixTimeMilliseconds((long)(pair[0].GetDouble() * 1000)), Number(pair[1].GetString()));
}
