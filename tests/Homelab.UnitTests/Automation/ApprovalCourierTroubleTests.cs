using System.Net.Http.Json;
using Homelab.Lab.Telegram;

namespace Homelab.UnitTests.Automation;

/// <summary>Restarts in every state, and a channel that fails.</summary>
public sealed class ApprovalCourierTroubleTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_question_that_was_put_before_a_restart_is_answered_after_it_and_not_put_twice()
    {
        await using var bench = await CourierBench.OpenAsync();
        var approval = await bench.AskAsync();
        var message = await bench.NextAsync();
        await PutAsync(bench, approval);
        // Pressed while nobody listens: Telegram keeps it.
        Task<TelegramToast>? pressed = null;
        await bench.RestartAsync(() =>
        {
            pressed = bench.Telegram.PressOn(message, "Yes", CourierBench.Anna);
            return Task.CompletedTask;
        });
        Assert.StartsWith("Approved", (await bench.SeesAsync(pressed!)).Text, StringComparison.Ordinal);
        await bench.ReadsAsync(message, "Yes by Anna");
        Assert.Single(bench.Telegram.Messages);
    }

    [Fact]
    public async Task A_question_that_was_asked_while_nobody_served_is_put_at_the_start()
    {
        await using var bench = await CourierBench.OpenAsync(starts: false);
        await bench.AskAsync();
        Assert.Empty(bench.Telegram.Messages);
        bench.Courier.Start();
        await bench.NextAsync();
    }

    [Fact]
    public async Task Half_a_confirmation_survives_a_restart()
    {
        await using var bench = await CourierBench.OpenAsync();
        var approval = await bench.AskAsync("sample_delete_thing");
        var message = await bench.NextAsync();
        await bench.SeesAsync(bench.Telegram.PressOn(message, "Yes", CourierBench.Anna));
        var prompt = await bench.NextAsync();
        await bench.UntilAsync("the prompt to be known", () => Open(bench).Result.Reference!.Contains(' ', StringComparison.Ordinal));
        await bench.RestartAsync();
        bench.Telegram.Reply(prompt, "web", CourierBench.Anna);
        await bench.ReadsAsync(message, "Yes (2 of 2)");
        Assert.Equal(ApprovalStatus.Approved, (await bench.GetAsync(approval)).Status);
        Assert.Equal(2, bench.Telegram.Messages.Count);
    }

    [Fact]
    public async Task An_answer_that_was_taken_but_not_shown_before_a_restart_is_shown_after_it()
    {
        await using var bench = await CourierBench.OpenAsync();
        var approval = await bench.AskAsync();
        var message = await bench.NextAsync();
        await PutAsync(bench, approval);
        await bench.RestartAsync(async () =>
        {
            await using var store = await Homelab.State.SqliteStore.OpenAsync(bench.StatePath, bench.Time, Cancellation);
            await new ApprovalDesk(store, new ApprovalPolicy(), bench.Time).DenyAsync(approval.Id, "cli:carl", Cancellation);
        });
        await bench.ReadsAsync(message, "Denied by cli:carl");
    }

    [Fact]
    public async Task A_question_whose_time_went_by_while_nobody_served_is_a_no_and_says_so()
    {
        await using var bench = await CourierBench.OpenAsync();
        var approval = await bench.AskAsync();
        var message = await bench.NextAsync();
        await PutAsync(bench, approval);
        await bench.RestartAsync(() =>
        {
            bench.Time.Advance(TimeSpan.FromHours(1));
            return Task.CompletedTask;
        });
        await bench.ReadsAsync(message, "Expired at 12:15:00 UTC");
        Assert.Single(bench.Telegram.Messages);
    }

    [Fact]
    public async Task What_a_dead_process_may_have_put_is_put_again_and_its_buttons_are_dead()
    {
        await using var bench = await CourierBench.OpenAsync(starts: false);
        var approval = await bench.AskAsync();
        var nonce = new string('a', 32);
        Assert.NotNull(await bench.Store.ClaimMessageAsync(approval.Id, "telegram", nonce, Cancellation));
        bench.Courier.Start();
        var message = await bench.NextAsync();
        Assert.Contains("dead", (await bench.SeesAsync(bench.Telegram.Press(message, $"{nonce}:y", CourierBench.Anna))).Text, StringComparison.Ordinal);
        await bench.SeesAsync(bench.Telegram.PressOn(message, "Yes", CourierBench.Anna));
        Assert.Equal(ApprovalStatus.Approved, (await bench.GetAsync(approval)).Status);
    }

    [Fact]
    public async Task A_press_that_comes_a_second_time_after_a_kill_counts_once()
    {
        await using var bench = await CourierBench.OpenAsync();
        var approval = await bench.AskAsync("sample_delete_thing");
        var message = await bench.NextAsync();
        await bench.SeesAsync(bench.Telegram.PressOn(message, "Yes", CourierBench.Anna));
        await bench.NextAsync();
        // As if it had died before it wrote down how far it had come: Telegram tells the press again.
        await bench.RestartAsync(async () =>
        {
            await using var store = await Homelab.State.SqliteStore.OpenAsync(bench.StatePath, bench.Time, Cancellation);
            await store.SaveCursorAsync("telegram", "123456/1", Cancellation);
            _ = bench.Telegram.Press(message, message.Buttons[0].Data, CourierBench.Anna);
        });
        await bench.SeesAsync(bench.Telegram.Press(message, message.Buttons[0].Data, CourierBench.Anna));
        Assert.Single((await bench.GetAsync(approval)).Confirmations);
    }

    [Theory]
    [InlineData(TelegramFault.ServerError, "TelegramUnreachable")]
    [InlineData(TelegramFault.HangUp, "TelegramUnreachable")]
    [InlineData(TelegramFault.TooMany, "TelegramBusy")]
    [InlineData(TelegramFault.Page, "TelegramUnreachable")]
    public async Task While_the_channel_fails_it_is_told_once_and_made_up_for_afterwards(TelegramFault fault, string id)
    {
        await using var bench = await CourierBench.OpenAsync();
        var approval = await bench.AskAsync();
        var message = await bench.NextAsync();
        await PutAsync(bench, approval);
        bench.Telegram.Fault = fault;
        await bench.Approvals.DenyAsync(approval.Id, "cli:carl", Cancellation);
        await bench.UntilAsync("trouble", () => bench.Troubles.Any(t => t.Contains(id, StringComparison.Ordinal)));
        for (var i = 0; i < 20; i++) await bench.UntilAsync("a longer wait", static () => true, TimeSpan.FromSeconds(2));
        Assert.Single(bench.Troubles, static t => t.StartsWith("questions cannot be put on telegram: ", StringComparison.Ordinal));
        bench.Telegram.Fault = TelegramFault.None;
        await bench.UntilAsync("the message to say it", () => bench.Now(message).Text.Contains("Denied by cli:carl", StringComparison.Ordinal), TimeSpan.FromSeconds(1));
    }

    [Fact]
    public async Task Another_program_that_asks_for_the_bots_updates_is_told_with_the_way_out()
    {
        await using var bench = await CourierBench.OpenAsync();
        await bench.UntilAsync("it to listen", () => bench.Telegram.Asked > 0);
        using var http = new HttpClient();
        var other = new Uri(bench.Telegram.Url, $"/bot{CourierBench.Token}/getUpdates");
        using (await http.PostAsJsonAsync(other, new { timeout = 0 }, Cancellation))
        {
            await bench.UntilAsync("trouble", () => bench.Troubles.Count > 0);
        }

        var trouble = Assert.Single(bench.Troubles);
        Assert.Contains("TelegramOtherPoller", trouble, StringComparison.Ordinal);
        Assert.Contains("@BotFather", trouble, StringComparison.Ordinal);
        Assert.DoesNotContain(CourierBench.Token, trouble, StringComparison.Ordinal);
        // It listens again once it is alone.
        var approval = await bench.AskAsync();
        var press = bench.Telegram.PressOn(await bench.NextAsync(), "Yes", CourierBench.Anna);
        await bench.SeesAsync(press, TimeSpan.FromSeconds(0.1));
        Assert.Equal(ApprovalStatus.Approved, (await bench.GetAsync(approval)).Status);
    }

    [Fact]
    public async Task A_webhook_that_takes_the_answers_away_is_told_with_its_server_and_without_its_path()
    {
        await using var bench = await CourierBench.OpenAsync(starts: false);
        bench.Telegram.Webhook = new Uri("https://n8n.example.dev/webhook/secret-path");
        bench.Courier.Start();
        await bench.UntilAsync("trouble", () => bench.Troubles.Count > 0);
        var trouble = Assert.Single(bench.Troubles);
        Assert.Contains("TelegramWebhookSet", trouble, StringComparison.Ordinal);
        Assert.Contains("n8n.example.dev", trouble, StringComparison.Ordinal);
        Assert.Contains("deleteWebhook", trouble, StringComparison.Ordinal);
        Assert.DoesNotContain("secret-path", trouble, StringComparison.Ordinal);
    }

    private static async Task<ApprovalMessage> Open(CourierBench bench) => Assert.Single(await bench.Store.ListOpenMessagesAsync("telegram", Cancellation));

    // That the chat has it is known to the store a moment later.
    private static Task PutAsync(CourierBench bench, Approval approval) =>
        bench.UntilAsync("the store to know the message", () => bench.Store.ListOpenMessagesAsync("telegram", Cancellation).Result.Any(m => m.Approval == approval.Id && m.Reference is not null));
}
