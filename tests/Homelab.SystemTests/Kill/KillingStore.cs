using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;

namespace Homelab.SystemTests.Kill;

/// <summary>A store that kills its own process, as the power would, or freezes it, as a suspended machine does, before or after one named write.</summary>
internal sealed class KillingStore(IStateStore inner, KillPoint point, SuddenEnd end) : IStateStore
{
    private int _reached;

    public ICredentialStore Credentials => inner.Credentials;

    public string Owner => inner.Owner;

    public TimeSpan TakeOverEvery => inner.TakeOverEvery;

    public int LeaseTerm => inner.LeaseTerm;

    public Task<bool> IsAliveAsync(string owner, CancellationToken cancellationToken) => inner.IsAliveAsync(owner, cancellationToken);

    public Task<IReadOnlyList<Notice>> ClaimUnsentAsync(IReadOnlySet<string>? of, CancellationToken cancellationToken) => inner.ClaimUnsentAsync(of, cancellationToken);

    public Task<AlertReceipt> AcceptAsync(AlertRecord alert, Incident? opens, CancellationToken cancellationToken) =>
        AroundAsync(KillPoint.BeforeAlert, KillPoint.AfterAlert, () => inner.AcceptAsync(alert, opens, cancellationToken));

    public Task<Admission> BeginAsync(ChangeRecord change, ActionLimits limits, Func<ChangeHistory, IReadOnlyList<Finding>> restraints, AuditEntry entry, CancellationToken cancellationToken) =>
        AroundAsync(KillPoint.BeforeIntent, KillPoint.AfterIntent, () => inner.BeginAsync(change, limits, restraints, entry, cancellationToken));

    public Task EndAsync(ChangeRecord change, AuditEntry entry, CancellationToken cancellationToken) =>
        AroundAsync(KillPoint.BeforeOutcome, KillPoint.AfterOutcome, () => AsValue(inner.EndAsync(change, entry, cancellationToken)));

    public Task SaveAsync(HealingChange change, CancellationToken cancellationToken)
    {
        var (before, after) = change switch
        {
            { Notices: [{ SentAt: not null }] } => (KillPoint.BeforeNoticeMarked, KillPoint.AfterNoticeMarked),
            { Incident.Status: IncidentStatus.Recovered or IncidentStatus.Escalated } => (KillPoint.BeforeClosed, KillPoint.AfterClosed),
            { Run.Status: RunStatus.Running } => (KillPoint.BeforeRun, KillPoint.AfterRun),
            { Run.Status: RunStatus.Verifying } => (KillPoint.BeforeSteps, KillPoint.AfterSteps),
            _ => (KillPoint.None, KillPoint.None),
        };
        return AroundAsync(before, after, () => AsValue(inner.SaveAsync(change, cancellationToken)));
    }

    public Task<bool> ClaimAsync(string incident, CancellationToken cancellationToken) =>
        AroundAsync(KillPoint.BeforeClaim, KillPoint.AfterClaim, () => inner.ClaimAsync(incident, cancellationToken));

    public Task<ChangeHistory> ReadHistoryAsync(string target, ActionLimits limits, CancellationToken cancellationToken) => inner.ReadHistoryAsync(target, limits, cancellationToken);

    public Task<IReadOnlyList<ChangeRecord>> ListOpenAsync(CancellationToken cancellationToken) => inner.ListOpenAsync(cancellationToken);

    public Task<Suspension?> FindSuspensionAsync(CancellationToken cancellationToken) => inner.FindSuspensionAsync(cancellationToken);

    public Task SetSuspensionAsync(Suspension? suspension, CancellationToken cancellationToken) => inner.SetSuspensionAsync(suspension, cancellationToken);

    public Task<Pulse?> BeatAsync(Pulse pulse, CancellationToken cancellationToken) => inner.BeatAsync(pulse, cancellationToken);

    public Task AppendAuditAsync(AuditEntry entry, bool durable, CancellationToken cancellationToken) => inner.AppendAuditAsync(entry, durable, cancellationToken);

