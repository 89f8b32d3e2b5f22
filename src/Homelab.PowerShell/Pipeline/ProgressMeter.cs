using System.Management.Automation;

namespace Homelab.PowerShell.Pipeline;

/// <summary>Thins progress out: drawing it costs more than most operations do.</summary>
internal sealed class ProgressMeter(TimeProvider time)
{
    private const int Activity = 0;
    private const int Percent = 100;

    private static readonly TimeSpan s_shortest = TimeSpan.FromMilliseconds(200);

    private readonly Lock _lock = new();
    private long _shownAt;
    private string? _shown;

    /// <summary>The record to show, or null when the last one was shown a moment ago.</summary>
    internal ProgressRecord? Next(OperationProgress progress)
    {
        lock (_lock)
        {
            if (_shown is not null && time.GetElapsedTime(_shownAt) < s_shortest) return null;
            _shownAt = time.GetTimestamp();
            _shown = progress.Activity;
            return new ProgressRecord(Activity, progress.Activity, progress.Status)
            {
                PercentComplete = progress.Fraction is { } fraction ? (int)(Math.Clamp(fraction, 0, 1) * Percent) : -1,
            };
        }
    }

    /// <summary>The record that takes it off the screen, or null when none was shown.</summary>
    internal ProgressRecord? End()
    {
        lock (_lock)
        {
            if (_shown is not { } activity) return null;
            _shown = null;
            return new ProgressRecord(Activity, activity, "done") { RecordType = ProgressRecordType.Completed };
        }
    }
}
