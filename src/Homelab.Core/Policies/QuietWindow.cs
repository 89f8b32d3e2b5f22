using System.ComponentModel;

namespace Homelab;

/// <summary>A time of the week in which unattended interruptions need a person, or do not happen.</summary>
public sealed record QuietWindow
{
    /// <summary>What people call it: <c>night</c>, <c>backup</c>.</summary>
    [Description("What people call it: night, backup.")]
    public required string Name { get; init; }

    /// <summary>The days on which it begins. Every day when empty.</summary>
    [Description("The days on which it begins: monday, tuesday, … Every day when empty.")]
    public IReadOnlyList<DayOfWeek> Days { get; init; } = [];

    /// <summary>When it begins, local to <see cref="TimeZone"/>.</summary>
    [Description("When it begins, such as 23:00.")]
    public required TimeOnly From { get; init; }

    /// <summary>When it ends; earlier than <see cref="From"/> means on the next day.</summary>
    [Description("When it ends, such as 07:00. Earlier than 'from' means on the next day.")]
    public required TimeOnly To { get; init; }

    /// <summary>The IANA time zone it is written in.</summary>
    [Description("The time zone it is written in, such as Europe/Berlin. UTC when not given.")]
    public string TimeZone { get; init; } = "UTC";

    /// <summary>Which targets it covers, as patterns. All when empty.</summary>
    [Description("Which targets it covers, with * and ?. All when empty.")]
    public IReadOnlyList<string> Targets { get; init; } = [];

    /// <summary>What an unattended interruption needs meanwhile.</summary>
    [Description("What an unattended interruption needs meanwhile: ask, askTwice or deny.")]
    public Requirement Require { get; init; } = Requirement.Deny;

    /// <summary>True when a moment lies within the window. Days and hours are those of the window's own time zone, so daylight saving moves with it.</summary>
    /// <exception cref="TimeZoneNotFoundException">The zone is unknown; the lab file's validation refuses it earlier.</exception>
    public bool Holds(DateTimeOffset moment)
    {
        var zone = string.Equals(TimeZone, "UTC", StringComparison.OrdinalIgnoreCase) ? TimeZoneInfo.Utc : TimeZoneInfo.FindSystemTimeZoneById(TimeZone);
        var local = TimeZoneInfo.ConvertTime(moment, zone);
        var time = TimeOnly.FromDateTime(local.DateTime);
        if (From <= To) return time >= From && time < To && Begins(local.DayOfWeek);
        if (time >= From) return Begins(local.DayOfWeek);
        return time < To && Begins(local.AddDays(-1).DayOfWeek);
    }

    private bool Begins(DayOfWeek day) => Days.Count == 0 || Days.Contains(day);
}
