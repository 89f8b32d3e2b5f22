using System.Text.Json.Nodes;
using Homelab.Automation.Healing;

namespace Homelab.Automation.Runbooks;

/// <summary>A wish to run a runbook now, or to know what it would do.</summary>
public sealed record RunbookRequest
{
    /// <summary>The runbook's name.</summary>
    public required string Runbook { get; init; }

    /// <summary>The service to run it for; null for none, where no step speaks of one.</summary>
    public string? Service { get; init; }

    /// <summary>What its expressions read as <c>values</c>.</summary>
    public JsonObject Values { get; init; } = [];

    /// <summary>Who wants it: the level and the policy are this caller's.</summary>
    public required Caller Caller { get; init; }

    /// <summary>How the person at the prompt is asked; see <see cref="GateRequest.Confirmation"/>.</summary>
    public IConfirmation? Confirmation { get; init; }

    /// <summary>Hears what happens to the run. Called on the working thread: it must be quick.</summary>
    public Action<HealingEvent>? Progress { get; init; }
}
