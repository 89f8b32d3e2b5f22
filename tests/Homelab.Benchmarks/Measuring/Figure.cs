using System.Globalization;

namespace Homelab.Benchmarks.Measuring;

/// <summary>One line of the table.</summary>
/// <param name="What">What was measured.</param>
/// <param name="Value">The figure, with its unit.</param>
/// <param name="Aim">What it should be; empty for a figure without an aim.</param>
/// <param name="Met">Whether it is; null for a figure without an aim.</param>
internal sealed record Figure(string What, string Value, string Aim = "", bool? Met = null)
{
    /// <summary>A figure that should stay below a limit.</summary>
    internal static Figure Below(string what, double value, double limit, string unit) =>
        new(what, Text(value, unit), $"< {limit.ToString(CultureInfo.InvariantCulture)} {unit}", value < limit);

    /// <summary>A figure that should reach a limit.</summary>
    internal static Figure AtLeast(string what, double value, double limit, string unit) =>
        new(what, Text(value, unit), $">= {limit.ToString(CultureInfo.InvariantCulture)} {unit}", value >= limit);

    /// <summary>How a measurement spreads: its median, the smallest and the largest; the median should stay below the limit, where there is one.</summary>
    internal static Figure Spread(string what, Samples samples, string unit, double? limit = null)
    {
        var median = samples.Percentile(50);
        var text = $"{Text(median, unit)} ({Text(samples.Min, "")}to {Text(samples.Max, "").TrimEnd()})";
        return limit is { } most ? new(what, text, $"< {most.ToString(CultureInfo.InvariantCulture)} {unit}", median < most) : new(what, text);
    }

    /// <summary>A figure for information.</summary>
    internal static Figure Plain(string what, double value, string unit) => new(what, Text(value, unit));

    /// <summary>Something that must hold.</summary>
    internal static Figure Holds(string what, string value, string aim, bool met) => new(what, value, aim, met);

    private static string Text(double value, string unit) => $"{value.ToString(Math.Abs(value) switch { >= 100 => "N0", >= 10 => "N1", _ => "N2" }, CultureInfo.InvariantCulture)} {unit}";
}

/// <summary>Something that is measured.</summary>
internal interface IBenchmark
{
    /// <summary>One word, by which the command line chooses it.</summary>
    string Name { get; }

    /// <summary>How it is measured, one line under the table.</summary>
    string Note { get; }

    /// <summary>Measures.</summary>
    Task<IReadOnlyList<Figure>> RunAsync(CancellationToken cancellationToken);
}
