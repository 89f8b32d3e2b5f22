using System.Globalization;

namespace Homelab.Lab.Proxmox;

/// <summary>The size of a disk as configurations have it: <c>1G</c>, <c>1088M</c>, <c>16598K</c>.</summary>
internal static class DiskSize
{
    private const long Step = 1024;
    private const string Units = "KMGT";

    /// <summary>Bytes of a size; null when it is none.</summary>
    internal static long? Read(string? text)
    {
        if (string.IsNullOrEmpty(text)) return null;
        var unit = Units.IndexOf(text[^1], StringComparison.Ordinal);
        return double.TryParse(unit < 0 ? text : text[..^1], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number)
            ? (long)(number * Math.Pow(Step, unit + 1))
            : null;
    }

    /// <summary>A size in the largest unit that leaves no rest.</summary>
    internal static string Write(long bytes)
    {
        var unit = -1;
        while (bytes >= Step && bytes % Step == 0 && unit < Units.Length - 1)
        {
            bytes /= Step;
            unit++;
        }

        return unit < 0 ? $"{bytes}" : $"{bytes}{Units[unit]}";
    }

    /// <summary>A size as logs tell it, such as <c>1.1 GiB</c>.</summary>
    internal static string Tell(long bytes)
    {
        double rest = bytes;
        var unit = -1;
        while (rest >= Step && unit < Units.Length - 1)
        {
            rest /= Step;
            unit++;
        }

        return string.Create(CultureInfo.InvariantCulture, $"{rest:0.0} {(unit < 0 ? "B" : $"{Units[unit]}iB")}");
    }
}
