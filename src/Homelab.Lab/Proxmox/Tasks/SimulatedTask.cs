namespace Homelab.Lab.Proxmox;

/// <summary>A worker of the simulated cluster.</summary>
public sealed class SimulatedTask
{
    private readonly List<string> _log = [];
    private readonly Lock _lock = new();
    private int _warnings;

    internal SimulatedTask(string node, string type, string id, string user, int pid, long pstart, long started)
    {
        Node = node;
        Type = type;
        Id = id;
        User = user;
        Pid = pid;
        PStart = pstart;
        StartTime = started;
        Upid = $"UPID:{node}:{pid:X8}:{pstart:X8}:{started:X8}:{type}:{id}:{user}:";
    }

    /// <summary>Its id, unique in the cluster.</summary>
    public string Upid { get; }

    /// <summary>The node it runs on.</summary>
    public string Node { get; }

    /// <summary>What it does: <c>qmstart</c>.</summary>
    public string Type { get; }

    /// <summary>What it does it to: a guest's id, a storage, or empty.</summary>
    public string Id { get; }

    /// <summary>Who started it, with the token: <c>root@pam!lab</c>.</summary>
    public string User { get; }

    /// <summary>How it ended: <c>OK</c>, <c>WARNINGS: n</c> or what went wrong; null while it runs.</summary>
    public string? ExitStatus { get; private set; }

    /// <summary>True while it runs.</summary>
    public bool Running => ExitStatus is null;

    /// <summary>What it wrote.</summary>
    public IReadOnlyList<string> Log
    {
        get
        {
            lock (_lock) return [.. _log];
        }
    }

    internal int Pid { get; }

    internal long PStart { get; }

    internal long StartTime { get; }

    internal long EndTime { get; private set; }

    /// <summary>Where it stood among all tasks of the cluster.</summary>
    internal long Number { get; init; }

    internal TaskPlan Plan { get; init; } = TaskPlan.Nothing;

    /// <summary>Ends the wait; null when nothing is waited for.</summary>
    internal ITimer? Timer { get; set; }

    internal bool Held { get; set; }

    /// <summary>What it ends with instead of what would come of it.</summary>
    internal string? Doomed { get; init; }

    internal void Write(string line)
    {
        lock (_lock) _log.Add(line);
    }

    /// <summary>Writes a warning, and will end with <c>WARNINGS: n</c>.</summary>
    internal void Warn(string line)
    {
        lock (_lock)
        {
            _log.Add("WARN: " + line);
            _warnings++;
        }
    }

    internal void End(long now, string? error, bool stopped)
    {
        EndTime = now;
        if (stopped)
        {
            Write("received interrupt");
            ExitStatus = "unexpected status";
            return;
        }

        if (error is not null) Write("TASK ERROR: " + error);
        else Write(_warnings > 0 ? $"TASK WARNINGS: {_warnings}" : "TASK OK");
        // The list of tasks keeps the status in one line.
        ExitStatus = error?.ReplaceLineEndings(" ") ?? (_warnings > 0 ? $"WARNINGS: {_warnings}" : "OK");
    }
}
