namespace Homelab.UnitTests.Core;

public sealed class HomelabEventTests
{
    private static readonly DateTimeOffset s_time = new(2026, 3, 1, 12, 30, 15, 250, TimeSpan.Zero);

    [Theory]
    [InlineData("gitea", "3f2a", "back after container-crash-recovery")]
    [InlineData("", "", "")]
    [InlineData("überwachung", "", "two\nlines, \"quotes\", a tab\t and \\ and 🔧 and </script>")]
    [InlineData("", "3f2a", "\u0001 \u2028")]
    public void What_is_written_is_read_back(string service, string incident, string text)
    {
        var told = new HomelabEvent { Time = s_time, Event = "recovered", Service = service, Incident = incident, Run = incident, Text = text };
        var line = told.ToLine();
        Assert.DoesNotContain('\n', line);
        Assert.True(HomelabEvent.TryParse(line, out var read));
        Assert.Equal(told, read);
    }

    [Fact]
    public void The_line_has_the_fields_that_programs_read_and_no_empty_ones()
    {
        var told = new HomelabEvent { Time = s_time, Event = "ready", Text = "lab 'home' on http://127.0.0.1:18789/" };
        Assert.Equal("""{"time":"2026-03-01T12:30:15.25+00:00","event":"ready","text":"lab 'home' on http://127.0.0.1:18789/"}""", told.ToLine());
    }

    [Fact]
    public void Fields_of_a_newer_program_are_passed_over()
    {
        Assert.True(HomelabEvent.TryParse("""{"level":{"deep":[1,2]},"time":"2026-03-01T12:30:15.25Z","event":"ready","text":7,"host":null}""", out var read));
        Assert.Equal(new HomelabEvent { Time = s_time, Event = "ready" }, read);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("   ")]
    [InlineData("Unhandled exception. System.Exception: no JSON at all")]
    [InlineData("{\"time\":\"2026-03-01T12:30:15Z\",\"event\":\"ready\"")]
    [InlineData("{\"time\":\"2026-03-01T12:30:15Z\",\"event\":\"\\uD800\"}")]
    [InlineData("[]")]
    [InlineData("\"ready\"")]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("{\"event\":\"ready\"}")]
    [InlineData("{\"time\":\"2026-03-01T12:30:15Z\"}")]
    [InlineData("{\"time\":\"yesterday\",\"event\":\"ready\"}")]
    [InlineData("{\"time\":20260301,\"event\":\"ready\"}")]
    [InlineData("{\"time\":\"2026-03-01T12:30:15Z\",\"event\":3}")]
    [InlineData("{\"time\":\"2026-03-01T12:30:15Z\",\"event\":\"\"}")]
    public void A_line_that_is_no_event_is_not_read(string? line)
    {
        Assert.False(HomelabEvent.TryParse(line, out var read));
        Assert.Null(read);
    }
}
