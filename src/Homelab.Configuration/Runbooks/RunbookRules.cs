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

        var places = new Dictionary<string, string>(StringComparer.Ordinal);
        for (var i = 0; i < (runbook.Steps?.Count ?? 0); i++)
        {
            if (runbook.Steps![i] is { } step) CheckStep(step, $"spec.steps[{i}]", places);
        }
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

        CheckOperation($"{path}.do", step.Do);
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
