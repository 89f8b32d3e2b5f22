namespace Homelab;

/// <summary>What healing would have made of one incident on a tape of alerts, as if nothing that it did had helped: it would have gone on until the tape itself says up.</summary>
public sealed record HealingForecast
{
    /// <summary>The service.</summary>
    public required string Service { get; init; }

    /// <summary>When the first alert came that opened it.</summary>
    public required DateTimeOffset OpenedAt { get; init; }

    /// <summary>What that alert says: down, pressure or certificate.</summary>
    public required AlertStatus Status { get; init; }

    /// <summary>Who sent it.</summary>
    public required string Source { get; init; }

    /// <summary>What the alert told. Foreign text: never trusted, never executed.</summary>
    public string Message { get; init; } = "";

    /// <summary>How many alerts of the tape belong to it.</summary>
    public int Alerts { get; init; }

    /// <summary>The runbook that would have been chosen first; null when none fits.</summary>
    public string? Runbook { get; init; }

    /// <summary>The service or machine whose incident would have been healed in its place, the nearest; null when it stands for itself.</summary>
    public string? Root => Roots is [var nearest, ..] ? nearest : null;

    /// <summary>All that would have been healed in its place, the nearest first.</summary>
    public IReadOnlyList<string> Roots { get; init; } = [];

    /// <summary>The services that would have waited for this one.</summary>
    public IReadOnlyList<string> Members { get; init; } = [];

    /// <summary>When something would have been done first; null when nothing would.</summary>
    public DateTimeOffset? ActedAt { get; init; }

    /// <summary>How many times a runbook would have run.</summary>
    public int Attempts { get; init; }

    /// <summary>The steps, each as at the first attempt of its runbook.</summary>
    public IReadOnlyList<ForecastStep> Steps { get; init; } = [];

    /// <summary>What would have held it back, one line each.</summary>
    public IReadOnlyList<string> HeldBack { get; init; } = [];

    /// <summary>How it would have ended.</summary>
    public required ForecastOutcome Outcome { get; init; }

    /// <summary>Why, one line.</summary>
    public string Why { get; init; } = "";

    /// <summary>When it would have ended. After the end of the tape nothing is taken to come any more.</summary>
    public required DateTimeOffset ClosedAt { get; init; }

    /// <inheritdoc/>
    public override string ToString() => $"{Service}: {HomelabNames.Of(Outcome)}";
}

/// <summary>A step that would have been taken.</summary>
/// <param name="Runbook">The runbook.</param>
/// <param name="Step">The step's id.</param>
/// <param name="Operation">The operation; <c>stop</c> for a step that ends the run.</param>
/// <param name="Target">What it would act on; null where that depends on an earlier step.</param>
/// <param name="Forecast">Whether it would run, ask, depend on an earlier step, be skipped or be refused.</param>
/// <param name="Reason">Why, one line; empty when there is nothing to say.</param>
public sealed record ForecastStep(string Runbook, string Step, string Operation, string? Target, StepForecast Forecast, string Reason)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Step} {Operation}{(Target is null ? "" : " " + Target)}: {HomelabNames.Of(Forecast)}";
}

/// <summary>How an incident of a tape would have ended.</summary>
public enum ForecastOutcome
{
    /// <summary>It was up again before its time to act had come.</summary>
    CameBack,

    /// <summary>It was up again while it waited for its root, or after that was.</summary>
    CameBackWithRoot,

    /// <summary>It was up again after something was done; whether by that, a tape cannot tell.</summary>
    UpAfterAction,

    /// <summary>It was up again while a person was asked.</summary>
    UpWhileAsking,

    /// <summary>A person would have been told.</summary>
    Escalated,
}

/// <summary>What a tape of alerts comes to.</summary>
public sealed record HealingBacktest
{
    /// <summary>Lines with an alert.</summary>
    public int Alerts { get; init; }

    /// <summary>Those that were sent before.</summary>
    public int Duplicates { get; init; }

    /// <summary>Those about nothing that the lab file names, by their subject.</summary>
    public IReadOnlyDictionary<string, int> Unmatched { get; init; } = new Dictionary<string, int>(StringComparer.Ordinal);

    /// <summary>Lines that could not be read, with their number and what is wrong with them.</summary>
    public IReadOnlyList<string> Unreadable { get; init; } = [];

    /// <summary>The incidents, in the order in which they were opened; none where each was told while the tape was played.</summary>
    public IReadOnlyList<HealingForecast> Incidents { get; init; } = [];
}
