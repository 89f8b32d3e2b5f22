using System.ComponentModel;
using System.Management.Automation;
using Homelab.PowerShell.Binding;
using Homelab.PowerShell.Completion;
using Homelab.PowerShell.Operations;
using Homelab.Providers.Proxmox;

namespace Homelab.PowerShell.Commands;

/// <summary>Lists tasks, or looks at one. By hand, because it is the face of two operations: a list, and a task by its UPID.</summary>
[Cmdlet(VerbsCommon.Get, "HlTask", DefaultParameterSetName = ListSet)]
[OutputType(typeof(ProxmoxTask))]
[Description("Lists the tasks of Proxmox, running and ended, the latest first; or tells how one stands, by its UPID. With -Log with what they wrote.")]
[Example("Get-HlTask -Running", "Show what is being done right now.")]
[Example("Get-HlTask -Vm dev -Failed -Since 7d -Log", "Show what failed with one guest within a week, with its log.")]
[Example("Get-HlTask 'UPID:pve1:000010C4:0006078F:6B00E49D:qmstart:110:root@pam:' -Log", "Look at one task and its log.")]
public sealed class GetHlTaskCommand : QueryCmdlet
{
    private const string ListSet = "List";
    private const string OneSet = "One";

    /// <summary>The task.</summary>
    [Parameter(ParameterSetName = OneSet, Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [ReferenceTransformation]
    [Description("The task, by its UPID.")]
    public TaskRef? Task { get; set; }

    /// <summary>The guest.</summary>
    [Parameter(ParameterSetName = ListSet)]
    [ReferenceTransformation]
    [ArgumentCompleter(typeof(VmNameCompleter))]
    [Description("Only those that work on this guest: name, VMID, or node/VMID. By its VMID also one that is gone.")]
    public VmRef? Vm { get; set; }

    /// <summary>The node.</summary>
    [Parameter(ParameterSetName = ListSet)]
    [ArgumentCompleter(typeof(NodeNameCompleter))]
    [Description("Only those of this node.")]
    public string? Node { get; set; }

    /// <summary>Those that run.</summary>
    [Parameter(ParameterSetName = ListSet)]
    [Description("Only those that still run.")]
    public SwitchParameter Running { get; set; }

    /// <summary>Those that failed.</summary>
    [Parameter(ParameterSetName = ListSet)]
    [Description("Only those that failed, were stopped, or ended in a way nobody can tell.")]
    public SwitchParameter Failed { get; set; }

    /// <summary>What they do.</summary>
    [Parameter(ParameterSetName = ListSet)]
    [SupportsWildcards]
    [Description("Only those of this type, such as vzdump or qmstart; a pattern with * and ? is allowed.")]
    public string? Type { get; set; }

    /// <summary>Only younger ones.</summary>
    [Parameter(ParameterSetName = ListSet)]
    [DurationTransformation]
    [Description("Only those that began within this time, such as 2h.")]
    public TimeSpan? Since { get; set; }

    /// <summary>How many.</summary>
    [Parameter(ParameterSetName = ListSet)]
    [Description("How many of the latest: 50 when not given.")]
    public int? Last { get; set; }

    /// <summary>With their logs.</summary>
    [Parameter]
    [Description("With the whole log of each.")]
    public SwitchParameter Log { get; set; }

    /// <inheritdoc/>
    private protected override string OperationName => Task is null ? "proxmox_list_tasks" : "proxmox_task_status";

    /// <inheritdoc/>
    private protected override object ToInput()
    {
        if (Task is { } one) return new ReadTask.Input { Task = one, Log = Log };
        var input = new ListTasks.Input { Vm = Vm, Node = Node, Running = Running, Failed = Failed, Type = Type, Since = Since, Log = Log };
        return Last is { } last ? input with { Last = last } : input;
    }
}