    public IAsyncEnumerable<AuditEntry> ReadAuditAsync(long fromSequence, CancellationToken cancellationToken) => inner.ReadAuditAsync(fromSequence, cancellationToken);

    public Task<Approval> AddApprovalAsync(Approval approval, AuditEntry entry, CancellationToken cancellationToken) => inner.AddApprovalAsync(approval, entry, cancellationToken);

    public Task<Approval> ReplaceApprovalAsync(Approval approval, AuditEntry entry, CancellationToken cancellationToken) => inner.ReplaceApprovalAsync(approval, entry, cancellationToken);

    public Task<Approval?> FindApprovalAsync(string id, CancellationToken cancellationToken) => inner.FindApprovalAsync(id, cancellationToken);

    public Task<IReadOnlyList<Approval>> ListApprovalsAsync(ApprovalStatus status, CancellationToken cancellationToken) => inner.ListApprovalsAsync(status, cancellationToken);

    public Task SaveHushAsync(Hush hush, CancellationToken cancellationToken) => inner.SaveHushAsync(hush, cancellationToken);

    public Task<IReadOnlyList<Hush>> ListOpenHushesAsync(CancellationToken cancellationToken) => inner.ListOpenHushesAsync(cancellationToken);

    public Task<Hush?> ClaimHushAsync(string id, DateTimeOffset now, CancellationToken cancellationToken) => inner.ClaimHushAsync(id, now, cancellationToken);

    public Task<Incident?> FindIncidentAsync(string id, CancellationToken cancellationToken) => inner.FindIncidentAsync(id, cancellationToken);

    public Task<IReadOnlyList<Incident>> ListOpenIncidentsAsync(CancellationToken cancellationToken) => inner.ListOpenIncidentsAsync(cancellationToken);

    public Task<IReadOnlyList<Incident>> ListIncidentsAsync(int most, CancellationToken cancellationToken) => inner.ListIncidentsAsync(most, cancellationToken);

    public Task<IReadOnlyList<AlertRecord>> ListAlertsAsync(string incident, CancellationToken cancellationToken) => inner.ListAlertsAsync(incident, cancellationToken);

    public Task<IReadOnlyList<AlertRecord>> ListAlertsAsync(int most, CancellationToken cancellationToken) => inner.ListAlertsAsync(most, cancellationToken);

    public Task<IReadOnlyList<RunbookRun>> ListRunsAsync(string incident, CancellationToken cancellationToken) => inner.ListRunsAsync(incident, cancellationToken);

    public Task<IReadOnlyList<Incident>> ListIncidentsAsync(IncidentFilter filter, CancellationToken cancellationToken) => inner.ListIncidentsAsync(filter, cancellationToken);

    public Task<IReadOnlyList<RunbookRun>> ListRunsAsync(RunFilter filter, CancellationToken cancellationToken) => inner.ListRunsAsync(filter, cancellationToken);

    public Task<RunbookRun?> FindRunAsync(string id, CancellationToken cancellationToken) => inner.FindRunAsync(id, cancellationToken);

    public Task<bool> ClaimRunAsync(string run, CancellationToken cancellationToken) => inner.ClaimRunAsync(run, cancellationToken);

    public Task<IReadOnlyList<AuditEntry>> ReadAuditTailAsync(int most, CancellationToken cancellationToken) => inner.ReadAuditTailAsync(most, cancellationToken);

    public Task<MomentClaim> ClaimMomentAsync(string runbook, string expression, DateTimeOffset moment, bool isBusy, CancellationToken cancellationToken) =>
        inner.ClaimMomentAsync(runbook, expression, moment, isBusy, cancellationToken);

    public Task<bool> PassMomentAsync(string runbook, string expression, DateTimeOffset moment, CancellationToken cancellationToken) => inner.PassMomentAsync(runbook, expression, moment, cancellationToken);

