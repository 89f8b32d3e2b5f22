namespace Homelab.Lab.Docker;

public sealed partial class SimulatedContainer
{
    private const string FileDriver = "json-file";

    // What the engine writes around each line: {"log":"…\n","stream":"stdout","time":"…"}.
    private const int Wrapping = 84;

    private readonly List<SimulatedLogLine> _log = [];
    private long _padding;
    private bool _padsAgain;
    private TaskCompletionSource _logChanged = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Where its log is on the host; empty where it never had one.</summary>
    public string LogPath => Spec.LogPath.Length > 0 || Spec.LogDriver != FileDriver || Starts == 0 ? Spec.LogPath : $"{_dataRoot}/containers/{Id}/{Id}-json.log";

    /// <summary>How large its log is, in bytes.</summary>
    public long LogSize
    {
        get
        {
            lock (_lock) return _padding + _log.Sum(static l => l.Text.Length + (long)Wrapping);
        }
    }

    /// <summary>Has written so much to its log that nobody would read all of it.</summary>
    /// <param name="bytes">How much.</param>
    /// <param name="again">True to write as much again whenever it is cut.</param>
    public void FillLog(long bytes, bool again = false)
    {
        lock (_lock) (_padding, _padsAgain) = (bytes, again);
    }

    /// <summary>Its log is cut to nothing on the host.</summary>
    internal void CutLog()
    {
        lock (_lock)
        {
            _log.Clear();
            if (!_padsAgain) _padding = 0;
        }
    }

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
