using Homelab.Automation.Expressions;

namespace Homelab.Automation.Runbooks;

/// <summary>What a runbook cannot run without.</summary>
internal static class RunbookNeeds
{
    /// <summary>True when a step speaks of the service.</summary>
    internal static bool Service(Runbook runbook) => runbook.Steps.SelectMany(Expressions).SelectMany(static e => e.Paths()).Any(static p => p.Path == "service" || p.Path.StartsWith("service.", StringComparison.Ordinal));

    private static IEnumerable<Expression> Expressions(RunbookStep step)
    {
        string?[] conditions = [step.When, step.ForEach];
        var texts = StepInput.Texts(step.With, "with").Concat(StepInput.Texts(step.Rollback?.With, "rollback")).Select(static t => t.Text).Append(step.Stop?.Say ?? "").Append(step.Because ?? "");
        return conditions.OfType<string>().Select(Read).Concat(texts.SelectMany(ReadTemplate)).OfType<Expression>();
    }

    // What cannot be read is told by the checker, with its place.
    private static Expression? Read(string text)
    {
        try
        {
            return Expression.Parse(text);
        }
        catch (ExpressionException)
        {
            return null;
        }
    }

    private static IEnumerable<Expression> ReadTemplate(string text)
    {
        try
        {
            return Template.Parse(text).Expressions;
        }
        catch (ExpressionException)
        {
            return [];
        }
    }
}
