using Homelab.Automation.Healing;
using Homelab.Automation.Runbooks;

namespace Homelab.Automation.Tapes;

/// <content>What would be done about an incident whose time has come.</content>
public sealed partial class Replay
{
    // As healing pauses between attempts.
    private const int MostDoublings = 10;

    private static readonly TimeSpan s_longestBackoff = TimeSpan.FromMinutes(15);

    private async Task ActAsync(PaperIncident incident, CancellationToken cancellationToken)
    {
        var now = _clock.GetUtcNow();
        if (incident.IsAsking)
        {
            Escalate(incident, "nobody answered in time");
        }
        else if (incident.Attempts == 0 && Waits(incident, now))
        {
            // What ends its wait, or the time, calls it again.
        }
        else if (incident.Runbook is not { } runbook)
        {
            Escalate(incident, "no runbook fits");
        }
        else if (RunsWithin(incident.Service, runbook, now) is var runs && runs >= runbook.Throttle.Attempts)
        {
            HandOver(incident, runbook, runs);
        }
        else
        {
            await TryAsync(incident, runbook, now, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>True when something else is waited for before the first attempt: a root, its tier's time, the end of a cooldown, or a machine for which there is no runbook.</summary>
    private bool Waits(PaperIncident incident, DateTimeOffset now)
    {
        var isDown = incident.Line.Alert.Status == AlertStatus.Down;
        if (isDown && WaitsForRoots(incident, now)) return true;
        if (incident.ActsAt > now)
        {
            PutOff(incident, incident.ActsAt);
            return true;
        }

        if (incident.Runbook is not { } runbook)
        {
            if (!isDown || _services.Graph.MachineOf(incident.Service) is null) return false;
            (incident.ToldAt, incident.Due) = (now, null);
            return true;
        }

        if (!_helped.TryGetValue((incident.Service, runbook.Name), out var helped) || helped + runbook.Throttle.Cooldown <= now) return false;
        incident.Hold($"cooldown of {runbook.Name} until {helped + runbook.Throttle.Cooldown:u}");
        PutOff(incident, helped + runbook.Throttle.Cooldown);
        return true;
    }

    private void HandOver(PaperIncident incident, Runbook runbook, int runs)
    {
        if (runbook.Otherwise.Next is { } name && _shelf.Find(name) is { } next && incident.Tried.Add(name))
        {
            (incident.Runbook, incident.OwnAttempts) = (next, 0);
            PutOff(incident, _clock.GetUtcNow());
            return;
        }

        if (incident.Attempts == 0) incident.Hold($"throttle of {runbook.Name}: {runs} runs within {Duration.Format(runbook.Throttle.Per)}");
        Escalate(incident, $"{runbook.Name} was tried {runs} times within {Duration.Format(runbook.Throttle.Per)}");
    }

    private async Task TryAsync(PaperIncident incident, Runbook runbook, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var autonomy = AutonomyRules.Of(runbook, _lab.Policy.Healing);
        var scope = new RunbookScope(incident.Service, incident.Definition, incident.Line.Alert, incident.AsIncident()) { Operations = Operations, Proxy = _services.ProxyOf(incident.Service) };
        var plan = await _planner.PlanAsync(runbook, scope, incident.Caller, autonomy == Autonomy.Ask ? Requirement.Ask : Requirement.Auto, cancellationToken).ConfigureAwait(false);
        incident.Tried.Add(runbook.Name);
        if (autonomy == Autonomy.Watch)
        {
            Note(incident, runbook, plan);
            Escalate(incident, $"'{runbook.Name}' may only watch");
            return;
        }

        incident.Attempts++;
        incident.OwnAttempts++;
        incident.ActedAt ??= now;
        incident.Doing = $"{runbook.Name}, attempt {incident.Attempts}";
        RunsOf(incident.Service, runbook).Add(now);
        var (taken, failure) = Walk(incident, runbook, plan, now);
        // Written down before it is closed: what was taken is part of what is told.
        if (incident.OwnAttempts == 1) Note(incident, runbook, taken);
        if (failure is not null) Escalate(incident, failure);
        if (!incident.IsOpen || incident.IsAsking) return;
        var pause = runbook.Throttle.Backoff * Math.Pow(2, Math.Min(incident.OwnAttempts - 1, MostDoublings));
        PutOff(incident, now + runbook.Verify.Within + (pause < s_longestBackoff ? pause : s_longestBackoff));
    }

    /// <summary>Takes the steps on paper until one ends the run, and says why where a person must be told. Those after it are not among what is returned.</summary>
    private (List<RunbookPlanStep> Taken, string? Failure) Walk(PaperIncident incident, Runbook runbook, IReadOnlyList<RunbookPlanStep> plan, DateTimeOffset now)
    {
        var taken = new List<RunbookPlanStep>();
        foreach (var planned in plan)
        {
            var step = runbook.Steps.First(s => s.Id == planned.Step);
            var made = Restrain(planned, step, now);
            taken.Add(made);
            switch (made.Forecast)
            {
                case StepForecast.Fails when step.OnError != OnError.Continue:
                    return (taken, $"step '{made.Step}': {made.Reason}");
                case StepForecast.Asks:
                    incident.IsAsking = true;
                    PutOff(incident, now + _lab.Policy.Approval.Expiry);
                    return (taken, null);
                case StepForecast.Runs when step.Stop is { } stop:
                    return (taken, stop.As == StopAs.Escalate ? $"step '{made.Step}' ends it" : null);
            }
        }

        return (taken, null);
    }

    private RunbookPlanStep Restrain(RunbookPlanStep planned, RunbookStep step, DateTimeOffset now)
    {
        if (planned is not { Forecast: StepForecast.Runs, Intent.Target: { } target } || step.Stop is not null) return planned;
        var operation = _gate.Catalog.Find(step.Do).Descriptor;
        if (!operation.IsChange) return planned;
        if (_ledger.Refusals(target, now) is { Count: > 0 } refusals) return planned with { Forecast = StepForecast.Fails, Reason = string.Join("; ", refusals.Select(static f => f.Reason)) };
        _ledger.Add(target, operation.Risk, now);
        return planned;
    }

    private static void Note(PaperIncident incident, Runbook runbook, IEnumerable<RunbookPlanStep> steps) =>
        incident.Steps.AddRange(steps.Select(s => new ForecastStep(runbook.Name, s.Step, s.Operation, s.Intent is { Target: var target } && target != Target.Lab ? target.ToString() : null, s.Forecast, s.Reason)));

    private int RunsWithin(string service, Runbook runbook, DateTimeOffset now)
    {
        var runs = RunsOf(service, runbook);
        runs.RemoveAll(at => at + runbook.Throttle.Per < now);
        return runs.Count;
    }

    private List<DateTimeOffset> RunsOf(string service, Runbook runbook)
    {
        if (!_runs.TryGetValue((service, runbook.Name), out var runs)) _runs[(service, runbook.Name)] = runs = [];
        return runs;
    }
}
