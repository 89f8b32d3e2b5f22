using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Text.Json.Nodes;
using Homelab.Automation.Runbooks;

namespace Homelab.Automation.House;

/// <summary>Sets off a runbook, and waits a bounded time for its end. A run of the same call that waits for a person is gone on with.</summary>
/// <remarks>At the prompt <c>Invoke-HlRunbook</c>.</remarks>
[Operation("runbook_run", Level.Operate, Risk.Disrupt, Unattended = Requirement.Auto, Patience = "15m")]
[Description("Runs a runbook now, each step through the gate as yourself, and proves afterwards that the service is well. What takes longer than wait goes on, and what waits for a person is told with the question's id; the same call again waits on, or goes on once the person has agreed.")]
[Example("Invoke-HlRunbook container-crash-recovery gitea", "Run it.")]
[Example("Invoke-HlRunbook container-crash-recovery gitea -WhatIf", "Show what it would do, and whether it may.")]
public sealed class SetOffRunbook(HouseDesk house) : Change<SetOffRunbook.Input, HealingRun>
{
    /// <summary>Which one, and for what.</summary>
    public sealed record Input
    {
        /// <summary>The runbook.</summary>
        [Subject, NameOf("runbook"), Description("The runbook.")]
        public required string Runbook { get; init; }

        /// <summary>The service.</summary>
        [NameOf("service"), Description("The service to run it for, where it is for one.")]
        public string? Service { get; init; }

        /// <summary>Further values.</summary>
        [StringLength(100_000), Description("Values that its expressions find under values, as a JSON object in a text: {\"days\":7}.")]
        public string? Values { get; init; }

        /// <summary>How long to wait.</summary>
        [DurationRange("0s", "10m"), Description("How long to wait for the end. Many clients give up a call after a minute.")]
        public TimeSpan Wait { get; init; } = TimeSpan.FromSeconds(45);
    }

    /// <inheritdoc/>
    public override Intent Describe(Input input) => new(input.Service is { } service ? $"For {service}, set off runbook" : "Set off runbook", new Target("runbook", input.Runbook));

    /// <inheritdoc/>
    protected override Task<Prepared<Input>> PrepareAsync(Input input, OperationContext context, CancellationToken cancellationToken)
    {
        HouseDesk.RefuseWithinRun(context.Caller, Descriptor.Name);
        var runbook = house.Context.Runbooks.Get(input.Runbook);
        if (input.Service is { } service) house.Context.Services.Get(service);
        // As one writes it: the same values are the same input, however they were spaced.
        var values = Values(input).ToJsonString();
        // Protection, windows, limits and one change at a time hold for each of its steps; held against the whole too, they would count everything twice.
        return Task.FromResult(new Prepared<Input>(input with { Runbook = runbook.Name, Values = values }, context.Time.GetUtcNow().ToString("O")) { OnlyLooks = true });
    }

    /// <inheritdoc/>
    protected override async Task<HealingRun> RunAsync(Input input, OperationContext context, CancellationToken cancellationToken)
    {
        var key = $"runbook/{context.Caller}/{input.Runbook}/{input.Service}/{input.Values}";
        var ended = await house.FollowAsync(key, t => SetOffAsync(input, context, t), static _ => Task.FromResult<HealingRun?>(null), input.Wait, isTakenUp: false, cancellationToken).ConfigureAwait(false);
        return ended ?? new HealingRun { Stand = RunStand.UnderWay, Runbook = input.Runbook, Service = input.Service, Summary = "its steps are being taken; the same call again waits on" };
    }

    /// <inheritdoc/>
    protected override async Task<Settlement> SettleAsync(Input input, string? mark, OperationContext context, CancellationToken cancellationToken)
    {
        if (mark is null || !DateTimeOffset.TryParse(mark, CultureInfo.InvariantCulture, out var since)) return Settlement.Unknown;
        // It was set off when its run is on disk; how that ends is the run's own story.
        var runs = await house.Store.ListRunsAsync(new RunFilter { Runbook = input.Runbook, Service = input.Service, OnlyOnRequest = true, Since = since, Most = 1 }, cancellationToken).ConfigureAwait(false);
        return runs.Count > 0 ? Settlement.Happened : Settlement.DidNotHappen;
    }

    private async Task<HealingRun> SetOffAsync(Input input, OperationContext context, CancellationToken cancellationToken)
    {
        var caller = context.Caller;
        void Tell(Healing.HealingEvent e) => context.Report($"Running {input.Runbook}", $"{HomelabNames.Of(e.Kind)}: {e.Text}");

        var waiting = await FindWaitingAsync(input, caller, cancellationToken).ConfigureAwait(false);
        var report = waiting is null
            ? await house.Runbooks.RunAsync(new RunbookRequest { Runbook = input.Runbook, Service = input.Service, Values = Values(input), Caller = caller, Progress = Tell }, cancellationToken).ConfigureAwait(false)
            : await house.Runbooks.ResumeAsync(waiting.Id, Tell, cancellationToken).ConfigureAwait(false);
        var run = new HealingRun
        {
            Stand = report.Run.Status switch { RunStatus.Waiting => RunStand.Waiting, RunStatus.Recovered => RunStand.Recovered, _ => RunStand.Done },
            Runbook = report.Run.Runbook,
            Service = report.Run.Service,
            Run = report.Run.Id,
            Summary = report.Run.Summary,
            Approval = report.Approval is { } approval ? ApprovalState.Of(approval) : null,
            Steps = [.. IncidentCase.StepLines(report)],
            Evidence = report.Run.Evidence,
        };
        if (report.Run.Status is RunStatus.Waiting or RunStatus.Recovered or RunStatus.Done) return run;
        var seen = run.Evidence.Count == 0 ? "" : $" Seen last: {run.Evidence[^1]}.";
        throw new HomelabException(ErrorKind.Failed, "RunbookNotDone", $"Runbook {input.Runbook} ended as {HomelabNames.Of(report.Run.Status)}: {report.Run.Summary}.{seen} audit_list tells what its run {report.Run.Id} did.", input.Runbook);
    }

    private async Task<RunbookRun?> FindWaitingAsync(Input input, Caller caller, CancellationToken cancellationToken)
    {
        var open = await house.Store.ListRunsAsync(new RunFilter { Runbook = input.Runbook, Service = input.Service, Face = caller.Face, OnlyOnRequest = true, OnlyOpen = true }, cancellationToken).ConfigureAwait(false);
        return open.FirstOrDefault(r => r.Status == RunStatus.Waiting && r.Service == input.Service && r.Caller.ToString() == caller.ToString() && JsonNode.DeepEquals(JsonNode.Parse(r.Values), Values(input)));
    }

    private static JsonObject Values(Input input)
    {
        using var json = JsonText.Parse("values", input.Values);
        return JsonObject.Create(json.RootElement.Clone())!;
    }
}
