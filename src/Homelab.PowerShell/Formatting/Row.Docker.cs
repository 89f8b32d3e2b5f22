using System.Globalization;

namespace Homelab.PowerShell.Formatting;

/// <content>Limits of containers.</content>
public static partial class Row
{
    /// <summary>How many processors' time may be used.</summary>
    public static string Cpus(double limit) => limit == 0 ? "unlimited" : limit.ToString("0.###", CultureInfo.InvariantCulture);

    /// <summary>How much swap may be used.</summary>
    public static string Swap(long? limit) => limit is { } known ? ByteSize.Format(known) : "unlimited";

    /// <summary>The services of a stack and how each stands, each on a line.</summary>
    public static string StackServices(StackState stack)
    {
        ArgumentNullException.ThrowIfNull(stack);
        return Cell.Lines(stack.Services.Select(static s => s.ToString()));
    }
}
