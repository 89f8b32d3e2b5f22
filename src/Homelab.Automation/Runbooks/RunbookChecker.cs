using System.Text.Json;
using System.Text.Json.Nodes;
using Homelab.Automation.Expressions;
using Homelab.Automation.House;
using Homelab.Automation.Schedules;

namespace Homelab.Automation.Runbooks;

/// <summary>
/// Checks a runbook without running it: against the catalog, the levels and the policy. Everything that can be known beforehand is found beforehand, all
/// at once, each with its place in the file.
/// </summary>
public sealed partial class RunbookChecker(OperationCatalog catalog, Decider decider)
{
    /// <summary>Every problem; empty when the runbook can be used.</summary>
    public IReadOnlyList<ConfigurationProblem> Check(Runbook runbook)
    {
        var problems = new List<ConfigurationProblem>();
        CheckAlert(runbook, problems);
        CheckSchedule(runbook, problems);
        problems.AddRange(CheckUse(runbook));
        return problems;
    }

    /// <summary>Every problem that matters to whoever runs it on request, whatever else sets it off.</summary>
    internal IReadOnlyList<ConfigurationProblem> CheckUse(Runbook runbook)
    {
        ArgumentNullException.ThrowIfNull(runbook);
        var problems = new List<ConfigurationProblem>();
        var earlier = new List<string>();
        for (var i = 0; i < runbook.Steps.Count; i++)
        {
            CheckStep(runbook, i, earlier, problems);
            earlier.Add(runbook.Steps[i].Id);
        }

        CheckTemplate(runbook, "spec.otherwise.escalate", runbook.Otherwise.Escalate, earlier, withItem: false, problems);
        CheckQuestions(runbook, earlier, problems);
        if (runbook.Verify.Within < runbook.Verify.Settle)
        {
            Add(runbook, problems, "spec.verify.within", $"is {Duration.Format(runbook.Verify.Within)}, shorter than settle ({Duration.Format(runbook.Verify.Settle)})", "Both count from the last step: make 'within' the longer one.");
        }

        if (runbook.Throttle.Attempts < 1) Add(runbook, problems, "spec.throttle.attempts", "is less than 1", "A runbook that may never run is better removed.");
        return problems;
    }

    private void CheckAlert(Runbook runbook, List<ConfigurationProblem> problems)
    {
        ArgumentNullException.ThrowIfNull(runbook);
        if (runbook.Trigger?.Alert is not { } alert) return;
        if (decider.Access.Webhook < runbook.Level)
        {
            Add(runbook, problems, "spec.level", $"is {runbook.Level}, and alerts may only set off {decider.Access.Webhook}", "Raise access.webhook in the lab file, or lower the runbook's level.");
        }

        if (alert.When is { } when) CheckExpression(runbook, "spec.trigger.alert.when", when, [], withItem: false, problems);
    }

    private void CheckSchedule(Runbook runbook, List<ConfigurationProblem> problems)
    {
        if (runbook.Trigger?.Schedule is not { } schedule) return;
        const string Path = "spec.trigger.schedule";
        if (decider.Access.Schedule < runbook.Level)
        {
            Add(runbook, problems, "spec.level", $"is {runbook.Level}, and the clock may only set off {decider.Access.Schedule}", "Raise access.schedule in the lab file, or lower the runbook's level.");
        }

        if (schedule.Cron is { } cron && CronExpression.Objection(cron) is { } objection) Add(runbook, problems, $"{Path}.cron", $"= {cron} {objection}", "Write five fields: minute, hour, day of month, month, day of week. '0 3 * * *' is each night at three.");
        if (schedule.Service is null && RunbookNeeds.Service(runbook)) Add(runbook, problems, Path, "names no service, and a step speaks of one", "Add 'service: name'.");
    }

