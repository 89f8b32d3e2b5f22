using System.Collections.ObjectModel;
using System.Text.Json.Serialization;

namespace Homelab;

/// <summary>What one series of a query said.</summary>
public sealed record MetricReading
{
    /// <summary>The metric's name; empty for one that was calculated.</summary>
    public required string Name { get; init; }

    /// <summary>What tells it from the other series of its name.</summary>
    public IReadOnlyDictionary<string, string> Labels { get; init; } = ReadOnlyDictionary<string, string>.Empty;

    /// <summary>Its value, or its last one where a time was asked for.</summary>
    [JsonNumberHandling(JsonNumberHandling.AllowNamedFloatingPointLiterals)]
    public required double Value { get; init; }

    /// <summary>When it had that value.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>All points of the time that was asked for, oldest first; empty where one moment was.</summary>
    public IReadOnlyList<MetricPoint> Points { get; init; } = [];
}

/// <summary>A value at a moment.</summary>
/// <param name="At">When.</param>
/// <param name="Value">The value.</param>
public sealed record MetricPoint(DateTimeOffset At, [property: JsonNumberHandling(JsonNumberHandling.AllowNamedFloatingPointLiterals)] double Value);
