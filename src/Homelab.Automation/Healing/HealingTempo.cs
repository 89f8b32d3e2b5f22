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

    /// <summary>The wait before the first try to send a message again; doubled up to a minute.</summary>
    public TimeSpan NoticeBackoff { get; init; } = TimeSpan.FromSeconds(1);

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
