namespace Homelab.Lab.Proxmox;

/// <summary>Keeps the next task of a type running until it is released.</summary>
public sealed class SimulatedTaskHold
{
    private readonly TaskBoard _board;

    internal SimulatedTaskHold(TaskBoard board, string type)
    {
        _board = board;
        Type = type;
    }

    /// <summary>The type it waits for.</summary>
    public string Type { get; }

    /// <summary>The task that it holds; null until one has come.</summary>
    public SimulatedTask? Task { get; internal set; }

    internal bool Released { get; private set; }

    /// <summary>Lets the task end now, or the next one pass.</summary>
    public void Release()
    {
        Released = true;
        _board.Release(this);
    }
}
