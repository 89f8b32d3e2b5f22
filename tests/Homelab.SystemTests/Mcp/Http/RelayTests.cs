using System.Text;
using Homelab.Host.Mcp.Http;
using Homelab.Tests;

namespace Homelab.SystemTests.Mcp.Http;

/// <summary>Whoever tells something never waits for whoever listens, and whoever listens again hears what was told meanwhile, up to a bound.</summary>
public sealed class RelayTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Who_does_not_listen_finds_the_newest_later()
    {
        await using var relay = new EventRelay(TimeProvider.System);
        for (var i = 1; i <= 1_000; i++) await TellAsync(relay, $"data: {i}\n\n");
        await TellAsync(relay, new string('x', EventRelay.LongestEvent + 1));
        using var client = new Listener();
        await client.HearAsync(relay, $"data: 1000\n\n");
        Assert.Equal(string.Concat(Enumerable.Range(1_000 - EventRelay.Most + 1, EventRelay.Most).Select(i => $"data: {i}\n\n")), client.Text);
    }

    [Fact]
    public async Task An_event_comes_whole_however_it_was_written()
    {
        await using var relay = new EventRelay(TimeProvider.System);
        await relay.WriteAsync("data: "u8.ToArray(), Cancellation);
        relay.Write("one"u8);
        await TellAsync(relay, "\n\n");
        await relay.FlushAsync(Cancellation);
        using var client = new Listener();
        await client.HearAsync(relay, "data: one\n\n");
        Assert.Equal("data: one\n\n", client.Text);
    }

    [Fact]
    public async Task Another_listener_takes_the_place_of_the_first()
    {
        await using var relay = new EventRelay(TimeProvider.System);
        using var first = new Listener();
        using var second = new Listener();
        var listening = relay.ListenAsync(first, Cancellation);
        var hearing = second.HearAsync(relay, "data: x\n\n");
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => listening);
        await TellAsync(relay, "data: x\n\n");
        await hearing;
        Assert.Equal(("", "data: x\n\n"), (first.Text, second.Text));
    }

    [Fact]
    public async Task Silence_is_broken_before_a_proxy_breaks_the_connection()
    {
        var time = new ManualTime();
        await using var relay = new EventRelay(time);
        using var client = new Listener();
        var hearing = client.HearAsync(relay, ":\n\n");
        await time.WaitedForAsync(EventRelay.Beat);
        time.Advance(EventRelay.Beat);
        await hearing;
        Assert.Equal(":\n\n", client.Text);
    }

    private static async Task TellAsync(EventRelay relay, string text)
    {
        await relay.WriteAsync(Encoding.UTF8.GetBytes(text), Cancellation);
        await relay.FlushAsync(Cancellation);
    }

    private sealed class Listener : MemoryStream
    {
        private readonly CancellationTokenSource _heard = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        private string? _until;

        internal string Text => Encoding.UTF8.GetString(ToArray());

        internal async Task HearAsync(EventRelay relay, string until)
        {
            _until = until;
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => relay.ListenAsync(this, _heard.Token)).WaitAsync(TimeSpan.FromMinutes(3), Cancellation);
        }

        public override async Task FlushAsync(CancellationToken cancellationToken)
        {
            if (_until is not null && Text.EndsWith(_until, StringComparison.Ordinal)) await _heard.CancelAsync();
        }

        protected override void Dispose(bool disposing)
        {
            if (disposing) _heard.Dispose();
            base.Dispose(disposing);
        }
    }
}
