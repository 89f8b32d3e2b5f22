using System.ComponentModel;
using System.Runtime.CompilerServices;

namespace Homelab.Providers.Proxmox;

/// <summary>Tells how one task stands, or how it ended.</summary>
/// <remarks>Proxmox API: <c>GET /nodes/{node}/tasks/{upid}/status</c>, and <c>/log</c> where it is asked for. Needs Sys.Audit on the node for a task of somebody else.</remarks>
[Operation("proxmox_task_status", Level.Monitor, Risk.Read)]
[Description("Tells how a task of Proxmox stands or how it ended, by its UPID; with its whole log where that is wanted.")]
[Example("Get-HlTask 'UPID:pve1:000010C4:0006078F:6B00E49D:qmstart:110:root@pam:'", "Look at one task.")]
[Example("Get-HlTask -Failed -Last 1 | Get-HlTask -Log", "Read the log of the last one that failed.")]
public sealed class ReadTask(ProxmoxCluster cluster) : Query<ReadTask.Input, ProxmoxTask>
{
    /// <summary>Which task.</summary>
    public sealed record Input
    {
        /// <summary>The task.</summary>
        [Subject, Description("The task, by its UPID.")]
        public required TaskRef Task { get; init; }

        /// <summary>With its log.</summary>
        [Description("With its whole log.")]
        public bool Log { get; init; }
    }

    /// <inheritdoc/>
    public override Intent Describe(Input input) => new("Read task", TaskTarget.Of(input.Task));

    /// <inheritdoc/>
    protected override async IAsyncEnumerable<ProxmoxTask> RunAsync(Input input, OperationContext context, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var seen = await cluster.Tasks.ReadAsync(input.Task, cancellationToken).ConfigureAwait(false);
        yield return input.Log ? seen with { Log = await cluster.Tasks.ReadLogAsync(input.Task, cancellationToken).ConfigureAwait(false) } : seen;
    }
}
