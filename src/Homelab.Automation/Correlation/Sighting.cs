namespace Homelab.Automation.Correlation;

/// <summary>What somebody saw of a service or a machine.</summary>
/// <param name="Service">What was seen.</param>
/// <param name="State">How it was.</param>
/// <param name="By">Who saw it.</param>
/// <param name="At">When, by our clock.</param>
/// <param name="Detail">What exactly, one line.</param>
public sealed record Sighting(string Service, SightedState State, SightedBy By, DateTimeOffset At, string Detail);

/// <summary>How something was seen.</summary>
public enum SightedState
{
    /// <summary>It could not be looked at.</summary>
    Unknown,

    /// <summary>It works.</summary>
    Up,

    /// <summary>It does not.</summary>
    Down,
}

/// <summary>Who saw something.</summary>
public enum SightedBy
{
    /// <summary>Whoever sent an alert.</summary>
    Alert,

    /// <summary>We ourselves, by a read.</summary>
    Look,

    /// <summary>We ourselves, who are healing it just now: until that is proved, whatever answers may be half of it.</summary>
    Healing,
}
