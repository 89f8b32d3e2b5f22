using Homelab.Providers.Docker;

namespace Homelab.UnitTests.Providers.Docker;

using ManualTime = Homelab.Tests.ManualTime;

public sealed class EventCursorTests
{
    private const long Second = 1_000_000_000;
    private readonly ManualTime _time = new();

    [Fact]
    public void Before_the_first_connection_only_new_events_are_wanted() => Assert.Null(new EventCursor(_time).From);

    [Fact]
    public void Cut_off_at_once_the_whole_second_of_the_beginning_is_asked_for()
    {
        var cursor = Opened(100 * Second);

        cursor.Close();

        Assert.Equal(100 * Second, cursor.From);
    }

    [Fact]
    public void Cut_off_later_nothing_from_before_the_beginning_is_asked_for()
    {
        var cursor = Opened(100 * Second);

        _time.Advance(TimeSpan.FromSeconds(1));
        cursor.Close();

        Assert.Equal(101 * Second, cursor.From);
    }

    [Fact]
    public void It_goes_on_a_second_before_the_last_event_and_never_back()
    {
        var cursor = Opened(100 * Second);

        cursor.Take(Event("die", 200 * Second));
        cursor.Take(Event("start", 300 * Second));
        cursor.Take(Event("oom", 250 * Second));
        cursor.Open(90 * Second);

        Assert.Equal(299 * Second, cursor.From);
    }

    [Fact]
    public void It_does_not_go_back_behind_the_first_event_that_was_heard()
    {
        var cursor = Opened(100 * Second);

        cursor.Take(Event("die", (100 * Second) + 700_000_000));

        Assert.Equal((100 * Second) + 650_000_000, cursor.From);
    }

    [Fact]
    public void An_event_is_told_once_and_the_memory_is_bounded()
    {
        var cursor = Opened(0);

        Assert.True(cursor.Take(Event("die", 5)));
        Assert.False(cursor.Take(Event("die", 5)));
        Assert.True(cursor.Take(Event("start", 5)));
        for (var i = 0; i < 600; i++) cursor.Take(Event("exec", 1000 + i));
        Assert.True(cursor.Take(Event("die", 5)));
    }

    private EventCursor Opened(long at)
    {
        var cursor = new EventCursor(_time);
        cursor.Open(at);
        return cursor;
    }

    private static ContainerEvent Event(string action, long at) => new() { Container = "x", Host = "dev", Id = "ab", Action = action, At = DateTimeOffset.UnixEpoch, UnixNanoseconds = at };
}
