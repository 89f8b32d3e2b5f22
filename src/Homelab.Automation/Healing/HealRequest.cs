namespace Homelab.Automation.Healing;

/// <summary>A wish to heal a service now, as if its alert had come.</summary>
public sealed record HealRequest
{
    /// <summary>The service, as the lab file names it.</summary>
    public required string Service { get; init; }

    /// <summary>Who wants it: the level and the policy are this caller's.</summary>
    public required Caller Caller { get; init; }

    /// <summary>True to run the runbook even when the service is proved to be well.</summary>
    public bool EvenIfWell { get; init; }

    /// <summary>How the person at the prompt is asked; see <see cref="GateRequest.Confirmation"/>.</summary>
    public IConfirmation? Confirmation { get; init; }

    /// <summary>Hears what happens to the incident, and to those of its roots. Called on the working thread: it must be quick.</summary>
    public Action<HealingEvent>? Progress { get; init; }
}
