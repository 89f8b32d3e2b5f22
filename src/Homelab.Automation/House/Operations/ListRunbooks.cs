using System.ComponentModel;
using System.Runtime.CompilerServices;
using Homelab.Automation.Runbooks;

namespace Homelab.Automation.House;

/// <summary>Lists the lab's runbooks as one chooses them.</summary>
/// <remarks>At the prompt <c>Get-HlRunbook</c>, which returns the runbooks themselves.</remarks>
[Operation("runbook_list", Level.Monitor, Risk.Read)]
[Description("Lists the runbooks of the lab: what each is for, what sets it off, whether it needs a service, and its steps.")]
[Example("Get-HlRunbook", "List every runbook.")]
[Example("Get-HlRunbook container-*", "List those for containers.")]
public sealed class ListRunbooks(HouseDesk house) : Query<ListRunbooks.Input, RunbookInfo>
{
    /// <summary>Which ones.</summary>
    public sealed record Input
    {
        /// <summary>The name.</summary>
        [Subject, NameOf("runbook"), Description("The runbook; * and ? stand for any text and any character. Every runbook when not given.")]
        public string? Name { get; init; }
    }

    /// <inheritdoc/>
    protected override async IAsyncEnumerable<RunbookInfo> RunAsync(Input input, OperationContext context, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var runbook in house.Context.Runbooks.Named(input.Name))
        {
            cancellationToken.ThrowIfCancellationRequested();
            yield return Of(runbook);
        }

        await Task.CompletedTask.ConfigureAwait(false);
    }

    private static RunbookInfo Of(Runbook runbook) => new()
    {
        Name = runbook.Name,
        Description = runbook.Description,
        Level = runbook.Level,
        Trigger = runbook.Trigger switch
        {
            { Alert: { } alert } => $"alert {HomelabNames.Of(alert.Status)}",
            { Schedule: { } schedule } => schedule.ToString(),
            _ => "",
        },
        NeedsService = RunbookNeeds.Service(runbook),
        Steps = [.. runbook.Steps.Select(static s => $"{s.Id}: {(s.Stop is null ? s.Do : "stop")}")],
    };
}
