namespace Homelab.Automation.Runbooks;

/// <summary>How a pass through the steps ended.</summary>
public abstract record StepsEnd
{
    /// <summary>The steps to write down.</summary>
    public IReadOnlyList<StepRecord> Steps { get; init; } = [];

    /// <summary>All steps are done, or the rest may be left: time to verify.</summary>
    public sealed record Completed : StepsEnd;

    /// <summary>A person must answer first.</summary>
    /// <param name="Approval">The question.</param>
    public sealed record Waiting(Approval Approval) : StepsEnd;

    /// <summary>A step failed.</summary>
    /// <param name="Step">Which.</param>
    /// <param name="Error">Why.</param>
    public sealed record Failed(string Step, HomelabException Error) : StepsEnd;

    /// <summary>A person said no to a step, or nobody answered in time. What was done before is undone as after a failure.</summary>
    /// <param name="Step">Which.</param>
    /// <param name="What">What the question was about.</param>
    public sealed record Declined(string Step, string What) : StepsEnd;

    /// <summary>A step ended the run, because of what was found out. What was done stays done.</summary>
    /// <param name="Step">Which.</param>
    /// <param name="Say">What was found out.</param>
    public sealed record Concluded(string Step, string Say) : StepsEnd;

    /// <summary>It was cancelled. Nothing is undone: whoever stops it wants nothing more to happen.</summary>
    public sealed record Stopped : StepsEnd;
}

/// <summary>On whose behalf steps are taken, how that person is asked, and who hears of each step.</summary>
/// <param name="Caller">Who asks.</param>
/// <param name="Started">Hears which step begins, and what it does.</param>
/// <param name="Ended">Hears what is written down about a step.</param>
public sealed record RunAttendance(Caller Caller, Action<string, string> Started, Action<StepRecord> Ended)
{
    /// <summary>How a person at a prompt is asked; see <see cref="GateRequest.Confirmation"/>.</summary>
    public IConfirmation? Confirmation { get; init; }

    /// <summary>True when a person is asked before every change, even where policy would not.</summary>
    public bool Asks { get; init; }
}
