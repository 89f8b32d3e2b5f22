using Homelab.PowerShell.Formatting;

namespace Homelab.UnitTests.PowerShell.Formatting;

public sealed class CellTests
{
    private static readonly DateTimeOffset s_now = new(2026, 5, 1, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("plain", "plain")]
    [InlineData("\e]0;owned\agitea", "]0;owned gitea")]
    [InlineData("a\r\nb\u009bc", "a  b c")]
    [InlineData("evil\u202Egpj.exe", "evilgpj.exe")]
    [InlineData(null, "")]
    public void A_text_from_outside_commands_no_terminal(string? text, string shown) => Assert.Equal(shown, Cell.Text(text));

    [Theory]
    [InlineData("\e[31mERROR\e[0m no disk", "ERROR no disk")]
    [InlineData("\tat Main()", "    at Main()")]
    [InlineData("   \e[2Jgone", "   [2Jgone")]
    [InlineData("", "")]
    public void A_line_of_a_log_keeps_its_indentation_and_loses_its_colours(string text, string shown) => Assert.Equal(shown, Cell.Line(text));

    [Theory]
    [InlineData(0, "0s")]
    [InlineData(0.0004, "<1ms")]
    [InlineData(0.34, "340ms")]
    [InlineData(1.24, "1.2s")]
    [InlineData(60, "1m")]
    [InlineData(90, "1m 30s")]
    [InlineData(3 * 3600 + 61, "3h 1m")]
    [InlineData(3 * 86400 + 4 * 3600 + 59, "3d 4h")]
    [InlineData(-90, "-1m 30s")]
    public void A_span_has_its_two_largest_units(double seconds, string shown) => Assert.Equal(shown, Cell.Span(TimeSpan.FromSeconds(seconds)));

    [Theory]
    [InlineData(-12.9, "12s ago")]
    [InlineData(-0.5, "now")]
    [InlineData(0.5, "now")]
    [InlineData(240, "in 4m")]
    [InlineData(-273600, "3d 4h ago")]
    public void An_age_says_how_long_ago_or_in_how_long(double seconds, string shown) => Assert.Equal(shown, Cell.Age(s_now.AddSeconds(seconds), s_now));

    [Fact]
    public void What_never_happened_has_no_year_1()
    {
        Assert.Equal("never", Cell.Age(DateTimeOffset.MinValue));
        Assert.Equal("never", Cell.Time(DateTimeOffset.MinValue));
        Assert.Equal("never", Cell.Exact(DateTimeOffset.MinValue));
        Assert.Equal(("", "", ""), (Cell.Age(null), Cell.Time(null), Cell.Exact(null)));
    }

    [Fact]
    public void A_table_shows_local_time_and_a_list_the_exact_one()
    {
        Assert.Equal(s_now.LocalDateTime.ToString("yyyy-MM-dd HH:mm:ss"), Cell.Time(s_now));
        Assert.Equal("2026-05-01T12:00:00.0000000+00:00", Cell.Exact(s_now));
    }

    [Fact]
    public void Sizes_and_limits_are_for_people()
    {
        Assert.Equal("1.5 GiB", Cell.Size(1_610_612_736));
        Assert.Equal("unlimited", Cell.Limit(0));
        Assert.Equal("12.5%", Cell.Percent(12.49999));
    }

    [Theory]
    [InlineData(6, "\e[31m6d\e[0m")]
    [InlineData(29, "\e[33m29d\e[0m")]
    [InlineData(30, "\e[32m30d\e[0m")]
    [InlineData(null, "")]
    public void Days_that_a_certificate_has_left_are_coloured_by_their_urgency(int? days, string shown) => Assert.Equal(shown, Cell.Days(days));

    [Fact]
    public void Lists_and_labels_are_one_line()
    {
        Assert.Equal("80/tcp, 443/tcp", Cell.List(["80/tcp", "443/tcp"]));
        Assert.Equal("app=x\u0020y, tier=1", Cell.Pairs(new Dictionary<string, string> { ["tier"] = "1", ["app"] = "x\ny" }));
        Assert.Equal("", Cell.List(null));
    }

    // Unknown counts as failure everywhere, so also to the eye.
    [Theory]
    [InlineData(ContainerState.Unknown)]
    [InlineData(ContainerHealth.Unknown)]
    [InlineData(ProbeStatus.Unknown)]
    [InlineData(MonitorStatus.Unknown)]
    public void Unknown_is_red(object state) => Assert.Equal("\e[31mUnknown\e[0m", Cell.State(state));

    [Fact]
    public void A_state_that_says_neither_good_nor_bad_has_no_colour() => Assert.Equal("Created", Cell.State(ContainerState.Created));
}
