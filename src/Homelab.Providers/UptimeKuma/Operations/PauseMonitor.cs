using System.ComponentModel;

namespace Homelab.Providers.UptimeKuma;

/// <summary>Pauses a monitor: it does not look any more, and alerts nobody, until it is resumed. One that is paused stays so.</summary>
/// <remarks>Uptime Kuma: <c>pauseMonitor</c> over Socket.IO, then <c>getMonitorList</c>. A paused monitor is not in <c>/metrics</c>.</remarks>
[Operation("kuma_pause_monitor", Level.Operate, Risk.Change, Unattended = Requirement.Auto, Idempotent = true, Patience = "1m")]
[Description("Pauses a monitor of Uptime Kuma: it does not look any more and alerts nobody, until kuma_resume_monitor. One that is paused stays paused.")]
[Example("Suspend-HlMonitor Gitea", "Pause one monitor.")]
[Example("Get-HlMonitor dev-* | Suspend-HlMonitor -PassThru", "Pause every monitor whose name begins with dev-, and show what was changed.")]
public sealed class PauseMonitor : Change<PauseMonitor.Input, MonitorActivity>
{
    private readonly MonitorSwitch _switch;

    internal PauseMonitor(KumaLink? link) => _switch = new MonitorSwitch(link, toActive: false);

    /// <summary>What to pause.</summary>
    public sealed record Input
    {
        /// <summary>The monitor.</summary>
        [Subject, NameOf("monitor"), Description("The monitor's name; where several bear it, the number of one, such as #3.")]
        public required string Monitor { get; init; }
    }

    /// <inheritdoc/>
    public override Intent Describe(Input input) => new("Pause monitor", MonitorSwitch.TargetOf(input.Monitor));

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
