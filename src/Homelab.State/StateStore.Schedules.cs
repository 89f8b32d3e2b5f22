namespace Homelab.State;

/// <content>What the clock has set off.</content>
public abstract partial class StateStore
{
    /// <inheritdoc/>
    public Task<MomentClaim> ClaimMomentAsync(string runbook, string expression, DateTimeOffset moment, bool isBusy, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(runbook);
        ArgumentNullException.ThrowIfNull(expression);
        return _writer.WriteAsync(s => ClaimMoment(s.Database, runbook, expression, moment, isBusy), cancellationToken);
    }

    /// <inheritdoc/>
    public Task<bool> PassMomentAsync(string runbook, string expression, DateTimeOffset moment, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(runbook);
        ArgumentNullException.ThrowIfNull(expression);
        return _writer.WriteAsync(s => PassMoment(s.Database, runbook, expression, moment), cancellationToken);
    }

    /// <inheritdoc/>
    public Task EndMomentAsync(string runbook, DateTimeOffset moment, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(runbook);
        return _writer.WriteAsync(s => ScheduleTable.End(s.Database, runbook, moment, Owner), cancellationToken);
    }

    /// <inheritdoc/>
    public Task<ScheduleMark?> FindScheduleAsync(string runbook, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(runbook);
        return _reader.ReadAsync(d => ScheduleTable.Find(d, runbook), cancellationToken);
    }

    private MomentClaim ClaimMoment(Database database, string runbook, string expression, DateTimeOffset moment, bool isBusy)
    {
        var mark = ScheduleTable.Find(database, runbook);
        if (mark is not null && mark.Moment >= moment) return MomentClaim.TakenBefore;
        if (isBusy || !IsFree(database, mark?.Owner))
        {
            ScheduleTable.Save(database, new ScheduleMark(runbook, expression, moment, mark?.FiredAt, mark?.Owner));
            return MomentClaim.StillRunning;
        }

        ScheduleTable.Save(database, new ScheduleMark(runbook, expression, moment, moment, Owner));
        return MomentClaim.Taken;
    }

    private static bool PassMoment(Database database, string runbook, string expression, DateTimeOffset moment)
    {
        var mark = ScheduleTable.Find(database, runbook);
        if (mark is not null && mark.Moment >= moment) return false;
        ScheduleTable.Save(database, new ScheduleMark(runbook, expression, moment, mark?.FiredAt, mark?.Owner));
        return true;
    }
}
