using System.Globalization;

namespace Homelab.Providers.Docker;

/// <summary>Moments as the engine's queries take them: seconds since 1970, a point, nine digits.</summary>
internal static class EngineTime
{
    private const long NanosecondsPerSecond = 1_000_000_000;
    private const long NanosecondsPerTick = 100;

    internal static string Of(DateTimeOffset time) => Of(Nanoseconds(time));

    internal static string Of(long nanoseconds)
    {
        nanoseconds = Math.Max(0, nanoseconds);
        return string.Create(CultureInfo.InvariantCulture, $"{nanoseconds / NanosecondsPerSecond}.{nanoseconds % NanosecondsPerSecond:000000000}");
    }

    internal static long Nanoseconds(DateTimeOffset time) => (time.UtcTicks - DateTimeOffset.UnixEpoch.UtcTicks) * NanosecondsPerTick;

    internal static DateTimeOffset Moment(long nanoseconds) => DateTimeOffset.UnixEpoch.AddTicks(nanoseconds / NanosecondsPerTick);
}
