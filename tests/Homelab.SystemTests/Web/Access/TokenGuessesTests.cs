using System.Net;
using Homelab.Host.Web.Access;
using Homelab.Tests;

namespace Homelab.SystemTests.Web.Access;

/// <summary>How guessing is slowed down, by a clock of the test's own.</summary>
public sealed class TokenGuessesTests
{
    private static readonly IPAddress s_one = IPAddress.Parse("192.0.2.1");

    private readonly ManualTime _time = new();
    private readonly TokenGuesses _guesses;

    public TokenGuessesTests() => _guesses = new TokenGuesses(_time);

    [Fact]
    public void Ten_wrong_tokens_within_a_minute_shut_an_address_out_for_a_minute()
    {
        Guess(s_one, 9);
        Assert.Null(_guesses.ShutOutFor(s_one));
        Assert.True(_guesses.Note(s_one));
        Assert.Equal(TimeSpan.FromMinutes(1), _guesses.ShutOutFor(s_one));
        Assert.Null(_guesses.ShutOutFor(IPAddress.Parse("192.0.2.2")));
        _time.Advance(TimeSpan.FromSeconds(59));
        Assert.Equal(TimeSpan.FromSeconds(1), _guesses.ShutOutFor(s_one));
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Null(_guesses.ShutOutFor(s_one));
        Guess(s_one, 9);
        Assert.True(_guesses.Note(s_one));
    }

    [Fact]
    public void Wrong_tokens_that_come_slowly_shut_nobody_out()
    {
        for (var i = 0; i < 100; i++)
        {
            Assert.False(_guesses.Note(s_one));
            _time.Advance(TimeSpan.FromSeconds(6.7));
        }

        Assert.Null(_guesses.ShutOutFor(s_one));
    }

    [Theory]
    [InlineData("192.0.2.1", "::ffff:192.0.2.1", true)]
    [InlineData("2001:db8:0:1::1", "2001:db8:0:1:ffff::2", true)]
    [InlineData("2001:db8:0:1::1", "2001:db8:0:2::1", false)]
    [InlineData("192.0.2.1", "192.0.2.2", false)]
    public void One_household_is_one_address(string guesses, string asks, bool isShutOut)
    {
        Guess(IPAddress.Parse(guesses), 9);
        _guesses.Note(IPAddress.Parse(guesses));
        Assert.Equal(isShutOut, _guesses.ShutOutFor(IPAddress.Parse(asks)) is not null);
    }

    [Fact]
    public void Many_addresses_fill_no_memory_and_let_nobody_in_who_was_shut_out_a_moment_ago()
    {
        for (var i = 0; i < 20_000; i++) Assert.False(_guesses.Note(new IPAddress(i + 1)));
        Assert.InRange(_guesses.Known, 1, 4_096);
        for (var i = 0; i < 10; i++) _guesses.Note(s_one);
        _time.Advance(TimeSpan.FromSeconds(1));
        for (var i = 0; i < 4_000; i++) _guesses.Note(new IPAddress(i + 100_000));
        Assert.NotNull(_guesses.ShutOutFor(s_one));
    }

    private void Guess(IPAddress address, int times)
    {
        for (var i = 0; i < times; i++) Assert.False(_guesses.Note(address));
    }
}
