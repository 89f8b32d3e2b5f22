using System.ComponentModel;
using System.Runtime.CompilerServices;

namespace Homelab.Providers.Proxmox;

/// <summary>Waits until a task has ended, and yields it. One that did not end well is an error.</summary>
/// <remarks>Proxmox API: <c>GET /nodes/{node}/tasks/{upid}/status</c> again and again, and <c>/log</c> for progress. The CLI's <c>pvesh … --follow</c>; ending the waiting leaves the task alone.</remarks>
[Operation("proxmox_wait_task", Level.Monitor, Risk.Read)]
[Description("Waits until a task of Proxmox has ended. A task that failed is an error with the end of its log, unless allowFailure is given; one that still runs after the timeout is one too, and goes on.")]
[Example("Backup-HlVm dev -Storage backup -NoWait | Wait-HlTask", "Wait for the end of what was left running.")]
[Example("Get-HlTask -Running | Wait-HlTask -Timeout 30m -AllowFailure", "Wait for all that run, and see how each ended.")]
public sealed class WaitTask(ProxmoxCluster cluster) : Query<WaitTask.Input, ProxmoxTask>
{
    /// <summary>Which task.</summary>
    public sealed record Input
    {
        /// <summary>The task.</summary>
        [Subject, Description("The task, by its UPID.")]
        public required TaskRef Task { get; init; }

        /// <summary>How long to wait.</summary>
        [Description("How long to wait for its end. The task itself goes on afterwards."), DurationRange("1s", "24h")]
        public TimeSpan Timeout { get; init; } = TimeSpan.FromHours(1);

        /// <summary>A failure is no error.</summary>
        [Description("Yield a task that failed like any other, in place of an error.")]
        public bool AllowFailure { get; init; }
    }

    /// <inheritdoc/>
    public override Intent Describe(Input input) => new("Wait for task", TaskTarget.Of(input.Task));

    /// <inheritdoc/>
    protected override async IAsyncEnumerable<ProxmoxTask> RunAsync(Input input, OperationContext context, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var activity = $"Waiting for {input.Task.Type} of {(input.Task.Subject.Length == 0 ? input.Task.Node : input.Task.Subject)}";
        if (!input.AllowFailure)
        {
            yield return await cluster.Tasks.FollowAsync(input.Task, activity, context, input.Timeout, cancellationToken).ConfigureAwait(false);
            yield break;
        }

        var ended = await cluster.Tasks.UntilEndedAsync(input.Task, activity, context, input.Timeout, cancellationToken).ConfigureAwait(false);
        yield return ended.State == TaskState.Succeeded ? ended : ended with { Log = await cluster.Tasks.ReadLogEndAsync(input.Task, cancellationToken).ConfigureAwait(false) };
    }
}
