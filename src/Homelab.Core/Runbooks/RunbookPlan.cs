namespace Homelab;

/// <summary>What a runbook would do now, step by step. Making it changes nothing.</summary>
/// <param name="Runbook">The runbook.</param>
/// <param name="Service">The service it would run for; null for none.</param>
/// <param name="Steps">Its steps, and those with <c>forEach</c> once for each item that is known.</param>
public sealed record RunbookPlan(string Runbook, string? Service, IReadOnlyList<RunbookPlanStep> Steps)
{
    /// <summary>Why its throttle would turn the caller away now; null when it would not.</summary>
    public string? Throttled { get; init; }
}

/// <summary>What one step would do.</summary>
public sealed record RunbookPlanStep
{
    /// <summary>The step's id.</summary>
    public required string Step { get; init; }

    /// <summary>The item of a <c>forEach</c>, as JSON; null for steps without one, and where the list is not known yet.</summary>
    public string? Item { get; init; }

    /// <summary>The operation.</summary>
    public required string Operation { get; init; }

    /// <summary>Its input as JSON, as far as it is known; what is not still holds its <c>{{ expressions }}</c>.</summary>
    public required string Input { get; init; }

    /// <summary>What would happen, to what; null when the input is not known yet.</summary>
    public Intent? Intent { get; init; }

    /// <summary>What the gate would decide now, with every rule that spoke; null when the input is not known yet.</summary>
    public Decision? Decision { get; init; }

    /// <summary>Whether it would run.</summary>
    public required StepForecast Forecast { get; init; }

    /// <summary>Why, one line; empty when there is nothing to say.</summary>
    public string Reason { get; init; } = "";
}

/// <summary>Whether a step would run.</summary>
public enum StepForecast
{
    /// <summary>It would.</summary>
    Runs,

    /// <summary>A person would be asked first.</summary>
    Asks,

    /// <summary>Its condition does not hold, or its list is empty.</summary>
    Skipped,

    /// <summary>That depends on what an earlier step returns.</summary>
    Depends,

    /// <summary>It would be refused, or it cannot be done.</summary>
    Fails,
}
