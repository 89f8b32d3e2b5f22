namespace Homelab.Lab.Docker;

/// <summary>An engine's clock. No two readings are the same, as on a real machine: a start time tells one start from the next.</summary>
internal sealed class EngineClock(TimeProvider time)
{
    private const long NanosecondsPerTick = 100;

    private readonly Lock _lock = new();
    private long _last;

    internal TimeProvider Time { get; } = time;

    internal DateTimeOffset Now()
    {
        lock (_lock)
        {
            _last = Math.Max(_last + 1, Time.GetUtcNow().UtcTicks);
            return new DateTimeOffset(_last, TimeSpan.Zero);
        }
    }

    internal static long Nanoseconds(DateTimeOffset moment) => (moment.UtcTicks - DateTimeOffset.UnixEpoch.UtcTicks) * NanosecondsPerTick;

    /// <summary>As Go writes it: <c>2026-11-20T23:40:18.0729709Z</c>.</summary>
    internal static string Write(DateTimeOffset moment) => moment == DateTimeOffset.MinValue ? "0001-01-01T00:00:00Z" : moment.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.FFFFFFFK");

    /// <summary>As logs have it: always nine digits.</summary>
    internal static string WriteFixed(DateTimeOffset moment) => moment.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.fffffff") + "00Z";

    /// <summary>Reads <c>1795218017.832146891</c>, seconds and nanoseconds; null when it is none.</summary>
    internal static long? ReadNanoseconds(string? text)
    {
        if (string.IsNullOrEmpty(text)) return null;
        var parts = text.Split('.');
        if (parts.Length > 2 || !long.TryParse(parts[0], out var seconds) || seconds > 9_000_000_000) return null;
        if (parts.Length == 1) return seconds * 1_000_000_000;
        return parts[1].Length is > 0 and <= 9 && long.TryParse(parts[1].PadRight(9, '0'), out var rest) ? (seconds * 1_000_000_000) + rest : null;
    }
}
