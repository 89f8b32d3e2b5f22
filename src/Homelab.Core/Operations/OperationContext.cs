namespace Homelab;

/// <summary>What an operation may know of its surroundings: who asks, what time it is, and where to report progress.</summary>
public sealed class OperationContext
{
    internal OperationContext(Caller caller, TimeProvider time, Action<OperationProgress>? progress)
    {
        Caller = caller;
        Time = time;
        _progress = progress;
    }

    private readonly Action<OperationProgress>? _progress;

    /// <summary>Who asks. For messages and remote audit fields, never for decisions: those are the gate's.</summary>
    public Caller Caller { get; }

    /// <summary>The clock to wait and measure by.</summary>
    public TimeProvider Time { get; }

    /// <summary>What <see cref="Change{TInput, TResult}.PrepareAsync"/> noted before; null in a query and while preparing.</summary>
    public string? Mark { get; private init; }

    /// <summary>True once the target has taken the request; see <see cref="SayActed"/>.</summary>
    internal bool HasActed { get; private set; }

    /// <summary>
    /// Says that the target has taken the request. A change calls it as soon as its effect was accepted: from then on a refused connection or a refused
    /// look, met while it only watches, no longer means that nothing happened.
    /// </summary>
    public void SayActed() => HasActed = true;

    internal OperationContext WithMark(string? mark) => new(Caller, Time, _progress) { Mark = mark };

    /// <summary>Reports how far it is. Cheap, and may be called often.</summary>
    /// <param name="activity">What is being done: <c>Restarting gitea@dev</c>.</param>
    /// <param name="status">Where it stands: <c>waiting for healthy</c>.</param>
    /// <param name="fraction">0 to 1, or null when unknown.</param>
    public void Report(string activity, string status, double? fraction = null) =>
        _progress?.Invoke(new OperationProgress(activity, status, fraction));
}

/// <summary>How far an operation is.</summary>
/// <param name="Activity">What is being done.</param>
/// <param name="Status">Where it stands.</param>
/// <param name="Fraction">0 to 1, or null when unknown.</param>
public sealed record OperationProgress(string Activity, string Status, double? Fraction);
