namespace Homelab.UnitTests.Core;

public sealed class DurationTests
{
    [Theory]
    [InlineData("500ms", 0.5)]
    [InlineData("30s", 30)]
    [InlineData("1h30m", 5400)]
    [InlineData("1.5m", 90)]
    [InlineData("00:00:30", 30)]
    [InlineData("0", 0)]
    public void A_duration_is_read_as_people_write_it(string text, double seconds)
    {
        Assert.True(Duration.TryParse(text, out var duration));
        Assert.Equal(seconds, duration.TotalSeconds);
    }

    [Theory]
    [InlineData("")]
    [InlineData("30")]
    [InlineData("s30")]
    [InlineData("30 parsecs")]
    [InlineData("-5s")]
    [InlineData("99999999999999d")]
    [InlineData("1..5s")]
    public void What_is_no_duration_is_refused(string text) => Assert.False(Duration.TryParse(text, out _));

    [Theory]
    [InlineData("1h30m")]
    [InlineData("10m")]
    [InlineData("250ms")]
    [InlineData("0s")]
    public void A_written_duration_reads_back_as_itself(string text)
    {
        Assert.True(Duration.TryParse(text, out var duration));
        Assert.Equal(text, Duration.Format(duration));
    }
}
