using Homelab.Automation.Schedules;

namespace Homelab.UnitTests.Automation;

public sealed class CronExpressionTests
{
    private static readonly TimeZoneInfo s_berlin = TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin");

    [Theory]
    [InlineData("0 3 * * *", "2026-03-04T12:00Z", "2026-03-05T03:00Z")]
    [InlineData("* * * * *", "2026-03-04T12:00Z", "2026-03-04T12:01Z")]
    [InlineData("* * * * *", "2026-03-04T12:00:59Z", "2026-03-04T12:01Z")]
    [InlineData("*/15 8-18/2 * * *", "2026-03-04T08:50Z", "2026-03-04T10:00Z")]
    [InlineData("5/20 * * * *", "2026-03-04T08:26Z", "2026-03-04T08:45Z")]
    [InlineData("0 0 29 2 *", "2026-03-04T00:00Z", "2028-02-29T00:00Z")]
    [InlineData("0 0 31 * *", "2026-04-01T00:00Z", "2026-05-31T00:00Z")]
    [InlineData("0 0 * * 0", "2026-03-04T00:00Z", "2026-03-08T00:00Z")]
    [InlineData("0 0 * * 7", "2026-03-04T00:00Z", "2026-03-08T00:00Z")]
    [InlineData("0 0 * * mon-fri", "2026-03-06T12:00Z", "2026-03-09T00:00Z")]
    [InlineData("0 0 1 * mon", "2026-03-04T00:00Z", "2026-03-09T00:00Z")]
    [InlineData("0 0 */10 * mon", "2026-03-04T00:00Z", "2026-03-09T00:00Z")]
    [InlineData("0 0 13 * *", "2026-03-04T00:00Z", "2026-03-13T00:00Z")]
    [InlineData("30 1,13 * JAN,jul *", "2026-03-04T00:00Z", "2026-07-01T01:30Z")]
    [InlineData("0  0   1 1 *", "2026-12-31T23:59Z", "2027-01-01T00:00Z")]
    public void The_next_moment_is_found(string cron, string after, string expected) =>
        Assert.Equal(DateTimeOffset.Parse(expected), CronExpression.Parse(cron).Next(DateTimeOffset.Parse(after), TimeZoneInfo.Utc));

    [Theory]
    [InlineData("0 3 * *", "4 fields")]
    [InlineData("0 3 * * * *", "6 fields")]
    [InlineData("60 3 * * *", "minute '60'")]
    [InlineData("0 24 * * *", "hour '24'")]
    [InlineData("0 0 0 * *", "day of month '0'")]
    [InlineData("0 0 * 13 *", "month '13'")]
    [InlineData("0 0 * * 8", "day of week '8'")]
    [InlineData("0 0 * * funday", "day of week 'funday'")]
    [InlineData("5-1 * * * *", "ends before it begins")]
    [InlineData("*/0 * * * *", "minute '0'")]
    [InlineData("1/2/3 * * * *", "more than one '/'")]
    [InlineData("1-2-3 * * * *", "is no range")]
    [InlineData(", * * * *", "minute ''")]
    [InlineData("-1 * * * *", "minute ''")]
    [InlineData("0 0 31 2 *", "never comes")]
    [InlineData("", "0 fields")]
    public void What_is_no_expression_is_told_with_its_field(string cron, string reason) => Assert.Contains(reason, CronExpression.Objection(cron), StringComparison.Ordinal);

    [Fact]
    public void A_time_of_day_that_does_not_exist_comes_at_the_end_of_the_gap() =>
        // On the 29th of March 2026 the clocks of Berlin go from 02:00 to 03:00, which is 01:00 UTC.
        Assert.Equal(["2026-03-28T01:30Z", "2026-03-29T01:00Z", "2026-03-30T00:30Z"], Moments("30 2 * * *", "2026-03-28T00:00Z", 3));

    [Fact]
    public void A_time_of_day_that_exists_twice_comes_the_first_time() =>
        // On the 25th of October 2026 they go from 03:00 back to 02:00, which is 01:00 UTC.
        Assert.Equal(["2026-10-24T00:30Z", "2026-10-25T00:30Z", "2026-10-26T01:30Z"], Moments("30 2 * * *", "2026-10-24T00:00Z", 3));

    [Fact]
    public void Every_hour_means_every_hour_that_really_passes()
    {
        Assert.Equal(["2026-03-29T00:15Z", "2026-03-29T01:15Z", "2026-03-29T02:15Z"], Moments("15 * * * *", "2026-03-29T00:00Z", 3));
        Assert.Equal(["2026-10-25T00:15Z", "2026-10-25T01:15Z", "2026-10-25T02:15Z"], Moments("15 * * * *", "2026-10-25T00:00Z", 3));
    }

    private static IEnumerable<string> Moments(string cron, string after, int count)
    {
        var expression = CronExpression.Parse(cron);
        var moment = DateTimeOffset.Parse(after);
        for (var i = 0; i < count; i++)
        {
            moment = expression.Next(moment, s_berlin)!.Value;
            yield return moment.ToString("yyyy-MM-dd'T'HH:mm'Z'");
        }
    }
}
