using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Runtime.CompilerServices;

namespace Homelab.Providers.Proxmox;

/// <summary>Lists the tasks of the cluster, or of one node or guest, the latest first.</summary>
/// <remarks>
/// Proxmox API: <c>GET /nodes</c>, then <c>GET /nodes/{node}/tasks</c> of each that is on, all at once; <c>/cluster/tasks</c> knows the last 25 only. Needs nothing
/// for one's own tasks and Sys.Audit on the node for those of others, which are left out otherwise. With <c>Log</c> also <c>/tasks/{upid}/log</c>.
/// </remarks>
[Operation("proxmox_list_tasks", Level.Monitor, Risk.Read)]
[Description("Lists the tasks of Proxmox, running and ended, the latest first: what, on which guest, on which node, by whom, since when, and how it ended.")]
[Example("Get-HlTask -Running", "Show what is being done right now.")]
[Example("Get-HlTask -Vm dev -Failed -Since 7d -Log", "Show what failed with one guest within a week, with its log.")]
public sealed class ListTasks(ProxmoxCluster cluster) : Query<ListTasks.Input, ProxmoxTask>
{
    /// <summary>Which tasks.</summary>
    public sealed record Input
    {
        /// <summary>The guest.</summary>
        [Description("Only those that work on this guest: name, VMID, or node/VMID. By its VMID also one that is gone.")]
        public VmRef? Vm { get; init; }

        /// <summary>The node.</summary>
        [NameOf("node"), Description("Only those of this node.")]
        public string? Node { get; init; }

        /// <summary>Those that run.</summary>
        [Description("Only those that still run.")]
        public bool Running { get; init; }

        /// <summary>Those that failed.</summary>
        [Description("Only those that failed, were stopped, or ended in a way nobody can tell.")]
        public bool Failed { get; init; }

        /// <summary>What they do.</summary>
        [Description("Only those of this type, such as vzdump or qmstart; a pattern with * and ? is allowed.")]
        public string? Type { get; init; }

        /// <summary>Only younger ones.</summary>
        [Description("Only those that began within this time, such as 2h."), DurationRange("0s", "3650d")]
        public TimeSpan? Since { get; init; }

        /// <summary>How many.</summary>
        [Description("How many of the latest."), Range(1, 1000)]
        public int Last { get; init; } = 50;

        /// <summary>With their logs.</summary>
        [Description("With the whole log of each, which is a call for each.")]
        public bool Log { get; init; }
    }

    /// <inheritdoc/>
    protected override async IAsyncEnumerable<ProxmoxTask> RunAsync(Input input, OperationContext context, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (input is { Running: true, Failed: true }) throw new InputException([new InputProblem("failed", "true", "contradicts 'running'", "Give one of the two.")]);
        var filter = new TaskFilter(input.Last)
        {
            // A VMID needs no look, and a guest that is gone has left its tasks behind.
            VmId = input.Vm is not { } vm ? null : vm.Id ?? (await cluster.Vms.FindAsync(vm, cancellationToken).ConfigureAwait(false)).Id,
            Running = input.Running,
            Failed = input.Failed,
            Type = input.Type is { Length: > 0 } type ? type : null,
            Since = input.Since is { } age ? context.Time.GetUtcNow() - age : null,
        };
        var directory = new TaskDirectory(cluster.Wire);
        var nodes = input.Node is { Length: > 0 } only ? [only] : await directory.NodesAsync(cancellationToken).ConfigureAwait(false);
        var answers = await Task.WhenAll(nodes.Select(n => AskAsync(directory, n, filter, cancellationToken))).ConfigureAwait(false);
        foreach (var task in answers.SelectMany(static a => a.Tasks).OrderByDescending(static t => t.StartedAt).Take(input.Last))
        {
            yield return input.Log ? task with { Log = await cluster.Tasks.ReadLogAsync(new TaskRef(task), cancellationToken).ConfigureAwait(false) } : task;
        }

        // What the others told is told; that one did not answer must be known as well.
        if (answers.FirstOrDefault(static a => a.Failure is not null) is { Failure: { } failure }) throw failure;
    }

    private static async Task<NodeAnswer> AskAsync(TaskDirectory directory, string node, TaskFilter filter, CancellationToken cancellationToken)
    {
        try
        {
            return new NodeAnswer(await directory.ListAsync(node, filter, cancellationToken).ConfigureAwait(false), Failure: null);
        }
        catch (HomelabException e)
        {
            return new NodeAnswer([], e);
        }
    }

    private sealed record NodeAnswer(IReadOnlyList<ProxmoxTask> Tasks, HomelabException? Failure);
}
