using System.ComponentModel;
using Homelab.Automation.Healing;

namespace Homelab.Automation.House;

/// <summary>Sets off the healing of a service, as if its alert had come, and waits a bounded time for its end.</summary>
/// <remarks>At the prompt <c>Invoke-HlHeal</c>.</remarks>
[Operation("heal_run", Level.Operate, Risk.Disrupt, Unattended = Requirement.Auto, Patience = "15m")]
[Description("Heals a service of the lab now, as if its alert had come: looks first and does nothing when it is well, finds the cause, runs the runbook that fits, each step through the gate as yourself, and proves that the service is back. What takes longer than wait goes on; the same call again waits on.")]
[Example("Invoke-HlHeal gitea", "Heal one service.")]
[Example("Invoke-HlHeal gitea -WhatIf", "Say which runbook would be run for it, and why.")]
public sealed class SetOffHealing(HouseDesk house) : Change<SetOffHealing.Input, HealingRun>
{
    /// <summary>What to heal.</summary>
    public sealed record Input
    {
        /// <summary>The service.</summary>
        [Subject, NameOf("service"), Description("The service as the lab file names it.")]
        public required string Service { get; init; }

        /// <summary>Also when it is well.</summary>
        [Description("True to run the runbook even when the service is proved to be well.")]
        public bool EvenIfWell { get; init; }

        /// <summary>How long to wait.</summary>
        [DurationRange("0s", "10m"), Description("How long to wait for the end. Many clients give up a call after a minute.")]
        public TimeSpan Wait { get; init; } = TimeSpan.FromSeconds(45);
    }

    /// <inheritdoc/>
    public override Intent Describe(Input input) => new("Set off healing of", new Target("service", input.Service));

    /// <inheritdoc/>
    protected override Task<Prepared<Input>> PrepareAsync(Input input, OperationContext context, CancellationToken cancellationToken)
    {
        HouseDesk.RefuseWithinRun(context.Caller, Descriptor.Name);
        house.Context.Services.Get(input.Service);
        // Protection, windows, limits and one change at a time hold for each of its steps; held against the whole too, they would count everything twice.
        return Task.FromResult(new Prepared<Input>(input, context.Time.GetUtcNow().ToString("O")) { OnlyLooks = true });
    }

    /// <inheritdoc/>
    protected override async Task<HealingRun> RunAsync(Input input, OperationContext context, CancellationToken cancellationToken)
    {
        var request = new HealRequest
        {
            Service = input.Service,
            Caller = context.Caller,
            EvenIfWell = input.EvenIfWell,
            Progress = e => context.Report($"Healing {(e.Service.Length > 0 ? e.Service : input.Service)}", $"{HomelabNames.Of(e.Kind)}: {e.Text}"),
        };
        var key = $"heal/{context.Caller}/{input.Service}/{input.EvenIfWell}";
        return await house.FollowAsync(key, t => HealAsync(request, t), t => LookAsync(input.Service, t), input.Wait, isTakenUp: true, cancellationToken).ConfigureAwait(false)
            ?? await UnderWayAsync(input.Service, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    protected override async Task<Settlement> SettleAsync(Input input, string? mark, OperationContext context, CancellationToken cancellationToken)
    {
        if (mark is null || !DateTimeOffset.TryParse(mark, System.Globalization.CultureInfo.InvariantCulture, out var since)) return Settlement.Unknown;
        // It was set off when its incident is on disk; how that goes on is the incident's own story.
        var incidents = await house.Store.ListIncidentsAsync(new IncidentFilter { Service = input.Service, Since = since, Most = 1 }, cancellationToken).ConfigureAwait(false);
        return incidents.Count > 0 ? Settlement.Happened : Settlement.DidNotHappen;
    }

    private async Task<HealingRun> HealAsync(HealRequest request, CancellationToken cancellationToken)
    {
        var report = await house.Healing.HealAsync(request, cancellationToken).ConfigureAwait(false);
        if (report.WasWell) return new HealingRun { Stand = RunStand.Well, Service = report.Service, Summary = report.Summary };
        if (report.Report is { Incident.Status: IncidentStatus.Recovered } healed) return Of(healed, RunStand.Recovered);
        var incident = report.Report?.Incident.Id;
        throw new HomelabException(ErrorKind.Failed, "ServiceNotHealed", $"{request.Service} was not healed: {report.Summary}. heal_list_incidents with id {incident} tells what was seen and done.", request.Service);
    }

    private async Task<HealingRun?> LookAsync(string service, CancellationToken cancellationToken)
    {
        if (await OpenAsync(service, cancellationToken).ConfigureAwait(false) is not { Incident.Status: IncidentStatus.AwaitingApproval } report) return null;
        var asked = (report.Runs is [.., var last] ? last : null)?.Steps.FirstOrDefault(static s => s.Status == StepStatus.Waiting)?.Approval;
        if (asked is null || await house.Context.Approvals.GetAsync(asked, cancellationToken).ConfigureAwait(false) is not { Status: ApprovalStatus.Pending } approval) return null;
        return Of(report, RunStand.Waiting) with { Approval = ApprovalState.Of(approval) };
    }

    private async Task<HealingRun> UnderWayAsync(string service, CancellationToken cancellationToken) =>
        await OpenAsync(service, cancellationToken).ConfigureAwait(false) is { } report
            ? Of(report, RunStand.UnderWay)
            : new HealingRun { Stand = RunStand.UnderWay, Service = service, Summary = "it is being looked at" };

    private async Task<IncidentReport?> OpenAsync(string service, CancellationToken cancellationToken) =>
        await house.Store.ListIncidentsAsync(new IncidentFilter { Service = service, OnlyOpen = true, Most = 1 }, cancellationToken).ConfigureAwait(false) is [var open, ..]
            ? await house.Store.ReportAsync(open, cancellationToken).ConfigureAwait(false)
            : null;

    private static HealingRun Of(IncidentReport report, RunStand stand) => new()
    {
        Stand = stand,
        Service = report.Incident.Service,
        Runbook = report.Incident.Runbook,
        Incident = report.Incident.Id,
        Run = report.Runs is [.., var last] ? last.Run.Id : null,
        Summary = report.Incident.Summary,
        Steps = [.. report.Runs.SelectMany(IncidentCase.StepLines)],
        Evidence = [.. report.Runs.SelectMany(static r => r.Run.Evidence)],
    };
}
