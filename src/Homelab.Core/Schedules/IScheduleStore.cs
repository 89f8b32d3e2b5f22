namespace Homelab;

/// <summary>Where it is written down which moments of a schedule are dealt with, so that several processes never fire one twice.</summary>
public interface IScheduleStore
{
    /// <summary>Takes a moment for this process, unless somebody has dealt with it or the schedule's last run has not ended. The moment is dealt with either way.</summary>
    /// <param name="runbook">The runbook whose schedule it is.</param>
    /// <param name="expression">The schedule as it is written now.</param>
    /// <param name="moment">The moment.</param>
    /// <param name="isBusy">True when this process knows that the last run has not ended; of other processes the store finds it out.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    Task<MomentClaim> ClaimMomentAsync(string runbook, string expression, DateTimeOffset moment, bool isBusy, CancellationToken cancellationToken);

    /// <summary>Notes that every moment up to this one is dealt with, without firing. False when that was known.</summary>
    Task<bool> PassMomentAsync(string runbook, string expression, DateTimeOffset moment, CancellationToken cancellationToken);

    /// <summary>Notes that what this process fired at a moment has ended; a later moment's run is not touched.</summary>
    Task EndMomentAsync(string runbook, DateTimeOffset moment, CancellationToken cancellationToken);

    /// <summary>How far a schedule is dealt with; null when it was never kept.</summary>
    Task<ScheduleMark?> FindScheduleAsync(string runbook, CancellationToken cancellationToken);
}

/// <summary>What came of a wish to fire a moment.</summary>
public enum MomentClaim
{
    /// <summary>It is this process's to fire.</summary>
    Taken,

    /// <summary>It was dealt with before.</summary>
    TakenBefore,

    /// <summary>What an earlier moment set off has not ended. The moment is passed over.</summary>
    StillRunning,
}

/// <summary>How far a schedule is dealt with.</summary>
/// <param name="Runbook">The runbook whose schedule it is.</param>
/// <param name="Expression">The schedule as it was written then.</param>
/// <param name="Moment">Every moment up to this one is dealt with.</param>
/// <param name="FiredAt">The last moment that was fired, if any was.</param>
/// <param name="Owner">The process that runs what was fired; null when it has ended.</param>
public sealed record ScheduleMark(string Runbook, string Expression, DateTimeOffset Moment, DateTimeOffset? FiredAt, string? Owner);
