using System.ComponentModel;

namespace Homelab.Providers.UptimeKuma;

/// <summary>Resumes a paused monitor: it looks at once, and then as before. One that is active stays so.</summary>
/// <remarks>Uptime Kuma: <c>resumeMonitor</c> over Socket.IO, then <c>getMonitorList</c>.</remarks>
[Operation("kuma_resume_monitor", Level.Operate, Risk.Change, Unattended = Requirement.Auto, Idempotent = true, Patience = "1m")]
[Description("Resumes a paused monitor of Uptime Kuma: it looks at once, and then as before. One that is active stays active.")]
[Example("Resume-HlMonitor Gitea", "Resume one monitor.")]
[Example("Resume-HlMonitor '#3' -PassThru", "Resume the monitor with number 3, and show it as it was seen afterwards.")]
public sealed class ResumeMonitor : Change<ResumeMonitor.Input, MonitorActivity>
{
    private readonly MonitorSwitch _switch;

    internal ResumeMonitor(KumaLink? link) => _switch = new MonitorSwitch(link, toActive: true);

    /// <summary>What to resume.</summary>
    public sealed record Input
    {
        /// <summary>The monitor.</summary>
        [Subject, NameOf("monitor"), Description("The monitor's name; where several bear it, the number of one, such as #3.")]
        public required string Monitor { get; init; }
    }

    /// <inheritdoc/>
    public override Intent Describe(Input input) => new("Resume monitor", MonitorSwitch.TargetOf(input.Monitor));

    /// <inheritdoc/>
    protected override async Task<Prepared<Input>> PrepareAsync(Input input, OperationContext context, CancellationToken cancellationToken)
    {
        var (monitor, mark, target) = await _switch.LookAsync(input.Monitor, cancellationToken).ConfigureAwait(false);
        return new Prepared<Input>(input with { Monitor = monitor }, mark) { Target = target };
    }

    /// <inheritdoc/>
    protected override Task<MonitorActivity> RunAsync(Input input, OperationContext context, CancellationToken cancellationToken) => _switch.SwitchAsync(input.Monitor, context, cancellationToken);

    /// <inheritdoc/>
    protected override Task<Settlement> SettleAsync(Input input, string? mark, OperationContext context, CancellationToken cancellationToken) => _switch.SettleAsync(input.Monitor, mark, cancellationToken);
}
