using Homelab.Automation.Expressions;

namespace Homelab.Automation.Runbooks;

/// <content>What comes after the steps: the questions of the proof, and the handover to another runbook.</content>
public sealed partial class RunbookChecker
{
    /// <summary>How many runbooks may follow one another, the first included.</summary>
    public const int LongestChain = 3;

    /// <summary>Every problem of handovers, which only shows when all runbooks are there: one that does not exist, a circle, a chain that is too long.</summary>
    public static IReadOnlyList<ConfigurationProblem> CheckHandovers(IReadOnlyList<Runbook> runbooks)
    {
        ArgumentNullException.ThrowIfNull(runbooks);
        const string Path = "spec.otherwise.next";
        var byName = runbooks.ToDictionary(static r => r.Name, StringComparer.Ordinal);
        var problems = new List<ConfigurationProblem>();
        foreach (var runbook in runbooks.Where(static r => r.Otherwise.Next is not null))
        {
            var next = runbook.Otherwise.Next!;
            if (!byName.ContainsKey(next))
            {
                Add(runbook, problems, Path, $"'{next}' is not a runbook", NearestName.Hint(next, [.. byName.Keys]));
                continue;
            }

            var chain = Chain(runbook, byName);
            if (chain.Count(n => n == runbook.Name) > 1) Add(runbook, problems, Path, $"leads back to where it began: {string.Join(" -> ", chain)}", "End one of them with people being told.");
            else if (chain.Count > LongestChain) Add(runbook, problems, Path, $"makes {chain.Count} runbooks follow one another ({string.Join(" -> ", chain)}), and {LongestChain} are allowed", "End the chain earlier: by then a person should know.");
        }

        return problems;
    }

    private static List<string> Chain(Runbook first, Dictionary<string, Runbook> byName)
    {
        var chain = new List<string> { first.Name };
        for (var at = first; at.Otherwise.Next is { } name && byName.TryGetValue(name, out var next); at = next)
        {
            var seen = chain.Contains(name, StringComparer.Ordinal);
            chain.Add(name);
            if (seen) break;
        }

        return chain;
    }

    private void CheckQuestions(Runbook runbook, IReadOnlyList<string> steps, List<ConfigurationProblem> problems)
    {
        for (var i = 0; i < runbook.Verify.Ask.Count; i++)
        {
            var (question, path) = (runbook.Verify.Ask[i], $"spec.verify.ask[{i}]");
            if (question.When is { } when) CheckExpression(runbook, $"{path}.when", when, steps, withItem: false, problems);
            CheckExpression(runbook, $"{path}.that", question.That, steps, withItem: false, problems, withResult: true);
            if (CheckCall(runbook, path, question.Do, question.With, steps, withItem: false, problems) is { IsChange: true })
            {
                Add(runbook, problems, $"{path}.do", $"'{question.Do}' changes something, and a proof only looks", "Ask by an operation that reads.");
            }
        }
    }

    // A step that says when: has('x') speaks of an operation that not every lab has.
    private static bool IsOnlyWhereThere(RunbookStep step) => step.When is { } when && Calls(when).Contains(step.Do, StringComparer.Ordinal);

    private static IEnumerable<string> Calls(string condition)
    {
        try
        {
            return Expression.Parse(condition).Sought();
        }
        catch (ExpressionException)
        {
            return [];
        }
    }
}
