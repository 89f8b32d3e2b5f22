using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace Homelab;

/// <summary>How far healing may go by itself, and what stops it. The lab file's <c>policy.healing:</c>.</summary>
public sealed record HealingPolicy
{
    /// <summary>How far runbooks may go that are not named in <see cref="Runbooks"/>.</summary>
    [Description("How far runbooks may go by themselves: watch (say what they would do), ask (every change needs a yes), or act.")]
    public Autonomy Autonomy { get; init; } = Autonomy.Act;

    /// <summary>How far single runbooks may go, by name or pattern; the longest pattern wins.</summary>
    [Description("How far single runbooks may go, by name or pattern: certificate-*: ask.")]
    public IReadOnlyDictionary<string, Autonomy> Runbooks { get; init; } = new Dictionary<string, Autonomy>(StringComparer.Ordinal);

    /// <summary>When one service is left alone.</summary>
    [Description("When one service is left alone, because healing it does not help.")]
    public BreakerPolicy Service { get; init; } = new() { Failures = 6, Within = TimeSpan.FromHours(6), Open = TimeSpan.FromHours(2) };

    /// <summary>When everything is left alone.</summary>
    [Description("When everything is left alone, because healing does not help anywhere.")]
    public BreakerPolicy Lab { get; init; } = new() { Failures = 12, Within = TimeSpan.FromMinutes(30), Open = TimeSpan.FromMinutes(30) };

    /// <summary>How long after a change of ours an alert about the same thing is taken for its echo: it waits until then, and is looked at before anything is done.</summary>
    [DurationRange("0s", "1h")]
    [Description("How long after a change of ours an alert about the same thing waits, since it may be the change's own echo.")]
    public TimeSpan Echo { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long healing waits for the backup of a guest that the service runs in. Zero for not at all.</summary>
    [DurationRange("0s", "1d")]
    [Description("How long healing waits while Proxmox backs up the guest that the service runs in; then a person is told. 0s to act during backups.")]
    public TimeSpan BackupPatience { get; init; } = TimeSpan.FromHours(2);
}

/// <summary>How far a runbook may go by itself, from least to most.</summary>
public enum Autonomy
{
    /// <summary>It says what it would do, and does nothing.</summary>
    Watch,

    /// <summary>Every change needs a person's yes, even where policy would not ask.</summary>
    Ask,

    /// <summary>What policy lets run by itself runs.</summary>
    Act,
}

/// <summary>When failures are enough.</summary>
public sealed record BreakerPolicy
{
    /// <summary>How many runs must have failed, none having helped since.</summary>
    [Range(1, 10_000)]
    [Description("How many runs must have failed within 'within', none having helped since.")]
    public int Failures { get; init; } = 6;

    /// <summary>The span over which they count.</summary>
    [DurationRange("1s", "30d")]
    [Description("The span over which they count.")]
    public TimeSpan Within { get; init; } = TimeSpan.FromHours(6);

    /// <summary>How long nothing is tried then. Afterwards one run may show whether it helps again.</summary>
    [DurationRange("1s", "30d")]
    [Description("How long nothing is tried then; afterwards one run may show whether it helps again.")]
    public TimeSpan Open { get; init; } = TimeSpan.FromHours(2);
}
