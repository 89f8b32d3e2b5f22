using System.ComponentModel;

namespace Homelab;

/// <summary>
/// Where an alert's parts stand in what a hook is sent. Each is an expression as in runbooks: over <c>body</c> and <c>item</c> for <c>json</c>, over
/// <c>alert</c>, as it was read, for the other sources.
/// </summary>
public sealed record AlertMapDefinition
{
    /// <summary>The list of alerts.</summary>
    [Description("json: the list of alerts, such as body.alerts; each is 'item' in the others. The body is one alert when not given.")]
    public string? Items { get; init; }

    /// <summary>What it is about.</summary>
    [Description("What it is about, such as item.labels.container.")]
    public string? Subject { get; init; }

    /// <summary>The value that tells its status.</summary>
    [Description("json: the value that says whether it is down, up, or runs short, such as item.state.")]
    public string? Status { get; init; }

    /// <summary>The sentence.</summary>
    [Description("The sentence for people.")]
    public string? Message { get; init; }

    /// <summary>When it happened.</summary>
    [Description("json: when it happened: a text such as 2026-01-31T08:00:00Z, or seconds or milliseconds since 1970. The moment of its coming when not given.")]
    public string? At { get; init; }

    /// <summary>What runs short.</summary>
    [Description("What runs short: memory, disk or cpu.")]
    public string? Resource { get; init; }

    /// <summary>How much of it is used.</summary>
    [Description("How much of it is used, in percent.")]
    public string? Value { get; init; }

    /// <summary>The machine it is about.</summary>
    [Description("The machine it is about.")]
    public string? Host { get; init; }

    /// <summary>How grave it is.</summary>
    [Description("How grave it is, in the sender's words.")]
    public string? Severity { get; init; }

    /// <summary>What is the same for the same event.</summary>
    [Description("json: what is the same whenever the same event is sent again, such as item.id. Made of the whole of it when not given.")]
    public string? Fingerprint { get; init; }

    /// <summary>The values of <see cref="Status"/> that mean down.</summary>
    [Description("json: the values of status that mean down.")]
    public IReadOnlyList<string> Down { get; init; } = ["down", "critical", "firing", "alerting", "error", "failed", "offline", "unhealthy"];

    /// <summary>The values of <see cref="Status"/> that mean up.</summary>
    [Description("json: the values of status that mean up.")]
    public IReadOnlyList<string> Up { get; init; } = ["up", "ok", "resolved", "recovered", "normal", "clear", "online", "healthy"];

    /// <summary>The values of <see cref="Status"/> that mean that something runs short.</summary>
    [Description("json: the values of status that mean that something runs short.")]
    public IReadOnlyList<string> Pressure { get; init; } = [];

    /// <summary>The values of <see cref="Status"/> that mean that nobody need act yet.</summary>
    [Description("json: the values of status that mean that nobody need act yet.")]
    public IReadOnlyList<string> Pending { get; init; } = ["pending"];
}
