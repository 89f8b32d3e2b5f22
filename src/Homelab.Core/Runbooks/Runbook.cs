using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Text.Json.Nodes;

namespace Homelab;

/// <summary>A recovery scenario as a file describes it: <c>kind: Runbook</c>.</summary>
public sealed record Runbook
{
    /// <summary>Its name; <c>metadata.name</c> of the file.</summary>
    public string Name { get; init; } = "";

    /// <summary>What it is for; <c>metadata.description</c> of the file.</summary>
    public string Description { get; init; } = "";

    /// <summary>Where each part of it stands in its file.</summary>
    public SourceMap Source { get; init; } = SourceMap.None;

    /// <summary>The highest level any step may need.</summary>
    [Description("The highest level any of its steps may need: monitor, operate, configure or manage. Checked when it is loaded.")]
    public required Level Level { get; init; }

    /// <summary>What sets it off. Only by hand when not given.</summary>
    [Description("What sets it off. Only by hand when not given.")]
    public RunbookTrigger? Trigger { get; init; }

    /// <summary>How far it may go by itself; the lab file may say otherwise.</summary>
    [Description("How far it may go by itself: watch, ask or act. policy.healing in the lab file may name it and say otherwise.")]
    public Autonomy? Autonomy { get; init; }

    /// <summary>How often it may run for one service.</summary>
    [Description("How often it may run for one service.")]
    public RunbookThrottle Throttle { get; init; } = new();

    /// <summary>What it does, in order.</summary>
    [Description("What it does, in order.")]
    public required IReadOnlyList<RunbookStep> Steps { get; init; }

    /// <summary>How it proves that the service is back.</summary>
    [Description("How it proves that the service is back.")]
    public RunbookVerify Verify { get; init; } = new();

    /// <summary>What happens when it is not.</summary>
    [Description("What happens when it is not.")]
    public RunbookOtherwise Otherwise { get; init; } = new();
}

/// <summary>What sets a runbook off.</summary>
public sealed record RunbookTrigger
{
    /// <summary>An alert.</summary>
    [Description("An alert sets it off.")]
    public AlertTrigger? Alert { get; init; }

    /// <summary>The clock.</summary>
    [Description("The clock sets it off.")]
    public ScheduleTrigger? Schedule { get; init; }
}

/// <summary>When the clock sets a runbook off: by <see cref="Cron"/> or by <see cref="Every"/>.</summary>
public sealed record ScheduleTrigger
{
    /// <summary>Moments by wall clock.</summary>
    [Description("Moments by wall clock, as crontab writes them: minute, hour, day of month, month, day of week. Either this or 'every'.")]
    public string? Cron { get; init; }

    /// <summary>Moments this far apart, counted from 1970-01-01 00:00 UTC, so that every process knows the same ones.</summary>
    [DurationRange("1s", "365d")]
    [Description("Moments this far apart, counted from 1970-01-01 00:00 UTC. Either this or 'cron'.")]
    public TimeSpan? Every { get; init; }

    /// <summary>Where the wall clock hangs.</summary>
    [Description("The time zone of 'cron', such as Europe/Berlin. The machine's own when not given.")]
    public string? TimeZone { get; init; }

    /// <summary>By how much each moment may be put off, so that not everything begins at once. Each moment is put off by the same everywhere.</summary>
    [DurationRange("0s", "1d")]
    [Description("By how much each moment may be put off, so that not everything begins at once: 5m.")]
    public TimeSpan Jitter { get; init; }

    /// <summary>What becomes of moments that went by while nobody kept the schedule.</summary>
    [Description("What becomes of moments that went by while nobody kept the schedule: skip (they are told, and not made up for) or once (one run makes up for all of them).")]
    public MisfirePolicy Misfire { get; init; }

    /// <summary>The service to run for.</summary>
    [Description("The service to run for. None when not given.")]
    public string? Service { get; init; }

    /// <inheritdoc/>
    public override string ToString() => Cron ?? (Every is { } every ? $"every {Duration.Format(every)}" : "");
}

/// <summary>What becomes of moments that went by while nobody kept the schedule.</summary>
public enum MisfirePolicy
{
    /// <summary>They are told, and not made up for.</summary>
    Skip,

    /// <summary>One run makes up for all of them.</summary>
    Once,
}

/// <summary>The alerts that set a runbook off.</summary>
public sealed record AlertTrigger
{
    /// <summary>What the alert must say.</summary>
    [Description("What the alert must say: down, pressure, certificate, …")]
    public AlertStatus Status { get; init; } = AlertStatus.Down;

    /// <summary>Whose alert it must be. Anybody's when not given.</summary>
    [Description("Whose alert it must be, such as kuma. Anybody's when not given.")]
    public string? Source { get; init; }

    /// <summary>What must run short, for <see cref="AlertStatus.Pressure"/>.</summary>
    [Description("What must run short, where status is pressure: memory, disk, cpu. Anything when not given.")]
    public string? Resource { get; init; }

    /// <summary>What the service must be like.</summary>
    [Description("What the service must be like.")]
    public ServiceFilter? Service { get; init; }

    /// <summary>A condition over alert and service.</summary>
    [Description("A condition over alert and service: service.tier == 'critical'.")]
    public string? When { get; init; }
}

