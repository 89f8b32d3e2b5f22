using Homelab.Lab.Docker;

namespace Homelab.Host.Rehearsals;

/// <summary>One runbook with one fault, from the alert until a person could look away.</summary>
internal sealed class Rehearsal(RehearsalScenario scenario, RehearsalFault fault, IReadOnlyList<Runbook> runbooks)
{
    private const int ManyAlerts = 12;
    // Protects from hanging only: many rehearsals at once are slow by themselves.
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan s_glance = TimeSpan.FromMilliseconds(40);

    internal async Task<RehearsalResult> PlayAsync(CancellationToken cancellationToken)
    {
        var began = TimeProvider.System.GetTimestamp();
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(s_patience);
        await using var stage = await RehearsalStage.OpenAsync(runbooks, cancellationToken);
        try
        {
            await PlayAsync(stage, deadline.Token);
            return await JudgeAsync(stage, began, late: false, cancellationToken);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return await JudgeAsync(stage, began, late: true, cancellationToken);
        }
    }

    private async Task PlayAsync(RehearsalStage stage, CancellationToken cancellationToken)
    {
        if (fault == RehearsalFault.OtherCause) scenario.BreakOtherwise(stage);
        else scenario.Break(stage);
        await FaultInjection.ApplyAsync(stage, scenario, fault);
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var killing = fault == RehearsalFault.Killed ? KillAsync(stage, over.Token) : Task.CompletedTask;
        var times = fault == RehearsalFault.Duplicates ? ManyAlerts : 1;
        await Task.WhenAll(Enumerable.Range(0, times).Select(i => stage.Runtime.Healing.AcceptAsync("rehearsal", scenario.Alert.At(stage.Runtime.Time.GetUtcNow(), $"rehearsal/{i}"), cancellationToken)));
        await killing;
        while (!await IsOverAsync(stage, cancellationToken))
        {
            await AnswerAsync(stage, cancellationToken);
            await Task.Delay(s_glance, cancellationToken);
        }
    }

    private async Task<bool> IsOverAsync(RehearsalStage stage, CancellationToken cancellationToken)
    {
        var incidents = await stage.Runtime.Store.ListIncidentsAsync(100, cancellationToken);
        if (incidents.Any(i => i.IsOpen) || !incidents.Any(i => i.Service == scenario.Service)) return false;
        // Who is told is told after the incident is closed.
        return (await stage.Runtime.Store.ListUnsentAsync(cancellationToken)).Count == 0;
    }

    private async Task AnswerAsync(RehearsalStage stage, CancellationToken cancellationToken)
    {
        if (fault == RehearsalFault.Expired) return;
        foreach (var approval in await stage.Runtime.Approvals.ListPendingAsync(cancellationToken))
        {
            if (fault == RehearsalFault.Denied) await stage.Runtime.Approvals.DenyAsync(approval.Id, "cli:person", cancellationToken);
            else await stage.Runtime.Approvals.ApproveAsync(approval.Id, "cli:person", typedTarget: null, cancellationToken);
        }
    }

    // The engine has the request, and its answer is on the way: then the program ends.
    private async Task KillAsync(RehearsalStage stage, CancellationToken cancellationToken)
    {
        var asked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        foreach (var engine in stage.Homelab.Engines.Values) engine.RequestReceived += OnRequest;
        while (!asked.Task.IsCompleted)
        {
            await AnswerAsync(stage, cancellationToken);
            await Task.WhenAny(asked.Task, Task.Delay(s_glance, cancellationToken));
            cancellationToken.ThrowIfCancellationRequested();
        }

        await stage.RestartAsync(cancellationToken);

        void OnRequest(object? sender, EngineRequestEventArgs e)
        {
            if (e.Request.Method == "POST") asked.TrySetResult();
        }
    }

    private async Task<RehearsalResult> JudgeAsync(RehearsalStage stage, long began, bool late, CancellationToken cancellationToken)
    {
        var incidents = await stage.Runtime.Store.ListIncidentsAsync(100, cancellationToken);
        var incident = incidents.FirstOrDefault(i => i.Service == scenario.Service);
        var runs = incident is null ? [] : await stage.Runtime.Store.ListRunsAsync(incident.Id, cancellationToken);
        var changes = RehearsalChanges.Of(stage);
        string[] ran = [.. runs.Select(static r => r.Runbook)];
        var (verdict, why) = Judge(stage, incident, ran, changes, late);
        return new RehearsalResult(scenario.Runbook, scenario.Name, fault, verdict, why, ran, changes, fault == RehearsalFault.None, TimeProvider.System.GetElapsedTime(began));
    }

    private (RehearsalVerdict Verdict, string Why) Judge(RehearsalStage stage, Incident? incident, string[] ran, IReadOnlyList<string> changes, bool late)
    {
        if (incident is null) return (RehearsalVerdict.Wrong, "the alert opened no incident");
        if (RehearsalChanges.Objection(changes, scenario.MayChange, extra: fault == RehearsalFault.Killed ? 1 : 0) is { } objection) return (RehearsalVerdict.Wrong, objection);
        if (late || incident.IsOpen) return (RehearsalVerdict.Wrong, $"it came to no end within {Duration.Format(s_patience)}: {HomelabNames.Of(incident.Status)}, {incident.Summary}");
        if (fault is RehearsalFault.Denied or RehearsalFault.Expired && changes.Count > Unasked) return (RehearsalVerdict.Wrong, $"nobody agreed, and it was done all the same: {changes[^1]}");
        if (fault == RehearsalFault.OtherCause && changes.Count > 0) return (RehearsalVerdict.Wrong, $"what cannot help was done: {changes[0]}");
        if (incident.Status == IncidentStatus.Recovered) return scenario.IsWell(stage) ? (RehearsalVerdict.Healed, incident.Summary) : (RehearsalVerdict.Wrong, $"it says '{incident.Summary}', and it is not well");
        if (!stage.Homelab.Telegram.Messages.Any(m => m.Text.Contains(scenario.Service, StringComparison.Ordinal))) return (RehearsalVerdict.Wrong, $"nobody was told of: {incident.Summary}");
        return (RehearsalVerdict.Escalated, fault == RehearsalFault.None && !ran.Contains(scenario.Runbook, StringComparer.Ordinal) ? $"{scenario.Runbook} never ran: {incident.Summary}" : incident.Summary);
    }

    // What the runbook before may do by itself, where one hands over that asks.
    private int Unasked => scenario.First == scenario.Runbook ? 0 : scenario.MayChange.Where(static c => c.Key.Contains("/restart", StringComparison.Ordinal)).Sum(static c => c.Value);
}
