using System.Globalization;

namespace Homelab;

/// <summary>Numbers of bytes as people write them: <c>512MiB</c>, <c>4GiB</c>, <c>1.5TB</c>, or a plain number of bytes.</summary>
public static class ByteSize
{
    private static readonly (string Unit, decimal Bytes)[] s_units =
    [
        ("KiB", 1L << 10), ("MiB", 1L << 20), ("GiB", 1L << 30), ("TiB", 1L << 40), ("PiB", 1L << 50),
        ("kB", 1_000L), ("MB", 1_000_000L), ("GB", 1_000_000_000L), ("TB", 1_000_000_000_000L), ("PB", 1_000_000_000_000_000L),
        ("B", 1L),
    ];

    private static readonly string[] s_shown = ["B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"];

    /// <summary>Reads a size. <c>GiB</c> counts in powers of 1024 and <c>GB</c> in powers of 1000, as the standard has it; case does not matter.</summary>
    public static bool TryParse(string? text, out long bytes)
    {
        bytes = 0;
        var rest = (text ?? "").AsSpan().Trim();
        var factor = 1m;
        foreach (var (unit, length) in s_units)
        {
            if (!rest.EndsWith(unit, StringComparison.OrdinalIgnoreCase)) continue;
            factor = length;
            rest = rest[..^unit.Length].TrimEnd();
            break;
        }

        if (!decimal.TryParse(rest, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number)) return false;
        if (number > long.MaxValue / factor || number * factor != decimal.Truncate(number * factor)) return false;
        bytes = (long)(number * factor);
        return true;
    }

    /// <summary>Writes a size for people, with three digits that matter: <c>0 B</c>, <c>1.5 GiB</c>, <c>512 MiB</c>.</summary>
    public static string Format(long bytes)
    {
        var value = (double)bytes;
        var unit = 0;
        while (Math.Abs(value) >= 1024 && unit < s_shown.Length - 1)
        {
            value /= 1024;
            unit++;
        }

        var digits = unit == 0 || Math.Abs(value) >= 100 ? "0" : Math.Abs(value) >= 10 ? "0.#" : "0.##";
        return value.ToString(digits, CultureInfo.InvariantCulture) + " " + s_shown[unit];
    }
}
