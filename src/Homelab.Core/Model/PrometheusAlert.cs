using System.Collections.ObjectModel;
using System.Text.Json.Serialization;

namespace Homelab;

/// <summary>An alert as Prometheus has it right now.</summary>
public sealed record PrometheusAlert
{
    /// <summary>The name of its rule.</summary>
    public required string Name { get; init; }

    /// <summary>Whether it fires.</summary>
    public required PrometheusAlertState State { get; init; }

    /// <summary>How grave its rule says it is; null where it says nothing.</summary>
    public string? Severity { get; init; }

    /// <summary>What its rule says about it, one line.</summary>
    public string Summary { get; init; } = "";

    /// <summary>The value of its expression.</summary>
    [JsonNumberHandling(JsonNumberHandling.AllowNamedFloatingPointLiterals)]
    public double Value { get; init; }

    /// <summary>Since when its expression holds.</summary>
    public required DateTimeOffset Since { get; init; }

    /// <summary>What tells it from other alerts of its rule.</summary>
    public IReadOnlyDictionary<string, string> Labels { get; init; } = ReadOnlyDictionary<string, string>.Empty;

    /// <summary>Everything its rule says about it.</summary>
    public IReadOnlyDictionary<string, string> Annotations { get; init; } = ReadOnlyDictionary<string, string>.Empty;
}

/// <summary>Whether an alert of Prometheus fires.</summary>
public enum PrometheusAlertState
{
    /// <summary>Its expression holds, but not yet for as long as its rule wants.</summary>
    Pending,

    /// <summary>It is an alert.</summary>
    Firing,
}