    private void CheckStep(Runbook runbook, int index, IReadOnlyList<string> earlier, List<ConfigurationProblem> problems)
    {
        var step = runbook.Steps[index];
        var path = $"spec.steps[{index}]";
        var loops = step.ForEach is not null;
        if (step.When is { } when) CheckExpression(runbook, $"{path}.when", when, earlier, withItem: loops, problems);
        if (step.ForEach is { } list) CheckExpression(runbook, $"{path}.forEach", list, earlier, withItem: false, problems);
        if (step.Because is { } because) CheckTemplate(runbook, $"{path}.because", because, earlier, withItem: loops, problems);
        if (step.Stop is { } stop) CheckTemplate(runbook, $"{path}.stop.say", stop.Say, earlier, withItem: false, problems);
        else if (IsOnlyWhereThere(step) && !catalog.TryFind(step.Do, out _)) return;
        else if (CheckCall(runbook, path, step.Do, step.With, earlier, loops, problems) is { } operation) CheckCareful(runbook, path, step, operation, problems);
        // A rollback may also use what the step itself returned.
        if (step.Rollback is { } rollback) CheckCall(runbook, $"{path}.rollback", rollback.Do, rollback.With, [.. earlier, step.Id], loops, problems);
    }

    private static void CheckCareful(Runbook runbook, string path, RunbookStep step, OperationDescriptor operation, List<ConfigurationProblem> problems)
    {
        if (operation.Risk == Risk.Destroy && !step.Approve)
        {
            Add(runbook, problems, path, $"'{step.Id}' destroys something ({operation.Name}) without asking", "Add 'approve: true' to the step.");
        }

        if (step.Retry is { Attempts: > 1 } && !operation.Idempotent)
        {
            Add(runbook, problems, $"{path}.retry", $"repeats {operation.Name}, which is not safe to repeat", "Remove 'retry'; a failure that left nothing behind is met by the next attempt of the runbook.");
        }

        if (step.Rollback is not null && !operation.IsChange)
        {
            Add(runbook, problems, $"{path}.rollback", $"undoes {operation.Name}, which changes nothing", "Remove 'rollback'.");
        }
    }

    private OperationDescriptor? CheckCall(Runbook runbook, string path, string name, JsonObject with, IReadOnlyList<string> earlier, bool withItem, List<ConfigurationProblem> problems)
    {
        foreach (var (textPath, text) in StepInput.Texts(with, $"{path}.with")) CheckTemplate(runbook, textPath, text, earlier, withItem, problems);
        if (!catalog.TryFind(name, out var operation))
        {
            Add(runbook, problems, $"{path}.do", $"'{name}' is not an operation", NearestName.Hint(name, [.. catalog.All.Select(o => o.Descriptor.Name)]));
            return null;
        }

        var descriptor = operation.Descriptor;
        if (descriptor.Level > runbook.Level)
        {
            Add(runbook, problems, $"{path}.do", $"'{name}' needs level {descriptor.Level}, and the runbook stays at {runbook.Level}", "Raise the runbook's level, or use another operation.");
        }

        if (Forbidden(descriptor, runbook)) Add(runbook, problems, $"{path}.do", $"'{name}' is denied by policy.approvals", "Allow it there, or remove the step.");
        // Which steps a run takes is known before it begins; one that set off others could set itself off without end.
        if (descriptor.OperationType == typeof(SetOffHealing) || descriptor.OperationType == typeof(SetOffRunbook)) Add(runbook, problems, $"{path}.do", $"'{name}' sets off another run", "Take its steps over instead.");
        CheckInput(runbook, path, descriptor, with, problems);
        return descriptor;
    }

    private bool Forbidden(OperationDescriptor operation, Runbook runbook)
    {
        var decision = new Decider(decider.Access with { Webhook = Level.Manage }, decider.Policy, []).Decide(operation, Target.Lab, new Caller(Face.Webhook, "check") { Runbook = runbook.Name }, DateTimeOffset.UnixEpoch);
        return decision.Findings.Any(f => f.Rule == Rules.Matrix && f.Verdict == Requirement.Deny);
    }

