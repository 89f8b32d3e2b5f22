using System.Text.Json;
using System.Text.Json.Nodes;
using Homelab.Automation.Expressions;

namespace Homelab.Automation.Runbooks;

/// <summary>
/// Takes a runbook's steps through the gate. It can be called again for the same run after a crash or an approval: steps that are written down are not
/// taken again, and a change that was under way is met in the gate's journal under the same key.
/// </summary>
public sealed class RunbookRunner(OperationGate gate, IHealingStore store, TimeProvider time)
{
    // A runbook is not a report: what no step can use is not read.
    private const int MostItems = 1_000;

    /// <summary>Takes the steps that are left.</summary>
    /// <returns>How it ended; when it was cancelled, <see cref="StepsEnd.Stopped"/> with what was done until then.</returns>
    public async Task<StepsEnd> RunAsync(Runbook runbook, RunbookRun run, RunbookScope scope, RunAttendance attendance, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(runbook);
        ArgumentNullException.ThrowIfNull(run);
        ArgumentNullException.ThrowIfNull(attendance);
        var earlier = (await store.ListStepsAsync(run.Id, cancellationToken).ConfigureAwait(false)).ToDictionary(s => (s.Step, s.Item));
        var caller = attendance.Caller with { Incident = run.Incident, Run = run.Id, Runbook = runbook.Name };
        var pass = new StepPass(gate, run, scope, attendance with { Caller = caller }, earlier, time, MostItems);
        try
        {
            return await TakeAllAsync(pass, runbook, cancellationToken).ConfigureAwait(false) with { Steps = pass.Written };
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return new StepsEnd.Stopped { Steps = pass.Written };
        }
    }

    private static async Task<StepsEnd> TakeAllAsync(StepPass pass, Runbook runbook, CancellationToken cancellationToken)
    {
        foreach (var step in runbook.Steps)
        {
            var end = await TakeAsync(pass, step, cancellationToken).ConfigureAwait(false);
            switch (end)
            {
                case StepsEnd.Waiting:
                    return end;
                case StepsEnd.Concluded when step.Stop is { As: StopAs.Verify }:
                    return new StepsEnd.Completed();
                case StepsEnd.Concluded:
                    return end;
                case StepsEnd.Declined:
                // What was refused was not done, and no look at the service can make up for it.
                case StepsEnd.Failed { Error.Kind: ErrorKind.Denied } when step.OnError == OnError.Verify:
                case StepsEnd.Failed when step.OnError == OnError.Stop:
                    await RollBackAsync(pass, runbook, step, cancellationToken).ConfigureAwait(false);
                    return end;
                case StepsEnd.Failed when step.OnError == OnError.Verify:
                    return new StepsEnd.Completed();
            }
        }

        return new StepsEnd.Completed();
    }

    private static async Task<StepsEnd> TakeAsync(StepPass pass, RunbookStep step, CancellationToken cancellationToken)
    {
        try
        {
            if (step.ForEach is null) return await pass.TakeAsync(step, item: null, index: 0, cancellationToken).ConfigureAwait(false);
            if (Expression.Parse(step.ForEach).Value(pass.Scope.Values) is not JsonArray items)
            {
                return pass.Fail(step, 0, new HomelabException(ErrorKind.Invalid, "ForEachNotList", $"'{step.ForEach}' of step '{step.Id}' is not a list.", step.Id));
            }

            StepsEnd end = new StepsEnd.Completed();
            for (var i = 0; i < items.Count && end is StepsEnd.Completed; i++)
            {
                end = await pass.TakeAsync(step, items[i], i, cancellationToken).ConfigureAwait(false);
            }

            if (items.Count == 0) pass.Skip(step, "the list is empty");
            return end;
        }
        catch (ExpressionException e)
        {
            return pass.Fail(step, 0, e);
        }
    }

    private static async Task RollBackAsync(StepPass pass, Runbook runbook, RunbookStep failed, CancellationToken cancellationToken)
    {
        foreach (var step in runbook.Steps.TakeWhile(s => s.Id != failed.Id).Where(s => s.Rollback is not null).Reverse())
        {
            await pass.RollBackAsync(step, cancellationToken).ConfigureAwait(false);
        }
    }
}
