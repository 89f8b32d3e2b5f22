namespace Homelab.Providers.Proxmox;

/// <summary>Tasks as the gate's targets.</summary>
internal static class TaskTarget
{
    private const string Kind = "task";

    /// <summary>A task, which is also known by the guest it works on: what protects that guest speaks for it too.</summary>
    internal static Target Of(TaskRef task) => new(Kind, task.Upid)
    {
        Aliases = task.Subject.Length == 0 ? [] : [task.Subject, $"{task.Node}/{task.Subject}"],
    };
}
