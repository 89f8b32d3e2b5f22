namespace Homelab.State;

/// <summary>
/// A prepared statement: parameters are added, and columns read, from left to right. Disposing frees it for its next use and ends its read; it stays
/// prepared. Texts keep NUL characters; a half of a surrogate pair becomes U+FFFD.
/// </summary>
internal abstract class Statement(Database database) : IDisposable
{
    internal abstract Statement Add(string? text);

    internal abstract Statement Add(long? number);

    internal Statement Add(long number) => Add((long?)number);

    internal Statement Add(bool flag) => Add(flag ? 1L : 0L);

    internal Statement Add(DateTimeOffset moment) => Add(moment.UtcTicks);

    internal Statement Add(DateTimeOffset? moment) => Add(moment?.UtcTicks);

    internal Statement Add(TimeSpan? span) => Add(span?.Ticks);

    internal Statement Add<TEnum>(TEnum value)
        where TEnum : struct, Enum => Add(value.ToString());

    /// <summary>Goes to the next row.</summary>
    internal abstract bool Step();

    /// <summary>Runs it to its end.</summary>
    internal void Run()
    {
        while (Step())
        {
        }
    }

    internal abstract string? TextOrNull();

    internal abstract long? NumberOrNull();

    internal string Text() => TextOrNull() ?? throw Odd("a value is missing");

    internal long Number() => NumberOrNull() ?? throw Odd("a number is missing");

    internal int Count() => Number() is >= int.MinValue and <= int.MaxValue and var count ? (int)count : throw Odd("a number is out of range");

    internal int? CountOrNull() => NumberOrNull() switch
    {
        null => null,
        >= int.MinValue and <= int.MaxValue and var count => (int)count,
        _ => throw Odd("a number is out of range"),
    };

    internal bool Flag() => Number() != 0;

    internal DateTimeOffset Moment() => MomentOrNull() ?? throw Odd("a time is missing");

    internal DateTimeOffset? MomentOrNull() => NumberOrNull() switch
    {
        null => null,
        >= 0 and var ticks when ticks <= DateTimeOffset.MaxValue.UtcTicks => new DateTimeOffset(ticks, TimeSpan.Zero),
        _ => throw Odd("a time is out of range"),
    };

    internal TimeSpan? SpanOrNull() => NumberOrNull() is { } ticks ? new TimeSpan(ticks) : null;

    internal TEnum Name<TEnum>()
        where TEnum : struct, Enum
    {
        var text = Text();
        // TryParse also takes numbers and lists, which we never write.
        return Enum.TryParse<TEnum>(text, out var value) && value.ToString() == text ? value : throw Odd($"'{text}' is no {typeof(TEnum).Name}");
    }

    internal HomelabException Odd(string why) => database.Odd(why);

    /// <summary>Frees it for its next use.</summary>
    public abstract void Dispose();
}
