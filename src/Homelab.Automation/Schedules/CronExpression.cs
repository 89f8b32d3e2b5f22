namespace Homelab.Automation.Schedules;

/// <summary>
/// Moments by wall clock, as crontab writes them: minute, hour, day of month, month, day of week. When both kinds of day are given, either suffices.
/// </summary>
/// <remarks>
/// When clocks go forward, a time of day that does not exist comes at the end of the gap; when they go back, one that exists twice comes the first time. An hour of
/// <c>*</c> or <c>*/2</c> means hours that really pass: nothing is moved, and the doubled hour counts twice.
/// </remarks>
public sealed class CronExpression
{
    // Longer than the longest way between two 29ths of February.
    private const int DaysAhead = (8 * 366) + 1;

    private static readonly string[] s_months = ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"];
    private static readonly string[] s_days = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"];

    private readonly CronField _minutes;
    private readonly CronField _hours;
    private readonly CronField _daysOfMonth;
    private readonly CronField _months;
    private readonly CronField _daysOfWeek;

    private CronExpression(string[] fields)
    {
        _minutes = CronField.Parse("minute", fields[0], 0, 59);
        _hours = CronField.Parse("hour", fields[1], 0, 23);
        _daysOfMonth = CronField.Parse("day of month", fields[2], 1, 31);
        _months = CronField.Parse("month", fields[3], 1, 12, s_months);
        // Both 0 and 7 are Sunday.
        _daysOfWeek = CronField.Parse("day of week", fields[4], 0, 7, s_days);
    }

    /// <summary>Reads an expression.</summary>
    /// <exception cref="FormatException">It cannot be read, or never comes; says which field and why.</exception>
    public static CronExpression Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var fields = text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        if (fields.Length != 5) throw new FormatException($"has {fields.Length} fields, not five");
        var expression = new CronExpression(fields);
        return expression.Next(new DateTimeOffset(2023, 1, 1, 0, 0, 0, TimeSpan.Zero), TimeZoneInfo.Utc) is null ? throw new FormatException("never comes: no month has such a day") : expression;
    }

    /// <summary>Why a text is no expression; null when it is one.</summary>
    public static string? Objection(string text)
    {
        try
        {
            Parse(text);
            return null;
        }
        catch (FormatException e)
        {
            return e.Message;
        }
    }

    /// <summary>The first moment after another one; null when there is none.</summary>
    /// <param name="after">The other moment.</param>
    /// <param name="zone">Where the wall clock hangs.</param>
    public DateTimeOffset? Next(DateTimeOffset after, TimeZoneInfo zone)
    {
        ArgumentNullException.ThrowIfNull(zone);
        // The day before as well: a gap at midnight moves its last times into the next day.
        var day = DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(after, zone).DateTime).AddDays(-1);
        for (var i = 0; i <= DaysAhead; i++, day = day.AddDays(1))
        {
            if (!Holds(day)) continue;
            var next = Moments(day, zone).Where(m => m > after).Select(static m => (DateTimeOffset?)m).Min();
            if (next is not null) return next;
        }

        return null;
    }

    private bool Holds(DateOnly day)
    {
        if (!_months.Has(day.Month)) return false;
        var ofMonth = _daysOfMonth.Has(day.Day);
        var ofWeek = _daysOfWeek.Has((int)day.DayOfWeek) || (day.DayOfWeek == DayOfWeek.Sunday && _daysOfWeek.Has(7));
        return _daysOfMonth.IsAny || _daysOfWeek.IsAny ? ofMonth && ofWeek : ofMonth || ofWeek;
    }

    private IEnumerable<DateTimeOffset> Moments(DateOnly day, TimeZoneInfo zone) =>
        from hour in Enumerable.Range(0, 24)
        where _hours.Has(hour)
        from minute in Enumerable.Range(0, 60)
        where _minutes.Has(minute)
        from moment in Moments(day.ToDateTime(new TimeOnly(hour, minute)), zone)
        select moment.ToUniversalTime();

    private IEnumerable<DateTimeOffset> Moments(DateTime wall, TimeZoneInfo zone)
    {
        if (zone.IsInvalidTime(wall))
        {
            if (_hours.IsInterval) yield break;
            do wall = wall.AddMinutes(1);
            while (zone.IsInvalidTime(wall));
        }

        if (!zone.IsAmbiguousTime(wall))
        {
            yield return new DateTimeOffset(wall, zone.GetUtcOffset(wall));
            yield break;
        }

        // The larger offset is summer time, which comes first.
        var offsets = zone.GetAmbiguousTimeOffsets(wall);
        yield return new DateTimeOffset(wall, offsets.Max());
        if (_hours.IsInterval) yield return new DateTimeOffset(wall, offsets.Min());
    }
}
