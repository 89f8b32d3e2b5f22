namespace Homelab.Lab.Proxmox;

/// <summary>What a task does, and when. Everything runs while the cluster stands still.</summary>
internal sealed record TaskPlan
{
    internal static TaskPlan Nothing { get; } = new();

    /// <summary>At its beginning: locks and first lines. A refusal here fails the task at once.</summary>
    internal Action<SimulatedTask>? Begin { get; init; }

    /// <summary>At its end: what it is for. A refusal here fails it.</summary>
    internal Action<SimulatedTask>? Finish { get; init; }

    /// <summary>When it failed or was stopped after its beginning: takes locks away again.</summary>
    internal Action<SimulatedTask>? Undo { get; init; }

    /// <summary>How long it takes; null for the cluster's usual time.</summary>
    internal TimeSpan? Duration { get; init; }

    /// <summary>Some time after it has ended well: what the real one leaves to others.</summary>
    internal (TimeSpan Delay, Action Action)? Afterwards { get; init; }

    /// <summary>A task that only does something at its end.</summary>
    internal static TaskPlan Of(Action<SimulatedTask> finish) => new() { Finish = finish };

    /// <summary>A task that fails at once.</summary>
    internal static TaskPlan Failing(string error) => new() { Begin = _ => throw ProxmoxRefusedException.Failed(error) };
}
