using System.Buffers;
using System.Globalization;
using System.Text;

namespace Homelab;

/// <summary>Durations as people write them: <c>500ms</c>, <c>30s</c>, <c>5m</c>, <c>2h</c>, <c>1d</c>, <c>1h30m</c>.</summary>
public static class Duration
{
    private static readonly SearchValues<char> s_digits = SearchValues.Create("0123456789.");

    private static readonly (string Unit, TimeSpan Length)[] s_units =
    [
        ("d", TimeSpan.FromDays(1)),
        ("h", TimeSpan.FromHours(1)),
        ("m", TimeSpan.FromMinutes(1)),
        ("s", TimeSpan.FromSeconds(1)),
        ("ms", TimeSpan.FromMilliseconds(1)),
    ];

    /// <summary>Reads a duration; also accepts the invariant .NET form <c>00:00:30</c>.</summary>
    public static bool TryParse(string? text, out TimeSpan duration)
    {
        duration = default;
        text = text?.Trim();
        if (string.IsNullOrEmpty(text)) return false;
        if (text.Contains(':', StringComparison.Ordinal)) return TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out duration);
        if (text == "0") return true;

        var rest = text.AsSpan();
        var total = TimeSpan.Zero;
        while (!rest.IsEmpty)
        {
            var digits = rest.IndexOfAnyExcept(s_digits);
            if (digits <= 0 || !double.TryParse(rest[..digits], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number)) return false;
            rest = rest[digits..];
            var letters = rest.IndexOfAny(s_digits);
            var unit = letters < 0 ? rest : rest[..letters];
            if (!TryLength(unit, out var length)) return false;
            var part = number * length.TotalMilliseconds;
            if (total.TotalMilliseconds + part > TimeSpan.MaxValue.TotalMilliseconds / 2) return false;
            total += TimeSpan.FromMilliseconds(part);
            rest = letters < 0 ? default : rest[letters..];
        }

        duration = total;
        return true;
    }

    /// <summary>Writes a duration the way <see cref="TryParse"/> reads it: <c>1h30m</c>.</summary>
    public static string Format(TimeSpan duration)
    {
        if (duration == TimeSpan.Zero) return "0s";
        var text = new StringBuilder(duration < TimeSpan.Zero ? "-" : "");
        var rest = duration.Duration();
        foreach (var (unit, length) in s_units)
        {
            var count = rest.Ticks / length.Ticks;
            if (count == 0) continue;
            text.Append(count).Append(unit);
            rest -= length * count;
        }

        return text.Length > 0 ? text.ToString() : "0s";
    }

    private static bool TryLength(ReadOnlySpan<char> unit, out TimeSpan length)
    {
        foreach (var (name, value) in s_units)
        {
            if (!unit.SequenceEqual(name)) continue;
            length = value;
            return true;
        }

        length = default;
        return false;
    }
}