    public Task EndMomentAsync(string runbook, DateTimeOffset moment, CancellationToken cancellationToken) => inner.EndMomentAsync(runbook, moment, cancellationToken);

    public Task<ScheduleMark?> FindScheduleAsync(string runbook, CancellationToken cancellationToken) => inner.FindScheduleAsync(runbook, cancellationToken);

    public Task<IReadOnlyList<StepRecord>> ListStepsAsync(string run, CancellationToken cancellationToken) => inner.ListStepsAsync(run, cancellationToken);

    public Task<RunHistory> ReadRunHistoryAsync(string runbook, string? service, DateTimeOffset since, CancellationToken cancellationToken) => inner.ReadRunHistoryAsync(runbook, service, since, cancellationToken);

    public Task<IReadOnlyList<Notice>> ListUnsentAsync(CancellationToken cancellationToken) => inner.ListUnsentAsync(cancellationToken);

    public Task<Notice?> FindNoticeAsync(string id, CancellationToken cancellationToken) => inner.FindNoticeAsync(id, cancellationToken);

    public Task<bool> ClaimChannelAsync(string channel, CancellationToken cancellationToken) => inner.ClaimChannelAsync(channel, cancellationToken);

    public Task<ApprovalMessage?> ClaimMessageAsync(string approval, string channel, string nonce, CancellationToken cancellationToken) =>
        inner.ClaimMessageAsync(approval, channel, nonce, cancellationToken);

    public Task SaveMessageAsync(ApprovalMessage message, CancellationToken cancellationToken) => inner.SaveMessageAsync(message, cancellationToken);

    public Task SavePersonAsync(string approval, string channel, string approver, string name, CancellationToken cancellationToken) =>
        inner.SavePersonAsync(approval, channel, approver, name, cancellationToken);

    public Task<IReadOnlyList<ApprovalMessage>> ListOpenMessagesAsync(string channel, CancellationToken cancellationToken) => inner.ListOpenMessagesAsync(channel, cancellationToken);

    public Task<ApprovalMessage?> FindMessageAsync(string channel, string nonce, CancellationToken cancellationToken) => inner.FindMessageAsync(channel, nonce, cancellationToken);

    public Task<string?> FindCursorAsync(string channel, CancellationToken cancellationToken) => inner.FindCursorAsync(channel, cancellationToken);

    public Task SaveCursorAsync(string channel, string cursor, CancellationToken cancellationToken) => inner.SaveCursorAsync(channel, cursor, cancellationToken);

    public Task<ChangeRecord?> FindChangeOfAsync(string approval, CancellationToken cancellationToken) => inner.FindChangeOfAsync(approval, cancellationToken);

    public Task<IReadOnlyList<Approval>> ListApprovalsAsync(int most, CancellationToken cancellationToken) => inner.ListApprovalsAsync(most, cancellationToken);

    public ValueTask DisposeAsync() => inner.DisposeAsync();

    private async Task<T> AroundAsync<T>(KillPoint before, KillPoint after, Func<Task<T>> write)
    {
        if (IsIt(before)) End();
        var result = await write();
        if (IsIt(after)) End();
        return result;
    }

    // Whoever was frozen wakes and goes on: once is enough.
    private bool IsIt(KillPoint reached) => reached != KillPoint.None && reached == point && Interlocked.Exchange(ref _reached, 1) == 0;

    private static async Task<bool> AsValue(Task task)
    {
        await task;
        return true;
    }

    private void End()
    {
        if (end == SuddenEnd.Kill) Die();
        using var kill = Process.Start("kill", ["-s", "STOP", Environment.ProcessId.ToString(System.Globalization.CultureInfo.InvariantCulture)]);
        // Returns when somebody lets us go on.
        kill.WaitForExit();
    }

    [DoesNotReturn]
    private static void Die()
    {
        // SIGKILL: no handler runs, nothing is flushed, nothing is closed.
        Process.GetCurrentProcess().Kill();
        new ManualResetEvent(false).WaitOne();
        throw new UnreachableException();
    }
}