    private static void CheckInput(Runbook runbook, string path, OperationDescriptor operation, JsonObject with, List<ConfigurationProblem> problems)
    {
        // Fields with expressions are not known yet: their names are checked here, their values when they are.
        var known = new JsonObject(with.Where(p => p.Value is null || !StepInput.Texts(p.Value, "").Any(t => t.Text.Contains("{{", StringComparison.Ordinal)))
            .Select(p => KeyValuePair.Create(p.Key, p.Value?.DeepClone())));
        var later = with.Select(p => p.Key).Except(known.Select(p => p.Key), StringComparer.Ordinal).ToArray();
        foreach (var name in later.Where(n => !operation.Input.Properties.Any(p => string.Equals(p.Name, n, StringComparison.OrdinalIgnoreCase))))
        {
            Add(runbook, problems, $"{path}.with.{name}", $"is not a field of {operation.Name}", NearestName.Hint(name, [.. operation.Input.Properties.Select(p => p.Name)]));
        }

        try
        {
            operation.Input.Bind(JsonSerializer.SerializeToElement(known));
        }
        catch (InputException e)
        {
            foreach (var problem in e.Problems.Where(p => !later.Contains(p.Field, StringComparer.OrdinalIgnoreCase)))
            {
                Add(runbook, problems, $"{path}.with.{problem.Field}", problem.Value is null ? problem.Reason : $"= {problem.Value} {problem.Reason}", problem.WayOut);
            }
        }
    }

    private static void CheckTemplate(Runbook runbook, string path, string text, IReadOnlyList<string> earlier, bool withItem, List<ConfigurationProblem> problems)
    {
        try
        {
            foreach (var expression in Template.Parse(text).Expressions) CheckPaths(runbook, path, expression, earlier, withItem, withResult: false, problems);
        }
        catch (ExpressionException e)
        {
            Add(runbook, problems, path, e.Message, "Correct the expression.");
        }
    }

    private static void CheckExpression(Runbook runbook, string path, string text, IReadOnlyList<string> earlier, bool withItem, List<ConfigurationProblem> problems, bool withResult = false)
    {
        try
        {
            CheckPaths(runbook, path, Expression.Parse(text), earlier, withItem, withResult, problems);
        }
        catch (ExpressionException e)
        {
            Add(runbook, problems, path, e.Message, "Correct the expression.");
        }
    }

    private static void CheckPaths(Runbook runbook, string path, Expression expression, IReadOnlyList<string> earlier, bool withItem, bool withResult, List<ConfigurationProblem> problems)
    {
        foreach (var (read, position) in expression.Paths())
        {
            var names = read.Split('.');
            var where = $"'{expression.Text}' at column {position}: ";
            if (!RunbookScope.Known.TryGetValue(names[0], out var members) || (names[0] == "item" && !withItem) || (names[0] == "result" && !withResult))
            {
                string[] roots = [.. RunbookScope.Known.Keys.Where(k => (k != "item" || withItem) && (k != "result" || withResult))];
                Add(runbook, problems, path, $"{where}there is no '{names[0]}'", NearestName.Hint(names[0], roots));
            }
            else if (names[0] == "steps" && names.Length > 1 && !earlier.Contains(names[1], StringComparer.Ordinal))
            {
                Add(runbook, problems, path, $"{where}'{names[1]}' is not an earlier step", NearestName.Hint(names[1], [.. earlier]));
            }
            else if (members.Count > 0 && names.Length > 1 && !members.Contains(names[1], StringComparer.Ordinal))
            {
                Add(runbook, problems, path, $"{where}{names[0]} has no '{names[1]}'", NearestName.Hint(names[1], members));
            }
        }
    }

    private static void Add(Runbook runbook, List<ConfigurationProblem> problems, string path, string reason, string wayOut) =>
        problems.Add(new ConfigurationProblem(runbook.Source.Of(path), path, reason, wayOut));
}
