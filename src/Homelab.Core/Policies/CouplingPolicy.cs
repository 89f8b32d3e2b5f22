using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace Homelab;

/// <summary>What is kept quiet while a service is healed. The lab file's <c>policy.coupling:</c>.</summary>
public sealed record CouplingPolicy
{
    /// <summary>Whether monitors are paused.</summary>
    [Description("Whether the monitor of a service is paused while it is interrupted. When not given: where providers.kuma has a user and password.")]
    public bool? Monitors { get; init; }

    /// <summary>Whether alerts are silenced.</summary>
    [Description("Whether the alerts of a service are silenced while it is interrupted. When not given: where providers.alertmanager has a token, or a user and password.")]
    public bool? Silences { get; init; }

    /// <summary>How long at the most.</summary>
    [DurationRange("1m", "1d")]
    [Description("How long at the most: what is not undone by then is undone whatever goes on.")]
    public TimeSpan For { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>The label that bears a service's name.</summary>
    [RegularExpression("[A-Za-z_][A-Za-z0-9_]*")]
    [Description("The label of Prometheus' alerts that bears the name of the service.")]
    public string Label { get; init; } = "service";
}

/// <summary>What is kept quiet while one service is healed.</summary>
public enum ServiceQuiet
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>Its monitor is paused.</summary>
    Monitor,

    /// <summary>Its alerts are silenced.</summary>
    Silence,

    /// <summary>Both.</summary>
    Both,
}
