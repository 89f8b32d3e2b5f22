namespace Homelab.Host.Rehearsals;

/// <summary>What one runbook is for: how that comes about in the simulated homelab, and by what its end is judged.</summary>
/// <param name="Runbook">The runbook.</param>
/// <param name="Service">The service that the alert is about.</param>
/// <param name="Alert">The alert's text and kind, without time.</param>
/// <param name="Break">Brings it about.</param>
/// <param name="IsWell">Whether the service is really well: the truth, not what anybody says.</param>
/// <param name="MayChange">Patterns of the changes that may be made, by method and path; each with how often.</param>
internal sealed record RehearsalScenario(
    string Runbook,
    string Service,
    RehearsalAlert Alert,
    Action<RehearsalStage> Break,
    Func<RehearsalStage, bool> IsWell,
    IReadOnlyDictionary<string, int> MayChange)
{
    /// <summary>What it is called: a runbook may be for more than one thing.</summary>
    public string Name { get; init; } = Runbook;

    /// <summary>The faults that make sense for it.</summary>
    public required IReadOnlyList<RehearsalFault> Faults { get; init; }

    /// <summary>How its own case must end.</summary>
    public RehearsalVerdict Basic { get; init; } = RehearsalVerdict.Healed;

    /// <summary>What must have run in its own case: the runbook itself, and where it is handed over to, the one before.</summary>
    public string First { get; init; } = Runbook;

    /// <summary>Makes what is done not last.</summary>
    public Action<RehearsalStage> Relapse { get; init; } = static _ => { };

    /// <summary>Brings about a cause that cannot be mended by it, in place of its own.</summary>
    public Action<RehearsalStage> BreakOtherwise { get; init; } = static _ => { };

    /// <summary>True where a machine is logged in to, and what goes wrong goes wrong there too.</summary>
    public bool OnHost { get; init; }

    /// <summary>True where a hypervisor is asked to change things, and not an engine.</summary>
    public bool OnHypervisor { get; init; }
}

/// <summary>An alert to come.</summary>
/// <param name="Status">What it says.</param>
/// <param name="Subject">What it is about.</param>
internal sealed record RehearsalAlert(AlertStatus Status, string Subject)
{
    public string Source { get; init; } = "kuma";

    public string? Resource { get; init; }

    internal Alert At(DateTimeOffset now, string fingerprint) => new()
    {
        Source = Source,
        Status = Status,
        Subject = Subject,
        Resource = Resource,
        Message = $"[{Subject}] {HomelabNames.Of(Status)}",
        At = now,
        Fingerprint = fingerprint,
    };
}
