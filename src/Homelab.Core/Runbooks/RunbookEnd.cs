using System.ComponentModel;
using System.Text.Json.Nodes;

namespace Homelab;

/// <summary>How a runbook proves that the service is back.</summary>
public sealed record RunbookVerify
{
    /// <summary>How long to let things settle before the first look.</summary>
    [Description("How long to let things settle before the first look.")]
    public TimeSpan Settle { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Until when, from the last step, all checks must have passed.</summary>
    [Description("Until when, counted from the last step, all checks must have passed.")]
    public TimeSpan Within { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>How far apart the looks are.</summary>
    [DurationRange("1ms", "1h")]
    [Description("How far apart the looks are.")]
    public TimeSpan Every { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>What is checked.</summary>
    [Description("What is checked: container (runs, and is healthy), guest (the machine runs, and its agent answers), probe (the service's own check), monitor (Kuma says up), or service for all that the lab file offers.")]
    public IReadOnlyList<VerifyCheck> Checks { get; init; } = [VerifyCheck.Service];

    /// <summary>What else must be so, asked anew with each look.</summary>
    [Description("What else must be so, asked anew with each look. What cannot be asked is not proved.")]
    public IReadOnlyList<VerifyQuestion> Ask { get; init; } = [];

    /// <summary>For how long everything must stay so, from the first look that finds it.</summary>
    [DurationRange("0s", "1d")]
    [Description("For how long everything must stay so, from the first look that finds it so. One look is enough when not given.")]
    public TimeSpan Hold { get; init; } = TimeSpan.Zero;
}

/// <summary>Something that must be so, and by which look that is seen.</summary>
public sealed record VerifyQuestion
{
    /// <summary>The operation that looks.</summary>
    [Description("The operation that looks, by its name: docker_container_stats. One that changes nothing.")]
    public required string Do { get; init; }

    /// <summary>Its input; texts may hold <c>{{ expressions }}</c>.</summary>
    [Description("Its input. Texts may hold {{ expressions }}.")]
    public JsonObject With { get; init; } = [];

    /// <summary>Asked only if this holds.</summary>
    [Description("Asked only if this holds: alert.resource == 'disk'.")]
    public string? When { get; init; }

    /// <summary>What must hold of its answer, which is <c>result</c>.</summary>
    [Description("What must hold of its answer, which is 'result': result.memoryPercent < 90.")]
    public required string That { get; init; }
}

/// <summary>A rung of the verification ladder.</summary>
public enum VerifyCheck
{
    /// <summary>All rungs that the lab file offers for the service; at least one must exist.</summary>
    Service,

    /// <summary>Its container runs, and is healthy where it has a health check.</summary>
    Container,

    /// <summary>Its guest of Proxmox runs, and the agent in it answers where it has one.</summary>
    Guest,

    /// <summary>Its own check succeeds.</summary>
    Probe,

    /// <summary>Its monitor says up.</summary>
    Monitor,
}

/// <summary>What happens when the service is not back.</summary>
public sealed record RunbookOtherwise
{
    /// <summary>What people are told; may hold <c>{{ expressions }}</c>.</summary>
    [Description("What people are told. May hold {{ expressions }}.")]
    public string Escalate { get; init; } = "{{ service.name }} is still down. {{ service.hint }}";

    /// <summary>The runbook that is tried instead, once this one has used up its attempts.</summary>
    [Description("The runbook that is tried once this one has used up its attempts; at most three follow one another. People are told when the last one did not help.")]
    public string? Next { get; init; }
}

/// <summary>The end of a run that has found out what it needs to.</summary>
public sealed record RunbookStop
{
    /// <summary>What was found out, for people.</summary>
    [Description("What was found out, for people. May hold {{ expressions }}.")]
    public required string Say { get; init; }

    /// <summary>What follows.</summary>
    [Description("What follows: escalate (a person must go on, and nothing more is done), or verify (nothing is left to do: prove it).")]
    public StopAs As { get; init; } = StopAs.Escalate;
}

/// <summary>What follows the end of a run that a step calls.</summary>
public enum StopAs
{
    /// <summary>A person is told, and nothing more is done.</summary>
    Escalate,

    /// <summary>It is proved that the service is well, as after the last step.</summary>
    Verify,
}
