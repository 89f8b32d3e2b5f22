namespace Homelab.Providers.UptimeKuma;

/// <summary>
/// Lets many askers share one reading, at most one a second: Kuma answers about 60 a minute, and then refuses the key as if it were wrong. Nobody is
/// given a reading that began before they asked, so what is verified is never the state of before.
/// </summary>
internal sealed class SharedReading(Func<CancellationToken, Task<IReadOnlyList<MonitorReading>>> read, TimeProvider time)
{
    // 57 a minute.
    private static readonly TimeSpan s_apart = TimeSpan.FromMilliseconds(1050);

    private readonly Lock _lock = new();
    private Task<IReadOnlyList<MonitorReading>>? _next;
    private Task _current = Task.CompletedTask;
    private long? _lastBegan;

    internal Task<IReadOnlyList<MonitorReading>> ReadAsync(CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            // One asker's cancellation must not take the reading from the others; the client's own timeout ends it.
            _next ??= RunAsync(_current);
            return _next.WaitAsync(cancellationToken);
        }
    }

    private async Task<IReadOnlyList<MonitorReading>> RunAsync(Task before)
    {
        // Leave the lock of the asker first: whatever follows may finish at once.
        await Task.Yield();
        await before.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (_lastBegan is { } began && s_apart - time.GetElapsedTime(began) is { Ticks: > 0 } wait) await Task.Delay(wait, time).ConfigureAwait(false);
        Task<IReadOnlyList<MonitorReading>> reading;
        lock (_lock)
        {
            // From here on whoever asks waits for the reading after this one.
            _next = null;
            _lastBegan = time.GetTimestamp();
            reading = Task.Run(() => read(CancellationToken.None));
            _current = reading;
        }

        return await reading.ConfigureAwait(false);
    }
}
