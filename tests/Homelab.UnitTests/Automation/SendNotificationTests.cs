using Homelab.Automation.Notifications;

namespace Homelab.UnitTests.Automation;

/// <summary>Texts of one's own, to people.</summary>
public sealed class SendNotificationTests
{
    [Fact]
    public async Task A_text_reaches_people_with_who_sent_it()
    {
        await using var bench = await HealingBench.StartAsync(RequestCase.Home);
        var sent = await SendAsync(bench, new SendNotification.Input { Text = "The rack is moved at noon.\nBe warned." });
        Assert.Equal("📣 mcp:claude:\nThe rack is moved at noon.\nBe warned.", Assert.Single(bench.Told));
        Assert.Equal(["test"], sent.SentOn);
        Assert.Empty(sent.WaitsFor);
        Assert.Empty(await bench.Store.ListUnsentAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Where_nobody_serves_it_is_sent_at_once()
    {
        await using var bench = await HealingBench.OpenAsync(RequestCase.Home, TimeProvider.System);
        Assert.Equal(["test"], (await SendAsync(bench, new SendNotification.Input { Text = "Hello", Channel = "test" })).SentOn);
        Assert.Single(bench.Told);
    }

    [Fact]
    public async Task What_a_channel_does_not_take_is_kept_and_said_to_wait()
    {
        await using var bench = await HealingBench.OpenAsync(RequestCase.Home, TimeProvider.System);
        bench.OnTell = static _ => throw new HomelabException(ErrorKind.Unavailable, "ChatDown", "The chat is down.");
        var sent = await SendAsync(bench, new SendNotification.Input { Text = "Hello" });
        Assert.Equal((0, "test"), (sent.SentOn.Count, Assert.Single(sent.WaitsFor)));
        Assert.Equal(("test", 1), (Assert.Single(await bench.Store.ListUnsentAsync(TestContext.Current.CancellationToken)).Channel, (await bench.Store.ListUnsentAsync(TestContext.Current.CancellationToken))[0].Failures));

        // Whoever serves next sends it.
        bench.OnTell = static _ => Task.CompletedTask;
        await bench.Engine.StartAsync(TestContext.Current.CancellationToken);
        await bench.UntilAsync(Homelab.Automation.Healing.HealingEventKind.NoticeSent);
        Assert.Contains("Hello", Assert.Single(bench.Told), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Many_texts_at_once_are_each_sent_once()
    {
        await using var bench = await HealingBench.StartAsync(RequestCase.Home);
        await Task.WhenAll(Enumerable.Range(0, 10).Select(i => SendAsync(bench, new SendNotification.Input { Text = $"text {i}" })));
        Assert.Equal(10, bench.Told.Distinct(StringComparer.Ordinal).Count());
    }

    [Theory]
    [InlineData("Hello", "tset", "ChannelNotFound", "Did you mean 'test'?")]
    [InlineData(" \n", null, "InputInvalid", "Say something.")]
    public async Task What_nobody_could_read_is_refused_and_nothing_is_written_down(string text, string? channel, string id, string says)
    {
        await using var bench = await HealingBench.OpenAsync(RequestCase.Home, TimeProvider.System);
        var e = await Assert.ThrowsAnyAsync<HomelabException>(() => SendAsync(bench, new SendNotification.Input { Text = text, Channel = channel }));
        Assert.Equal(id, e.Id);
        Assert.Contains(says, e.Message, StringComparison.Ordinal);
        Assert.Empty(await bench.Store.ListUnsentAsync(TestContext.Current.CancellationToken));
    }

    private static async Task<Notification> SendAsync(HealingBench bench, SendNotification.Input input)
    {
        var outcome = await bench.Gate.InvokeAsync(new GateRequest { Operation = "notify_send", Input = input, Caller = new Caller(Face.Mcp, "claude") }, TestContext.Current.CancellationToken);
        return Assert.IsType<Notification>(Assert.IsType<GateOutcome.Done>(outcome).Result);
    }
}
