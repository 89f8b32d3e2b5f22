using Homelab.Lab.Telegram;
using Homelab.State;
using Homelab.Tests;
using SQLitePCL;

namespace Homelab.SystemTests.Cli;

/// <summary>The real program asks in a simulated chat, is killed, and is started again: what people answer counts all the same.</summary>
public sealed class ApprovalTests
{
    // Protects from hanging only.
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(3);

    private static readonly TelegramUser s_anna = new(1111, "Anna");
    private static readonly TelegramUser s_mallory = new(666, "Mallory");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Killed_between_question_and_answer_it_heals_after_the_yes_and_asks_once()
    {
        await using var bench = await OpenAsync();
        var (first, _) = await bench.ServeAsync();
        var question = await AskAsync(bench, first);
        var pressed = bench.Stage.Homelab.Telegram.PressOn(question, "Yes", s_mallory);
        Assert.StartsWith("You may not answer this.", (await pressed).Text, StringComparison.Ordinal);

        await KillAsync(first);
        Assert.False(bench.Stage.Homelab.ContainerOf("gitea").Running);
        // Nobody is there to hear it; Telegram keeps it.
        var answer = bench.Stage.Homelab.Telegram.PressOn(question, "Yes", s_anna);
        var (second, _) = await bench.ServeAsync();
        bench.Stage.Homelab.Kuma.StartChecking();
        Assert.StartsWith("Approved: ", (await answer.WaitAsync(s_patience, Cancellation)).Text, StringComparison.Ordinal);
        await second.EventAsync("recovered", "gitea");
        await ReadsAsync(bench, question, "Yes by Anna (telegram:1111)");
        await ReadsAsync(bench, question, "Done at ");
        Assert.Single(bench.Stage.Homelab.Telegram.Messages, static m => m.Text.Contains("Restart container", StringComparison.Ordinal));
        Assert.Single(bench.Stage.Homelab.Changes);
        Assert.DoesNotContain(bench.Stage.Homelab.Telegram.Messages, static m => m.Text.Contains("Approve with:", StringComparison.Ordinal));

        var (code, output, _) = await bench.RunAsync("audit", "list");
        Assert.Equal(0, code);
        Assert.Contains("telegram:666", output, StringComparison.Ordinal);
        Assert.Equal(0, (await bench.RunAsync("audit", "verify")).Code);
    }

    [Fact]
    public async Task Killed_after_the_yes_was_taken_it_acts_once_when_it_is_back()
    {
        await using var bench = await OpenAsync();
        var (first, _) = await bench.ServeAsync();
        var question = await AskAsync(bench, first);
        // The one moment between answer and deed: killed as soon as the person hears of it.
        await bench.Stage.Homelab.Telegram.PressOn(question, "Yes", s_anna);
        await KillAsync(first);
        var (second, _) = await bench.ServeAsync();
        bench.Stage.Homelab.Kuma.StartChecking();
        await second.EventAsync("recovered", "gitea");
        await ReadsAsync(bench, question, "Yes by Anna (telegram:1111)");
        Assert.Single(bench.Stage.Homelab.Changes);
    }

    [Fact]
    public async Task A_question_whose_time_goes_by_while_it_is_dead_is_a_no()
    {
        await using var bench = await OpenAsync();
        var (first, _) = await bench.ServeAsync();
        var question = await AskAsync(bench, first);
        await KillAsync(first);
        ExpireAll(bench);
        var late = bench.Stage.Homelab.Telegram.PressOn(question, "Yes", s_anna);
        var (second, _) = await bench.ServeAsync();
        await second.EventAsync("escalated", "gitea");
        Assert.True((await late.WaitAsync(s_patience, Cancellation)).IsAlert);
        await ReadsAsync(bench, question, "nobody answered in time, which means no");
        Assert.Empty(bench.Stage.Homelab.Changes);
    }

    [Fact]
    public async Task When_somebody_else_started_the_container_meanwhile_the_yes_is_void_and_nothing_is_restarted()
    {
        await using var bench = await OpenAsync();
        var (serve, _) = await bench.ServeAsync();
        var question = await AskAsync(bench, serve);
        Assert.Contains(", exited.", question.Text, StringComparison.Ordinal);
        Assert.True(bench.Stage.Homelab.ContainerOf("gitea").Start());
        await bench.Stage.Homelab.Telegram.PressOn(question, "Yes", s_anna);
        var escalated = await serve.EventAsync("escalated", "gitea");
        Assert.Contains("is void: when it was asked for it was: container ", escalated.GetProperty("text").GetString(), StringComparison.Ordinal);
        await ReadsAsync(bench, question, "now it is: container ");
        await ReadsAsync(bench, question, ", running. Nothing was done.");
        Assert.Empty(bench.Stage.Homelab.Changes);
    }

    private static async Task<CliBench> OpenAsync()
    {
        var bench = await CliBench.OpenAsync(static lab => lab
            .Replace("telegram: {", "telegram: { approvers: [ 1111 ],", StringComparison.Ordinal)
            .Replace("expiry: 5m", "expiry: 30m", StringComparison.Ordinal));
        bench.Stage.WriteRunbook("container-crash-recovery", "restart", "docker_restart_container", approve: true);
        return bench;
    }

    private static async Task<TelegramMessage> AskAsync(CliBench bench, CliProcess serve)
    {
        await bench.CrashAsync("gitea", "Gitea");
        await serve.EventAsync("approvalNeeded", "gitea");
        var question = await bench.Stage.Homelab.Telegram.NextAsync(Cancellation);
        Assert.Equal(2, question.Buttons.Count);
        Assert.StartsWith("❓ Restart container gitea@dev?", question.Text, StringComparison.Ordinal);
        // That the chat has it is on disk a moment later; before that, a kill would have it put again.
        await using var store = await SqliteStore.OpenAsync(bench.Stage.StateFile, TimeProvider.System, Cancellation);
        await Eventually.HoldsAsync("the message to be known", async () => (await store.ListOpenMessagesAsync("telegram", Cancellation)).Any(static m => m.Reference is not null), Cancellation);
        return question;
    }

    private static async Task KillAsync(CliProcess process)
    {
        await process.SignalAsync("KILL");
        await process.EndAsync();
    }

    // Half an hour goes by, as far as the questions know.
    private static void ExpireAll(CliBench bench)
    {
        Batteries_V2.Init();
        Assert.Equal(raw.SQLITE_OK, raw.sqlite3_open(bench.Stage.StateFile, out var database));
        using (database) Assert.Equal(raw.SQLITE_OK, raw.sqlite3_exec(database, "UPDATE approvals SET expires_at = requested_at + 1"));
    }

    private static Task ReadsAsync(CliBench bench, TelegramMessage message, string text) => Eventually.HoldsAsync(
        $"'{text}' in: {bench.Stage.Homelab.Telegram.Messages.Single(m => m.Id == message.Id).Text}",
        () => Task.FromResult(bench.Stage.Homelab.Telegram.Messages.Single(m => m.Id == message.Id).Text.Contains(text, StringComparison.Ordinal)),
        Cancellation);
}
