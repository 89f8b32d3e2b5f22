using System.Text.Json;
using System.Text.Json.Nodes;
using Homelab.Automation.Expressions;

namespace Homelab.Automation.Runbooks;

/// <summary>Says what a runbook's steps would do, as far as that can be known without taking any.</summary>
internal sealed class RunbookPlanner(Func<GateRequest, CancellationToken, Task<GateOutcome.Planned>> explain, TimeProvider time)
{
    internal RunbookPlanner(OperationGate gate, TimeProvider time)
        : this(gate.ExplainAsync, time)
    {
    }

    internal Task<IReadOnlyList<RunbookPlanStep>> PlanAsync(Runbook runbook, RunbookScope scope, Caller caller, CancellationToken cancellationToken) =>
        PlanAsync(runbook, scope, caller, Requirement.Auto, cancellationToken);

    /// <param name="runbook">The runbook.</param>
    /// <param name="scope">What its expressions see.</param>
    /// <param name="caller">Who would take the steps.</param>
    /// <param name="atLeast">What every change needs at the least.</param>
    /// <param name="cancellationToken">Ends the looks.</param>
    internal async Task<IReadOnlyList<RunbookPlanStep>> PlanAsync(Runbook runbook, RunbookScope scope, Caller caller, Requirement atLeast, CancellationToken cancellationToken)
    {
        var planned = new List<RunbookPlanStep>();
        caller = caller with { Runbook = runbook.Name };
        scope.Tick(time.GetUtcNow());
        foreach (var step in runbook.Steps)
        {
            try
            {
                if (step.ForEach is null)
                {
                    planned.Add(await PlanAsync(step, item: null, scope.Values, caller, atLeast, cancellationToken).ConfigureAwait(false));
                }
                else
                {
                    planned.AddRange(await PlanEachAsync(step, Expression.Parse(step.ForEach), scope, caller, atLeast, cancellationToken).ConfigureAwait(false));
                }
            }
            catch (ExpressionException e)
            {
                planned.Add(Unknown(step, StepForecast.Fails, e.Message));
            }
        }

        return planned;
    }

    private async Task<IReadOnlyList<RunbookPlanStep>> PlanEachAsync(RunbookStep step, Expression list, RunbookScope scope, Caller caller, Requirement atLeast, CancellationToken cancellationToken)
    {
        if (Needs(list) is { } earlier) return [Unknown(step, StepForecast.Depends, $"its list depends on step {earlier}")];
        if (list.Value(scope.Values) is not JsonArray items) return [Unknown(step, StepForecast.Fails, $"'{step.ForEach}' is not a list")];
        if (items.Count == 0) return [Unknown(step, StepForecast.Skipped, "the list is empty")];
        var planned = new List<RunbookPlanStep>();
        foreach (var item in items) planned.Add(await PlanAsync(step, item?.ToJsonString() ?? "null", scope.With(item), caller, atLeast, cancellationToken).ConfigureAwait(false));
        return planned;
    }

    private async Task<RunbookPlanStep> PlanAsync(RunbookStep step, string? item, JsonObject values, Caller caller, Requirement atLeast, CancellationToken cancellationToken)
    {
        var condition = step.When is null ? null : Expression.Parse(step.When);
        var depends = condition is null || Needs(condition) is not { } earlier ? null : $"'{step.When}' depends on step {earlier}";
        if (condition is not null && depends is null && !condition.Holds(values)) return Unknown(step, StepForecast.Skipped, $"'{step.When}' does not hold", item);

        if (step.Stop is not null) return Unknown(step, depends is null ? StepForecast.Runs : StepForecast.Depends, depends ?? "the run ends here", item);

        if (StepInput.Texts(step.With, "with").SelectMany(t => Template.Parse(t.Text).Expressions).Select(Needs).FirstOrDefault(n => n is not null) is { } source)
        {
            var known = StepInput.RenderKnown(step.With, values, static e => Needs(e) is null);
            return Unknown(step, StepForecast.Depends, depends ?? $"its input depends on step {source}", item) with { Input = known.ToJsonString() };
        }

        var input = StepInput.Render(step.With, values);
        var plan = Unknown(step, StepForecast.Runs, "", item) with { Input = input.GetRawText() };
        return await DecideAsync(plan, step, input, depends, caller, atLeast, cancellationToken).ConfigureAwait(false);
    }

    private async Task<RunbookPlanStep> DecideAsync(RunbookPlanStep plan, RunbookStep step, JsonElement input, string? depends, Caller caller, Requirement atLeast, CancellationToken cancellationToken)
    {
        try
        {
            var request = new GateRequest { Operation = step.Do, Json = input, Caller = caller, AtLeast = step.Approve ? Requirement.Ask : atLeast };
            var decided = await explain(request, cancellationToken).ConfigureAwait(false);
            var reasons = string.Join("; ", decided.Decision.Decisive.Select(f => f.Reason));
            var (forecast, reason) = decided.Decision.Verdict switch
            {
                Requirement.Deny => (StepForecast.Fails, reasons),
                _ when depends is not null => (StepForecast.Depends, depends),
                Requirement.Auto => (StepForecast.Runs, ""),
                _ => (StepForecast.Asks, reasons),
            };
            return plan with { Intent = decided.Intent, Decision = decided.Decision, Forecast = forecast, Reason = reason };
        }
        catch (HomelabException e)
        {
            return plan with { Forecast = StepForecast.Fails, Reason = e.Message };
        }
    }

    private static RunbookPlanStep Unknown(RunbookStep step, StepForecast forecast, string reason, string? item = null) =>
        new() { Step = step.Id, Item = item, Operation = step.Stop is null ? step.Do : "stop", Input = step.With.ToJsonString(), Forecast = forecast, Reason = reason };

    /// <summary>The earlier step that an expression reads, if it reads one.</summary>
    private static string? Needs(Expression expression) =>
        expression.Paths().Select(p => p.Path.Split('.')).Where(p => p[0] == "steps").Select(p => p.Length > 1 ? p[1] : "(any)").FirstOrDefault();
}
