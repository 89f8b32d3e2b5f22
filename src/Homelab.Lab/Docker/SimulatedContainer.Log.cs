namespace Homelab.Lab.Docker;

public sealed partial class SimulatedContainer
{
    private readonly List<SimulatedLogLine> _log = [];
    private TaskCompletionSource _logChanged = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Writes a line to its log.</summary>
    public void WriteLog(string text, LogSource source = LogSource.Output)
    {
        lock (_lock) _log.Add(new SimulatedLogLine(_clock.Now(), source, text));
        WakeLogReaders();
    }

    /// <summary>The log as it is, and what is completed when there is more or the container has changed.</summary>
    internal (IReadOnlyList<SimulatedLogLine> Lines, Task Changed) ReadLog()
    {
        lock (_lock) return ([.. _log], _logChanged.Task);
    }

    private void WakeLogReaders()
    {
        TaskCompletionSource before;
        lock (_lock)
        {
            before = _logChanged;
            _logChanged = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        before.TrySetResult();
    }
}

internal sealed record SimulatedLogLine(DateTimeOffset At, LogSource Source, string Text);