/// <summary>What a service must be like.</summary>
public sealed record ServiceFilter
{
    /// <summary>Its name, with wildcards.</summary>
    [Description("Its name, with * and ?.")]
    public string? Name { get; init; }

    /// <summary>Whether a container runs it.</summary>
    [Description("Whether the lab file names a container that runs it.")]
    public bool? HasContainer { get; init; }

    /// <summary>Whether it is a guest of Proxmox.</summary>
    [Description("Whether the lab file names a guest of Proxmox that it is.")]
    public bool? HasVm { get; init; }

    /// <summary>Whether a systemd unit runs it.</summary>
    [Description("Whether the lab file names a systemd unit that runs it.")]
    public bool? HasUnit { get; init; }

    /// <summary>What it does for others.</summary>
    [Description("What it must provide: dns, proxy, vpn or host.")]
    public ServiceRole? Provides { get; init; }
}

/// <summary>How often a runbook may run for one service.</summary>
public sealed record RunbookThrottle
{
    /// <summary>After a recovery, how long the service is left alone; an alert that comes sooner waits.</summary>
    [Description("After a recovery, how long the service is left alone. An alert that comes sooner waits.")]
    public TimeSpan Cooldown { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>How many times it may try within <see cref="Per"/>; then a person is told.</summary>
    [Range(1, 1_000)]
    [Description("How many times it may try within 'per'; then a person is told.")]
    public int Attempts { get; init; } = 3;

    /// <summary>The pause before the second attempt; doubled before each further one, up to 15 minutes.</summary>
    [DurationRange("0s", "15m")]
    [Description("The pause before the second attempt for an incident; doubled before each further one, up to 15 minutes.")]
    public TimeSpan Backoff { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>The span over which <see cref="Attempts"/> counts.</summary>
    [DurationRange("1s", "365d")]
    [Description("The span over which 'attempts' counts.")]
    public TimeSpan Per { get; init; } = TimeSpan.FromHours(1);
}

/// <summary>One step.</summary>
public sealed record RunbookStep
{
    /// <summary>Names its result for later steps: <c>steps.look.state</c>.</summary>
    [Description("Names its result for later steps: steps.<id>.")]
    public required string Id { get; init; }

    /// <summary>The operation; empty for a step that only ends the run.</summary>
    [Description("The operation to run, by its name: docker_restart_container. Either this or 'stop'.")]
    public string Do { get; init; } = "";

    /// <summary>Its input; texts may hold <c>{{ expressions }}</c>.</summary>
    [Description("Its input. Texts may hold {{ expressions }}.")]
    public JsonObject With { get; init; } = [];

    /// <summary>Ends the run here, in place of an operation.</summary>
    [Description("Ends the run here, with what was found out. Either this or 'do'.")]
    public RunbookStop? Stop { get; init; }

    /// <summary>Run only if this holds.</summary>
    [Description("Run only if this holds: steps.look.state != 'running'.")]
    public string? When { get; init; }

    /// <summary>Run once for each item of a list; the item is <c>item</c>.</summary>
    [Description("Run once for each item of this list; the item is 'item'.")]
    public string? ForEach { get; init; }

    /// <summary>How long one run of it may take.</summary>
    [DurationRange("1ms", "1d")]
    [Description("How long one run of it may take.")]
    public TimeSpan Timeout { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>How often a failure is met with another try.</summary>
    [Description("How often a failure is met with another try. Only for operations that are safe to repeat.")]
    public StepRetry? Retry { get; init; }

    /// <summary>What a failure means.</summary>
    [Description("What a failure means: stop (roll back and escalate), continue, or verify (skip the rest and verify).")]
    public OnError OnError { get; init; } = OnError.Stop;

    /// <summary>What undoes it, when a later step fails.</summary>
    [Description("What undoes it when a later step fails.")]
    public StepRollback? Rollback { get; init; }

    /// <summary>True to ask a person even where policy would not. Required for what destroys.</summary>
    [Description("True to ask a person even where policy would not. Required for operations that destroy.")]
    public bool Approve { get; init; }

    /// <summary>What people should know who are asked; may hold <c>{{ expressions }}</c>.</summary>
    [Description("What people should know who are asked: what was found, and what it should help against. Texts may hold {{ expressions }}.")]
    public string? Because { get; init; }
}

/// <summary>How often a failure is met with another try.</summary>
public sealed record StepRetry
{
    /// <summary>All tries together.</summary>
    [Range(1, 100)]
    [Description("All tries together, the first included.")]
    public int Attempts { get; init; } = 2;

    /// <summary>The wait before the second; doubled each time.</summary>
    [Description("The wait before the second try; doubled before each further one.")]
    public TimeSpan Backoff { get; init; } = TimeSpan.FromSeconds(5);
}

/// <summary>What undoes a step.</summary>
public sealed record StepRollback
{
    /// <summary>The operation.</summary>
    [Description("The operation to run, by its name.")]
    public required string Do { get; init; }

    /// <summary>Its input.</summary>
    [Description("Its input. Texts may hold {{ expressions }}.")]
    public JsonObject With { get; init; } = [];
}

/// <summary>What a step's failure means.</summary>
public enum OnError
{
    /// <summary>Undo what can be undone, and escalate.</summary>
    Stop,

    /// <summary>Go on with the next step.</summary>
    Continue,

    /// <summary>Skip the other steps and verify.</summary>
    Verify,
}
