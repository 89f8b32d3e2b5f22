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
    public async Task<StepsEnd> RunAsync(Runbook runbook, RunbookRun run, RunbookScope scope, Caller caller, Action<string, string> report, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(runbook);
        ArgumentNullException.ThrowIfNull(run);
        var earlier = (await store.ListStepsAsync(run.Id, cancellationToken).ConfigureAwait(false)).ToDictionary(s => (s.Step, s.Item));
        var pass = new StepPass(gate, run, scope, caller with { Incident = run.Incident, Run = run.Id }, earlier, time, report, MostItems);
        foreach (var step in runbook.Steps)
        {
            var end = await TakeAsync(pass, step, cancellationToken).ConfigureAwait(false);
            switch (end)
            {
                case StepsEnd.Waiting:
                    return end with { Steps = pass.Written };
                case StepsEnd.Failed when step.OnError == OnError.Stop:
                    await RollBackAsync(pass, runbook, step, cancellationToken).ConfigureAwait(false);
                    return end with { Steps = pass.Written };
                case StepsEnd.Failed when step.OnError == OnError.Verify:
                    return new StepsEnd.Completed { Steps = pass.Written };
            }
        }

        return new StepsEnd.Completed { Steps = pass.Written };
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
}
