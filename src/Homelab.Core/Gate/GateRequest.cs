using System.Text.Json;

namespace Homelab;

/// <summary>A call through the gate.</summary>
public sealed record GateRequest
{
    /// <summary>The operation's name or alias.</summary>
    public required string Operation { get; init; }

    /// <summary>The input as it came over a wire. Bound and validated by the gate.</summary>
    public JsonElement Json { get; init; }

    /// <summary>The input as an instance of the operation's input type; used in place of <see cref="Json"/> when set.</summary>
    public object? Input { get; init; }

    /// <summary>Who asks.</summary>
    public required Caller Caller { get; init; }

    /// <summary>Names the wish, so that it never runs twice. A new name is made when it is not given.</summary>
    public string? Key { get; init; }

    /// <summary>An approval that was given for exactly this operation and input.</summary>
    public string? Approval { get; init; }

    /// <summary>What the caller itself demands at the least; it can only make the decision stricter. A runbook step's <c>approve: true</c>.</summary>
    public Requirement AtLeast { get; init; }

    /// <summary>What the caller found out, for people who are asked. It makes no decision another.</summary>
    public string? Because { get; init; }

    /// <summary>True for what undoes what was done before: the big red switch does not keep things half done.</summary>
    public bool Undoes { get; init; }

    /// <summary>
    /// True for what only accompanies other changes and is undone with them, such as the pause of a monitor while its service is healed: the limits of unattended callers neither
    /// hold it back nor count it, since what they are there for is the changes it accompanies.
    /// </summary>
    public bool Accompanies { get; init; }

    /// <summary>How a person at a prompt is asked. Only for <see cref="Face.Interactive"/>.</summary>
    public IConfirmation? Confirmation { get; init; }

    /// <summary>True to stop after the decision: nothing is asked, written or done.</summary>
    public bool DryRun { get; init; }

    /// <summary>How long the whole run may take; null for as long as the operation itself has patience.</summary>
    public TimeSpan? Timeout { get; init; }

    /// <summary>How often a failure is met with another try, where that is safe.</summary>
    public RetryRule Retry { get; init; } = RetryRule.Once;

    /// <summary>Receives progress.</summary>
    public Action<OperationProgress>? Progress { get; init; }
}

/// <summary>How often, and how far apart.</summary>
/// <param name="Attempts">All tries together, the first included.</param>
/// <param name="Backoff">The wait before the second try; doubled before each further one.</param>
public sealed record RetryRule(int Attempts, TimeSpan Backoff)
{
    /// <summary>No second try.</summary>
    public static RetryRule Once { get; } = new(1, TimeSpan.Zero);
}

/// <summary>Asks the person at the prompt.</summary>
public interface IConfirmation
{
    /// <summary>Asks one question.</summary>
    /// <param name="intent">What would happen.</param>
    /// <param name="decision">Why it is asked.</param>
    /// <param name="number">1 for the first confirmation; 2 for the second, different one, which asks for the target's name.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    ValueTask<bool> ConfirmAsync(Intent intent, Decision decision, int number, CancellationToken cancellationToken);
}

/// <summary>What came of a call.</summary>
/// <param name="Intent">What it was about.</param>
/// <param name="Decision">What was decided and why.</param>
public abstract record GateOutcome(Intent Intent, Decision Decision)
{
    /// <summary>It was done, and what was seen afterwards.</summary>
    /// <param name="Intent">What it was about.</param>
    /// <param name="Decision">What was decided and why.</param>
    /// <param name="Result">The changed thing; null when the answer was lost and a read settled that it happened.</param>
    /// <param name="Change">The journal's id.</param>
    public sealed record Done(Intent Intent, Decision Decision, object? Result, string Change) : GateOutcome(Intent, Decision);

    /// <summary>A person must answer first. Nothing was done.</summary>
    /// <param name="Intent">What it is about.</param>
    /// <param name="Decision">What was decided and why.</param>
    /// <param name="Approval">The question.</param>
    public sealed record Waiting(Intent Intent, Decision Decision, Approval Approval) : GateOutcome(Intent, Decision);

    /// <summary>A dry run: what would be decided now, with the restraints of this moment.</summary>
    /// <param name="Intent">What it would be about.</param>
    /// <param name="Decision">What would be decided and why.</param>
    public sealed record Planned(Intent Intent, Decision Decision) : GateOutcome(Intent, Decision);

    /// <summary>The person at the prompt said no. Nothing was done.</summary>
    /// <param name="Intent">What it was about.</param>
    /// <param name="Decision">What was decided and why.</param>
    public sealed record Declined(Intent Intent, Decision Decision) : GateOutcome(Intent, Decision);
}

/// <summary>A call that the gate turned away, with the decision that did it.</summary>
public sealed class GateException(ErrorKind kind, string id, Intent intent, Decision decision)
    : HomelabException(kind, id, Explain(intent, decision), intent?.Target.ToString())
{
    /// <summary>What was decided, with every rule that spoke.</summary>
    public Decision Decision { get; } = decision;

    /// <summary>The refusal that a decision to deny leads to; kind and id follow from the rule that denied.</summary>
    /// <exception cref="ArgumentException">The decision does not deny.</exception>
    public static GateException Of(Intent intent, Decision decision)
    {
        ArgumentNullException.ThrowIfNull(decision);
        if (decision.Verdict != Requirement.Deny) throw new ArgumentException($"{decision} refuses nothing.", nameof(decision));
        var (kind, id) = decision.Decisive.First().Rule switch
        {
            Rules.Level => (ErrorKind.Denied, "LevelTooLow"),
            Rules.Scope => (ErrorKind.Denied, "OperationNotGranted"),
            Rules.Command => (ErrorKind.Denied, "CommandNotAllowed"),
            Rules.InFlight => (ErrorKind.Conflict, "ChangeInFlight"),
            Rules.Cooldown or Rules.Budget or Rules.Rate => (ErrorKind.Refused, "LimitReached"),
            _ => (ErrorKind.Denied, "PolicyDenied"),
        };
        return new GateException(kind, id, intent, decision);
    }

    private static string Explain(Intent intent, Decision decision)
    {
        ArgumentNullException.ThrowIfNull(intent);
        ArgumentNullException.ThrowIfNull(decision);
        var reasons = decision.Decisive.Select(f => $"[{f.Rule}] {f.Reason}.{(f.WayOut is null ? "" : " " + f.WayOut)}");
        return $"{intent} was refused: {string.Join(" ", reasons)}";
    }
}
