namespace Homelab.Automation.Healing;

/// <summary>How long services are given to come back by themselves, and how often questions are looked after.</summary>
/// <param name="ImportantDelay">For important services. Critical ones get none.</param>
/// <param name="StandardDelay">For standard services.</param>
public sealed record HealingTempo(TimeSpan ImportantDelay, TimeSpan StandardDelay)
{
    /// <summary>How often an open question is looked after, since another process may take the answer.</summary>
    public TimeSpan ApprovalPoll { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>How often a service is looked at whose root is being healed.</summary>
    public TimeSpan RootPoll { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How often it is asked whether healing is still suspended.</summary>
    public TimeSpan SwitchPoll { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How often it is asked whether a backup still goes on.</summary>
    public TimeSpan BackupPoll { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>How long the first look, before anything is done, may take.</summary>
    public TimeSpan FirstLook { get; init; } = TimeSpan.FromSeconds(6);

    /// <summary>How long other alerts are given to come before it is decided where a failure comes from, where our own looks do not tell.</summary>
    public TimeSpan Gather { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>How old an alert may be and still tell how its service is.</summary>
    public TimeSpan AlertWindow { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>How long a root that was given up is the root of what is reported late, before it is tried again for that.</summary>
    public TimeSpan Aftermath { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>How long a root that is back waits for its members to be proved, to tell of all of them at once.</summary>
    public TimeSpan MemberPatience { get; init; } = TimeSpan.FromMinutes(3);

    /// <summary>The longest wait between two looks at a machine that a person was told of, and at a service that comes and goes.</summary>
    public TimeSpan LongestPause { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>The wait before the first try to send a message again; doubled up to a minute.</summary>
    public TimeSpan NoticeBackoff { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>The wait before the first try to undo a hush again; doubled up to a minute.</summary>
    public TimeSpan HushBackoff { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How often it is looked whether another process has left something hushed.</summary>
    public TimeSpan HushPoll { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>The wait before a feed that failed is listened to again.</summary>
    public TimeSpan FeedBackoff { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>When to act on a service of this tier.</summary>
    public DateTimeOffset DueAt(ServiceTier tier, DateTimeOffset now) => now + tier switch
    {
        ServiceTier.Critical => TimeSpan.Zero,
        ServiceTier.Important => ImportantDelay,
        _ => StandardDelay,
    };
}
