using Homelab.Lab.Telegram;

namespace Homelab.UnitTests.Automation;

/// <summary>What people in the chat see and do, and what comes of it.</summary>
public sealed class ApprovalCourierTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_question_is_put_with_buttons_and_says_afterwards_who_answered_and_what_came_of_it()
    {
        await using var bench = await CourierBench.OpenAsync();
        bench.Stop.World = "running";
        var approval = await bench.AskAsync();
        var message = await bench.NextAsync();
        Assert.Equal((CourierBench.Chat, "✅ Yes", "⛔ No"), (message.Chat, message.Buttons[0].Text, message.Buttons[1].Text));
        Assert.Contains("Change thing", message.Text, StringComparison.Ordinal);
        Assert.Contains("; running.", message.Text, StringComparison.Ordinal);
        Assert.Contains("No answer by 12:15:00 UTC means no.", message.Text, StringComparison.Ordinal);
        Assert.All(message.Buttons, b => Assert.DoesNotContain(approval.Id, b.Data, StringComparison.Ordinal));
        Assert.All(message.Buttons, static b => Assert.InRange(b.Data.Length, 22, 64));

        var toast = await bench.SeesAsync(bench.Telegram.PressOn(message, "Yes", CourierBench.Anna));
        Assert.Equal((false, true), (toast.IsAlert, toast.Text.StartsWith("Approved: ", StringComparison.Ordinal)));
        Assert.Equal("telegram:1111", Assert.Single((await bench.GetAsync(approval)).Confirmations).Approver);
        await bench.ReadsAsync(message, "Yes by Anna (telegram:1111) at 12:00:0");
        Assert.Empty(bench.Now(message).Buttons);

        Assert.IsType<GateOutcome.Done>(await bench.UseAsync(approval));
        await bench.ReadsAsync(message, "Done at 12:00:0");
        Assert.Single(bench.Telegram.Messages);
        Assert.Empty(bench.Troubles);
    }

    [Fact]
    public async Task A_no_is_final_and_says_who_gave_it_in_clean_text()
    {
        await using var bench = await CourierBench.OpenAsync();
        var approval = await bench.AskAsync();
        var message = await bench.NextAsync();
        await bench.SeesAsync(bench.Telegram.PressOn(message, "No", CourierBench.Bert));
        await bench.ReadsAsync(message, "Denied by Bert <b> (telegram:2222) at 12:00:0");
        Assert.Equal("telegram:2222", (await bench.GetAsync(approval)).DeniedBy);
    }

    [Fact]
    public async Task At_four_fifths_of_its_time_people_are_reminded_once_and_at_its_end_it_is_a_no_though_nobody_looks()
    {
        await using var bench = await CourierBench.OpenAsync();
        var approval = await bench.AskAsync();
        var message = await bench.NextAsync();
        await bench.UntilAsync("the message to be known", () => bench.Store.ListOpenMessagesAsync("telegram", Cancellation).Result.All(static m => m.Reference is not null));
        bench.Time.Leap(approval.RequestedAt + TimeSpan.FromMinutes(11.9) - bench.Time.GetUtcNow());
        await bench.UntilAsync("some rounds", () => bench.Time.GetUtcNow() > approval.RequestedAt + TimeSpan.FromMinutes(11.902));
        Assert.Single(bench.Telegram.Messages);

        bench.Time.Leap(TimeSpan.FromMinutes(0.2));
        var reminder = await bench.NextAsync();
        Assert.Equal(message.Id, reminder.ReplyTo);
        Assert.Contains("still waits", reminder.Text, StringComparison.Ordinal);
        Assert.Equal(2, bench.Now(message).Buttons.Count);
        // That the chat has it is known to the store a moment later; a jump of the clock before that would cut the answer off.
        await bench.UntilAsync("the reminder to be known", () => bench.Store.ListOpenMessagesAsync("telegram", Cancellation).Result.All(static m => m.Reference!.Contains(' ', StringComparison.Ordinal)));

        bench.Time.Leap(TimeSpan.FromMinutes(4));
        await bench.ReadsAsync(message, "Expired at 12:15:00 UTC: nobody answered in time, which means no.");
        Assert.Equal(ApprovalStatus.Expired, (await bench.Store.FindApprovalAsync(approval.Id, Cancellation))!.Status);
        Assert.Equal(2, bench.Telegram.Messages.Count);
        Assert.Contains("takes no more answers", (await bench.SeesAsync(bench.Telegram.Press(message, message.Buttons[0].Data, CourierBench.Anna), TimeSpan.FromSeconds(0.1))).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_stranger_and_another_chat_are_turned_away_and_written_down()
    {
        await using var bench = await CourierBench.OpenAsync();
        var approval = await bench.AskAsync();
        var message = await bench.NextAsync();
        var stranger = await bench.SeesAsync(bench.Telegram.PressOn(message, "Yes", CourierBench.Mallory));
        Assert.True(stranger.IsAlert);
        Assert.StartsWith("You may not answer this.", stranger.Text, StringComparison.Ordinal);
        var elsewhere = await bench.SeesAsync(bench.Telegram.Press(message, message.Buttons[0].Data, CourierBench.Anna, chat: "-999"));
        Assert.StartsWith("You may not answer here", elsewhere.Text, StringComparison.Ordinal);
        Assert.Equal(["telegram:666", "telegram:1111"], (await bench.AuditAsync()).Where(static l => l.Kind == AuditKind.Denied).Select(static l => l.Identity));
        Assert.Empty((await bench.GetAsync(approval)).Confirmations);
        Assert.Equal(ApprovalStatus.Pending, (await bench.GetAsync(approval)).Status);
    }

    [Fact]
    public async Task A_button_that_was_used_forwarded_or_made_up_is_dead()
    {
        await using var bench = await CourierBench.OpenAsync();
        var first = await bench.AskAsync();
        var message = await bench.NextAsync();
        var second = await bench.AskAsync(name: "other");
        var other = await bench.NextAsync();
        // The one question's button below the other's message, and one that nobody was given.
        Assert.Contains("dead", (await bench.SeesAsync(bench.Telegram.Press(other, message.Buttons[0].Data, CourierBench.Anna))).Text, StringComparison.Ordinal);
        Assert.Contains("dead", (await bench.SeesAsync(bench.Telegram.Press(message, new string('0', 32) + ":y", CourierBench.Anna))).Text, StringComparison.Ordinal);
        Assert.Contains("dead", (await bench.SeesAsync(bench.Telegram.Press(message, $"{first.Id}:y", CourierBench.Anna))).Text, StringComparison.Ordinal);

        await bench.SeesAsync(bench.Telegram.PressOn(message, "No", CourierBench.Anna));
        await bench.ReadsAsync(message, "Denied");
        var replayed = await bench.SeesAsync(bench.Telegram.Press(message, message.Buttons[0].Data, CourierBench.Anna));
        Assert.True(replayed.IsAlert);
        Assert.Equal((ApprovalStatus.Denied, ApprovalStatus.Pending), ((await bench.GetAsync(first)).Status, (await bench.GetAsync(second)).Status));
    }

    [Fact]
    public async Task What_destroys_wants_a_second_different_yes_a_double_press_is_none_and_the_typed_name_is_one()
    {
        await using var bench = await CourierBench.OpenAsync();
        var approval = await bench.AskAsync("sample_delete_thing");
        var message = await bench.NextAsync();
        Assert.Contains("Two different confirmations are needed.", message.Text, StringComparison.Ordinal);
        var first = bench.Telegram.Press(message, message.Buttons[0].Data, CourierBench.Anna);
        var again = bench.Telegram.Press(message, message.Buttons[0].Data, CourierBench.Anna);
        Assert.StartsWith("Yes 1 of 2.", (await bench.SeesAsync(first)).Text, StringComparison.Ordinal);
        Assert.True((await bench.SeesAsync(again)).IsAlert);
        var prompt = await bench.NextAsync();
        Assert.Equal((message.Id, true), (prompt.ReplyTo, prompt.ForcesReply));
        await bench.ReadsAsync(message, "Yes (1 of 2) by Anna (telegram:1111)");

        bench.Telegram.Reply(prompt, "wbe", CourierBench.Anna);
        Assert.Contains("'wbe' is not the target", (await bench.NextAsync()).Text, StringComparison.Ordinal);
        bench.Telegram.Reply(prompt, "web", CourierBench.Mallory);
        Assert.StartsWith("You may not answer this.", (await bench.NextAsync()).Text, StringComparison.Ordinal);
        Assert.Equal(ApprovalStatus.Pending, (await bench.GetAsync(approval)).Status);

        bench.Telegram.Reply(prompt, " web ", CourierBench.Anna);
        await bench.ReadsAsync(message, "Yes (2 of 2) by Anna (telegram:1111)");
        Assert.True((await bench.GetAsync(approval)).Confirmations[1].TypedTarget);
        Assert.IsType<GateOutcome.Done>(await bench.UseAsync(approval, "sample_delete_thing"));
        await bench.ReadsAsync(message, "Done at");
    }

    [Fact]
    public async Task What_people_say_below_a_question_is_no_answer()
    {
        await using var bench = await CourierBench.OpenAsync();
        var approval = await bench.AskAsync();
        var message = await bench.NextAsync();
        bench.Telegram.Reply(message, "web", CourierBench.Anna);
        bench.Telegram.Reply(message, "what is this?", CourierBench.Mallory);
        Assert.StartsWith("Approved", (await bench.SeesAsync(bench.Telegram.PressOn(message, "Yes", CourierBench.Anna))).Text, StringComparison.Ordinal);
        Assert.False(Assert.Single((await bench.GetAsync(approval)).Confirmations).TypedTarget);
        Assert.Single(bench.Telegram.Messages);
        Assert.DoesNotContain(await bench.AuditAsync(), static l => l.Kind == AuditKind.Denied);
    }

    [Fact]
    public async Task Where_two_people_are_demanded_one_cannot_be_both_and_another_press_is_the_second()
    {
        await using var bench = await CourierBench.OpenAsync(twoPeople: true);
        var approval = await bench.AskAsync("sample_delete_thing");
        var message = await bench.NextAsync();
        await bench.SeesAsync(bench.Telegram.PressOn(message, "Yes", CourierBench.Anna));
        var note = await bench.NextAsync();
        Assert.False(note.ForcesReply);
        bench.Telegram.Reply(note, "web", CourierBench.Anna);
        Assert.Contains("another person must", (await bench.NextAsync()).Text, StringComparison.Ordinal);
        await bench.SeesAsync(bench.Telegram.PressOn(message, "Yes", CourierBench.Bert));
        Assert.Equal(ApprovalStatus.Approved, (await bench.GetAsync(approval)).Status);
    }

    [Fact]
    public async Task A_shell_and_the_chat_that_answer_at_once_give_one_answer_and_the_chat_shows_it()
    {
        await using var bench = await CourierBench.OpenAsync();
        for (var i = 0; i < 5; i++)
        {
            var approval = await bench.AskAsync(name: $"thing{i}");
            var message = await bench.NextAsync();
            var pressed = bench.Telegram.PressOn(message, "Yes", CourierBench.Anna);
            var typed = bench.Approvals.DenyAsync(approval.Id, "cli:anna", Cancellation);
            var toast = await bench.SeesAsync(pressed);
            var shellWon = await typed.ContinueWith(static t => t.IsCompletedSuccessfully, TaskScheduler.Default);
            var answered = await bench.GetAsync(approval);
            Assert.Equal(shellWon, toast.IsAlert);
            Assert.Equal(shellWon ? ApprovalStatus.Denied : ApprovalStatus.Approved, answered.Status);
            await bench.ReadsAsync(message, shellWon ? "Denied by cli:anna" : "Yes by Anna");
        }
    }

    [Fact]
    public async Task An_answer_given_elsewhere_shows_in_the_chat_and_takes_the_buttons_away()
    {
        await using var bench = await CourierBench.OpenAsync();
        var approval = await bench.AskAsync();
        var message = await bench.NextAsync();
        await bench.Approvals.ApproveAsync(approval.Id, "cli:carl", null, Cancellation);
        await bench.ReadsAsync(message, "Yes by cli:carl at");
        Assert.Empty(bench.Now(message).Buttons);
    }

    [Fact]
    public async Task When_the_target_has_become_another_the_message_says_that_the_answer_is_void()
    {
        await using var bench = await CourierBench.OpenAsync();
        bench.Stop.World = "running";
        var approval = await bench.AskAsync();
        var message = await bench.NextAsync();
        await bench.SeesAsync(bench.Telegram.PressOn(message, "Yes", CourierBench.Anna));
        bench.Stop.World = "stopped";
        Assert.Equal("ApprovalVoid", (await Assert.ThrowsAsync<HomelabException>(() => bench.UseAsync(approval))).Id);
        await bench.ReadsAsync(message, "when it was asked for it was: running; now it is: stopped. Nothing was done.");
    }

    [Fact]
    public async Task A_message_that_somebody_deleted_is_put_anew_and_its_old_buttons_are_dead()
    {
        await using var bench = await CourierBench.OpenAsync();
        var approval = await bench.AskAsync("sample_delete_thing");
        var message = await bench.NextAsync();
        bench.Telegram.Delete(message.Id);
        await bench.Approvals.ApproveAsync(approval.Id, "cli:carl", null, Cancellation);
        var anew = await bench.NextAsync();
        Assert.Contains("Yes (1 of 2) by cli:carl", anew.Text, StringComparison.Ordinal);
        Assert.NotEqual(message.Buttons[0].Data, anew.Buttons[0].Data);
        Assert.Contains("dead", (await bench.SeesAsync(bench.Telegram.Press(message, message.Buttons[0].Data, CourierBench.Anna))).Text, StringComparison.Ordinal);
        await bench.SeesAsync(bench.Telegram.PressOn(anew, "Yes", CourierBench.Anna));
        Assert.Equal(ApprovalStatus.Approved, (await bench.GetAsync(approval)).Status);
    }
}
