using System.Text.RegularExpressions;

namespace Homelab.Configuration;

/// <summary>What must hold between the parts of a runbook. It also looks at runbooks that were read with problems; what is missing was noted before.</summary>
internal sealed partial class RunbookRules(Runbook runbook, SourceMap source, ProblemList problems)
{
    internal void Check()
    {
        if (runbook.Steps is { Count: 0 }) Add("spec.steps", "is empty", "Give at least one step.");
        if (runbook.Verify.Checks.Count == 0)
        {
            Add("spec.verify.checks", "is empty, so that a recovery could not be proved", "Give service, or leave the key out.");
        }

        if (runbook.Verify.Within < runbook.Verify.Settle)
        {
            var told = $"is {Duration.Format(runbook.Verify.Within)}, shorter than the {Duration.Format(runbook.Verify.Settle)} that things are given to settle";
            Add("spec.verify.within", told, "Both count from the last step: make 'within' longer than 'settle'.");
        }

        for (var i = 0; i < runbook.Verify.Ask.Count; i++) CheckOperation($"spec.verify.ask[{i}].do", runbook.Verify.Ask[i]?.Do);
        CheckSchedule(runbook.Trigger?.Schedule);
        var places = new Dictionary<string, string>(StringComparer.Ordinal);
        for (var i = 0; i < (runbook.Steps?.Count ?? 0); i++)
        {
            if (runbook.Steps![i] is { } step) CheckStep(step, $"spec.steps[{i}]", places);
        }
    }

    private void CheckSchedule(ScheduleTrigger? schedule)
    {
        if (schedule is null) return;
        const string Path = "spec.trigger.schedule";
        if (!IsGiven("cron") && !IsGiven("every")) Add(Path, "has neither cron nor every", "Give one of them: cron: \"0 3 * * *\", or every: 30m.");
        if (schedule.Cron is not null && schedule.Every is not null) Add($"{Path}.every", "stands beside cron", "Remove one of them.");
        if (schedule.TimeZone is not null && schedule.Cron is null) Add($"{Path}.timeZone", "has no meaning without cron", "Remove it.");
        else if (schedule.TimeZone is { } name && !TimeZoneInfo.TryFindSystemTimeZoneById(name, out _)) Add($"{Path}.timeZone", $"is {ProblemList.Show(name)}, which this machine does not know", "Write a name such as Europe/Berlin or UTC.");
        if (schedule.Every is not { } every) return;
        if (schedule.Jitter >= every) Add($"{Path}.jitter", $"is {Duration.Format(schedule.Jitter)}, not less than the {Duration.Format(every)} of every", "Make it shorter, or moments would overtake one another.");
        // The clock is unattended, so the throttle holds it: one that never lets it keep up is a mistake, not a restraint.
        var throttle = runbook.Throttle;
        if (every * throttle.Attempts < throttle.Per)
        {
            Add($"{Path}.every", $"is {Duration.Format(every)}, more often than the throttle allows ({throttle.Attempts} per {Duration.Format(throttle.Per)})", "Raise spec.throttle.attempts, or shorten spec.throttle.per.");
        }

        if (schedule.Service is not null && every < throttle.Cooldown)
        {
            Add($"{Path}.every", $"is {Duration.Format(every)}, shorter than the throttle's cooldown of {Duration.Format(throttle.Cooldown)}", "Shorten spec.throttle.cooldown.");
        }

        // What is given and cannot be read has a place, and was noted before.
        bool IsGiven(string key) => source.Of($"{Path}.{key}") != source.Of(Path);
    }

    private void CheckStep(RunbookStep step, string path, Dictionary<string, string> places)
    {
        if (step.Id is { } id)
        {
            if (!IdPattern().IsMatch(id))
            {
                Add(
                    $"{path}.id",
                    $"is {ProblemList.Show(id)}, which expressions could not name",
                    "Use letters, digits, '_' and '-', beginning with a letter, at most 63.");
            }

            if (!places.TryAdd(id, $"{path}.id"))
            {
                Add($"{path}.id", $"is {ProblemList.Show(id)}, and so is the step in line {source.Of(places[id]).Line}", "Give each step its own id.");
            }
        }

        if (step.Stop is null && step.Do is "") Add(path, "has neither do nor stop", "Give the operation to run, such as do: docker_check_container.");
        else if (step.Stop is not null && step.Do is { Length: > 0 }) Add($"{path}.do", "stands beside stop", "Remove one of them: a step runs an operation, or ends the run.");
        else if (step.Stop is null) CheckOperation($"{path}.do", step.Do);
        else if (step.ForEach is not null) Add($"{path}.forEach", "stands beside stop", "Remove it: a run ends once.");
        CheckOperation($"{path}.rollback.do", step.Rollback?.Do);
    }

    private void CheckOperation(string path, string? name)
    {
        if (name is not null && string.IsNullOrWhiteSpace(name)) Add(path, "is empty", "Write the name of an operation, such as docker_restart_container.");
    }

    private void Add(string path, string reason, string wayOut) => problems.Add(source.Of(path), path, reason, wayOut);

    [GeneratedRegex(@"\A[A-Za-z][A-Za-z0-9_-]{0,62}\z", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex IdPattern();
}
