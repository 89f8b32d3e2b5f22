using System.ComponentModel;
using System.Runtime.CompilerServices;

namespace Homelab.Automation.House;

/// <summary>Checks the lab's runbooks against catalog, levels and policy, without running anything.</summary>
/// <remarks>At the prompt <c>Test-HlRunbook</c>, which also checks files that are not the lab's yet.</remarks>
[Operation("runbook_check", Level.Monitor, Risk.Read)]
[Description("Checks runbooks of the lab against the catalog, levels and policy: one row for each mistake with its place and the way out, one for each that is well. Runs nothing.")]
[Example("Test-HlRunbook", "Check every runbook of the lab.")]
[Example("Test-HlRunbook container-crash-recovery", "Check one runbook.")]
public sealed class CheckRunbooks(HouseDesk house) : Query<CheckRunbooks.Input, LabCheck>
{
    private const string Group = "runbook";

    /// <summary>Which ones.</summary>
    public sealed record Input
    {
        /// <summary>The name.</summary>
        [Subject, NameOf("runbook"), Description("The runbook; * and ? stand for any text and any character. Every runbook when not given.")]
        public string? Name { get; init; }
    }

    /// <inheritdoc/>
    protected override async IAsyncEnumerable<LabCheck> RunAsync(Input input, OperationContext context, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var runbook in house.Context.Runbooks.Named(input.Name))
        {
            cancellationToken.ThrowIfCancellationRequested();
            var problems = house.Checker.Check(runbook);
            if (problems.Count == 0) yield return LabCheck.Ok(Group, runbook.Name, runbook.Description);
            foreach (var problem in problems) yield return LabCheck.Failed(Group, $"{runbook.Name} {problem.Position}", $"{problem.Path} {problem.Reason}", problem.WayOut);
        }

        await Task.CompletedTask.ConfigureAwait(false);
    }
}
