using System.Globalization;

namespace Homelab.PowerShell.Formatting;

/// <content>Limits of containers.</content>
public static partial class Row
{
    /// <summary>How many processors' time may be used.</summary>
    public static string Cpus(double limit) => limit == 0 ? "unlimited" : limit.ToString("0.###", CultureInfo.InvariantCulture);

    /// <summary>How much swap may be used.</summary>
    public static string Swap(long? limit) => limit is { } known ? ByteSize.Format(known) : "unlimited";
}
