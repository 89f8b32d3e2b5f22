namespace Homelab.Lab.Proxmox;

/// <summary>The tasks of all nodes: starts them, lets them take their time, ends them.</summary>
internal sealed class TaskBoard(Lock gate, TimeProvider time, Func<TimeSpan> usual)
{
    private const int FirstPid = 2000;
    private const int KeptTasks = 5000;

    private readonly List<SimulatedTask> _tasks = [];
    private readonly List<(string Type, string ExitStatus)> _failures = [];
    private readonly List<SimulatedTaskHold> _holds = [];
    private readonly long _booted = time.GetTimestamp();
    private readonly HashSet<ITimer> _later = [];
    private int _pid = FirstPid;
    private long _number;

    internal IReadOnlyList<SimulatedTask> All
    {
        get
        {
            lock (gate) return [.. _tasks];
        }
    }

    internal long Now => time.GetUtcNow().ToUnixTimeSeconds();

    // In hundredths of a second since the machine started. Two tasks of one hundredth differ by their process.
    private long PStart => 360_000 + ((long)time.GetElapsedTime(_booted).TotalMilliseconds / 10);

    internal SimulatedTask Start(SimulatedNode node, string type, string id, string user, TaskPlan plan)
    {
        lock (gate)
        {
            var task = new SimulatedTask(node.Name, type, id, user, _pid += 3, PStart, Now) { Plan = plan, Number = ++_number, Doomed = TakeFailure(type) };
            if (_tasks.Count >= KeptTasks) _tasks.RemoveAt(_tasks.FindIndex(static t => !t.Running) is >= 0 and var oldest ? oldest : 0);
            _tasks.Add(task);
            var hold = _holds.Find(h => h.Type == type && h.Task is null);
            if (hold is not null) hold.Task = task;
            try
            {
                plan.Begin?.Invoke(task);
            }
            catch (ProxmoxRefusedException refused)
            {
                task.End(Now, refused.Text, stopped: false);
                return task;
            }

            if (hold is not null) task.Held = true;
            else Schedule(task);
            return task;
        }
    }

    internal SimulatedTask AddPast(SimulatedNode node, string type, string id, string user, string? exitStatus, long started, long ended)
    {
        lock (gate)
        {
            var task = new SimulatedTask(node.Name, type, id, user, _pid += 3, PStart, started) { Number = ++_number, Held = true };
            if (exitStatus is not null) task.End(ended, exitStatus is "OK" ? null : exitStatus, stopped: false);
            _tasks.Add(task);
            return task;
        }
    }

    internal SimulatedTask? Find(string upid)
    {
        lock (gate) return _tasks.Find(t => t.Upid == upid);
    }

    internal void Stop(SimulatedTask task)
    {
        lock (gate)
        {
            if (!task.Running) return;
            Drop(task);
            task.End(Now, error: null, stopped: true);
            task.Plan.Undo?.Invoke(task);
        }
    }

    internal void FailNext(string type, string exitStatus)
    {
        lock (gate) _failures.Add((type, exitStatus));
    }

    internal SimulatedTaskHold HoldNext(string type)
    {
        var hold = new SimulatedTaskHold(this, type);
        lock (gate) _holds.Add(hold);
        return hold;
    }

    internal void Release(SimulatedTaskHold hold)
    {
        lock (gate)
        {
            _holds.Remove(hold);
            if (hold.Task is { Running: true, Held: true } task) Finish(task);
        }
    }

    /// <summary>Does something later, unless the cluster is gone by then.</summary>
    internal void Later(TimeSpan delay, Action action)
    {
        lock (gate)
        {
            if (delay <= TimeSpan.Zero)
            {
                action();
                return;
            }

            ITimer? timer = null;
            timer = time.CreateTimer(
                _ =>
                {
                    lock (gate)
                    {
                        if (!_later.Remove(timer!)) return;
                        timer!.Dispose();
                        action();
                    }
                },
                state: null,
                Timeout.InfiniteTimeSpan,
                Timeout.InfiniteTimeSpan);
            _later.Add(timer);
            timer.Change(delay, Timeout.InfiniteTimeSpan);
        }
    }

    /// <summary>Nothing happens any more.</summary>
    internal void Forget()
    {
        lock (gate)
        {
            foreach (var task in _tasks) Drop(task);
            foreach (var timer in _later) timer.Dispose();
            _later.Clear();
        }
    }

    private void Schedule(SimulatedTask task)
    {
        var takes = task.Plan.Duration ?? usual();
        if (takes <= TimeSpan.Zero)
        {
            Finish(task);
            return;
        }

        task.Timer = time.CreateTimer(_ => FinishInTime(task), state: null, takes, Timeout.InfiniteTimeSpan);
    }

    private void FinishInTime(SimulatedTask task)
    {
        lock (gate)
        {
            if (task is { Running: true, Held: false }) Finish(task);
        }
    }

    private void Finish(SimulatedTask task)
    {
        Drop(task);
        var error = task.Doomed;
        if (error is null)
        {
            try
            {
                task.Plan.Finish?.Invoke(task);
            }
            catch (ProxmoxRefusedException refused)
            {
                error = refused.Text;
            }
        }

        task.End(Now, error, stopped: false);
        if (error is not null) task.Plan.Undo?.Invoke(task);
        else if (task.Plan.Afterwards is var (delay, action)) Later(delay, action);
    }

    private static void Drop(SimulatedTask task)
    {
        task.Timer?.Dispose();
        task.Timer = null;
    }

    private string? TakeFailure(string type)
    {
        var index = _failures.FindIndex(f => f.Type == type);
        if (index < 0) return null;
        var failure = _failures[index].ExitStatus;
        _failures.RemoveAt(index);
        return failure;
    }
}
