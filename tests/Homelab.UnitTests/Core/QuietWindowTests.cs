namespace Homelab.UnitTests.Core;

public sealed class QuietWindowTests
{
    private static readonly QuietWindow s_night = new() { Name = "night", From = new TimeOnly(23, 0), To = new TimeOnly(7, 0), Days = [DayOfWeek.Friday], TimeZone = "Europe/Berlin" };

    [Theory]
    [InlineData("2026-01-09T21:59:00Z", false)]
    [InlineData("2026-01-09T22:00:00Z", true)]
    [InlineData("2026-01-10T05:59:00Z", true)]
    [InlineData("2026-01-10T06:00:00Z", false)]
    [InlineData("2026-01-10T22:30:00Z", false)]
    public void A_window_over_midnight_belongs_to_the_day_it_begins_on(string moment, bool holds) =>
        Assert.Equal(holds, s_night.Holds(DateTimeOffset.Parse(moment, null)));

    [Fact]
    public void A_window_moves_with_daylight_saving()
    {
        Assert.False(s_night.Holds(new DateTimeOffset(2026, 7, 10, 20, 59, 0, TimeSpan.Zero)));
        Assert.True(s_night.Holds(new DateTimeOffset(2026, 7, 10, 21, 0, 0, TimeSpan.Zero)));
    }
}
