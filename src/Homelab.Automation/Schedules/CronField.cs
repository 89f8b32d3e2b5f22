using System.Globalization;

namespace Homelab.Automation.Schedules;

/// <summary>One field of a cron expression: the numbers it allows.</summary>
internal sealed class CronField
{
    private readonly ulong _numbers;

    private CronField(ulong numbers, string text)
    {
        _numbers = numbers;
        IsAny = text == "*";
        IsInterval = text.StartsWith('*');
    }

    /// <summary>True for <c>*</c>, which restricts nothing.</summary>
    internal bool IsAny { get; }

    /// <summary>True for <c>*</c> and <c>*/2</c>, which mean how often and not when.</summary>
    internal bool IsInterval { get; }

    internal bool Has(int number) => (_numbers & (1UL << number)) != 0;

    /// <summary>Reads <c>*</c>, <c>5</c>, <c>1-5</c>, <c>*/15</c>, <c>8-18/2</c>, <c>5/15</c>, names where there are some, and lists of these with commas.</summary>
    /// <exception cref="FormatException">It cannot be read.</exception>
    internal static CronField Parse(string what, string text, int least, int most, IReadOnlyList<string>? names = null)
    {
        ulong numbers = 0;
        foreach (var part in text.Split(','))
        {
            var (range, step) = part.Split('/') switch
            {
                [var alone] => (alone, (int?)null),
                [var before, var after] => (before, Number(what, after, 1, most, names: null)),
                _ => throw Wrong(what, part, "has more than one '/'"),
            };
            var (from, to) = range.Split('-') switch
            {
                ["*"] => (least, most),
                [var alone] when Number(what, alone, least, most, names) is var number => (number, step is null ? number : most),
                [var first, var last] => (Number(what, first, least, most, names), Number(what, last, least, most, names)),
                _ => throw Wrong(what, part, "is no range"),
            };
            if (from > to) throw Wrong(what, part, "ends before it begins");
            for (var number = from; number <= to; number += step ?? 1) numbers |= 1UL << number;
        }

        return new CronField(numbers, text);
    }

    private static int Number(string what, string text, int least, int most, IReadOnlyList<string>? names)
    {
        for (var i = 0; i < names?.Count; i++)
        {
            if (string.Equals(names[i], text, StringComparison.OrdinalIgnoreCase)) return i + least;
        }

        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most
            ? number
            : throw Wrong(what, text, string.Create(CultureInfo.InvariantCulture, $"is not from {least} to {most}"));
    }

    private static FormatException Wrong(string what, string part, string why) => new($"has a {what} '{part}' that {why}");
}
