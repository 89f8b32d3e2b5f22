using System.ComponentModel;

namespace Homelab.Providers.Proxmox;

/// <summary>Stops a task and waits until it has ended. One that has ended is left as it is.</summary>
/// <remarks>Proxmox API: <c>DELETE /nodes/{node}/tasks/{upid}</c>, then its status. Needs Sys.Modify on the node for a task of somebody else.</remarks>
[Operation("proxmox_stop_task", Level.Operate, Risk.Disrupt, Unattended = Requirement.Ask, Idempotent = true)]
[Description("Stops a task of Proxmox and waits until it has ended. What it had begun stays as it is: a backup without its end, a guest half way. One that has ended is left as it is.")]
[Example("Stop-HlTask 'UPID:pve1:000010C4:0006078F:6B00E49D:vzdump:110:root@pam:'", "Stop one task.")]
[Example("Get-HlTask -Vm dev -Running -Type vzdump | Stop-HlTask", "Stop the backup of one guest.")]
public sealed class StopTask(ProxmoxCluster cluster) : Change<StopTask.Input, ProxmoxTask>
{
    /// <summary>What to stop.</summary>
    public sealed record Input
    {
        /// <summary>The task.</summary>
        [Subject, Description("The task, by its UPID.")]
        public required TaskRef Task { get; init; }

        /// <summary>How long to wait.</summary>
        [Description("How long it may take until it has ended."), DurationRange("1s", "10m")]
        public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(30);
    }

    /// <inheritdoc/>
    public override Intent Describe(Input input) => new($"Stop task {input.Task.Type}", TaskTarget.Of(input.Task));

    /// <inheritdoc/>
    protected override async Task<ProxmoxTask> RunAsync(Input input, OperationContext context, CancellationToken cancellationToken)
    {
        var before = await cluster.Tasks.ReadAsync(input.Task, cancellationToken).ConfigureAwait(false);
        if (before.State != TaskState.Running) return before;
        await cluster.Wire.ChangeAsync(HttpMethod.Delete, $"/nodes/{input.Task.Node}/tasks/{input.Task.Upid}", [], cancellationToken).ConfigureAwait(false);
        context.SayActed();
        // How it ended is told, not judged: it may have been done a moment before.
        var ended = await cluster.Tasks.UntilEndedAsync(input.Task, $"Stopping {input.Task.Type}", context, input.Timeout, cancellationToken).ConfigureAwait(false);
        return ended with { Log = await cluster.Tasks.ReadLogEndAsync(input.Task, cancellationToken).ConfigureAwait(false) };
    }

    /// <inheritdoc/>
    protected override async Task<Settlement> SettleAsync(Input input, string? mark, OperationContext context, CancellationToken cancellationToken)
    {
        var now = await cluster.Tasks.ReadAsync(input.Task, cancellationToken).ConfigureAwait(false);
        // Proxmox gives a task five seconds to heed the signal: one that still runs may be about to end.
        return now.State == TaskState.Running ? Settlement.Unknown : Settlement.Happened;
    }
}
