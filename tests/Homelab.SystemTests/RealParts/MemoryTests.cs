using Homelab.Lab.Telegram;

namespace Homelab.SystemTests.RealParts;

/// <summary>Scenario 3: a machine's memory is used up, Prometheus fires, a person is asked in the chat, and the container that takes most is restarted.</summary>
public sealed class MemoryTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_hungriest_container_is_restarted_once_after_a_yes_in_the_chat_and_the_machine_stays_well()
    {
        await using var stage = await MemoryStage.OpenAsync();
        stage.Fill();

        var question = await stage.QuestionAsync();
        Assert.StartsWith("❓ Restart container gitea@dev?", question.Text, StringComparison.Ordinal);
        Assert.Contains("Why asked: dev uses 15.2 GiB of 16 GiB, of which gitea takes 9.6 GiB;", question.Text, StringComparison.Ordinal);
        Assert.True((await stage.Product.Telegram.PressOn(question, "Yes", new TelegramUser(666, "Mallory"))).IsAlert);
        Assert.Empty(stage.Homelab.Changes);
        Assert.False((await stage.PressAsync(question, "Yes")).IsAlert);

        var incident = await stage.ClosedAsync();
        Assert.Equal((IncidentStatus.Recovered, "resource-exhaustion"), (incident.Status, incident.Runbook));
        await stage.SaysAsync(question, "Done at");
        Assert.Contains("Yes by Anna (telegram:1111)", stage.Product.Telegram.Messages.Single(m => m.Id == question.Id).Text, StringComparison.Ordinal);
        Assert.Contains("Auto-Recovery: dev", stage.Told, StringComparison.Ordinal);
        var restart = Assert.Single(stage.Homelab.Changes);
        Assert.Equal(("POST", $"/containers/{stage.Homelab.ContainerOf("gitea").Id}/restart"), (restart.Method, restart.Path));
        Assert.Empty(stage.GuestChanges);
        Assert.Contains(stage.Homelab.Proxmox.Requests, static r => r is { Method: "GET", Path: "/nodes/pve/qemu/100/rrddata" });

        var sent = await stage.ResolvedAsync();
        Assert.Equal([AlertStatus.Pressure, AlertStatus.Up], sent.Select(static a => a.Status));
        Assert.Equal(("alertmanager", "dev", "memory", "warning", "dev:9100 runs short of memory"), (sent[0].Source, sent[0].Host, sent[0].Resource, sent[0].Severity, sent[0].Message));
        Assert.Equal(95, sent[0].Value!.Value, 0.1);

        var audited = Assert.Single(await stage.Product.ChangesAsync());
        Assert.Equal(("docker_restart_container", "container:gitea@dev"), (audited.Operation, audited.Target));
        var people = (await stage.Product.Runtime.Store.ReadAuditAsync(1, Cancellation).ToListAsync(Cancellation)).Where(static l => l.Identity.StartsWith("telegram:", StringComparison.Ordinal));
        Assert.Equal([(AuditKind.Denied, "telegram:666"), (AuditKind.Answered, "telegram:1111")], people.Select(static l => (l.Kind, l.Identity)));
    }

    [Fact]
    public async Task A_no_in_the_chat_changes_nothing_and_is_told()
    {
        await using var stage = await MemoryStage.OpenAsync();
        stage.Fill();

        var question = await stage.QuestionAsync();
        await stage.PressAsync(question, "No");

        Assert.Equal(IncidentStatus.Escalated, (await stage.ClosedAsync()).Status);
        await stage.SaysAsync(question, "Denied by Anna (telegram:1111)");
        await AssertNothingWasDoneAsync(stage);
        Assert.Contains("telegram:1111 said no", stage.Told, StringComparison.Ordinal);
    }

    [Fact]
    public async Task No_answer_in_time_changes_nothing_and_is_told()
    {
        await using var stage = await MemoryStage.OpenAsync(expiry: "2s");
        stage.Fill();

        var question = await stage.SentQuestionAsync();

        Assert.Equal(IncidentStatus.Escalated, (await stage.ClosedAsync()).Status);
        await stage.SaysAsync(question, "nobody answered in time, which means no");
        await AssertNothingWasDoneAsync(stage);
        Assert.Contains("nobody answered in time", stage.Told, StringComparison.Ordinal);
    }

    private static async Task AssertNothingWasDoneAsync(MemoryStage stage)
    {
        Assert.Empty(stage.Homelab.Changes);
        Assert.Empty(stage.GuestChanges);
        Assert.Empty(await stage.Product.ChangesAsync());
        Assert.Contains("Still Short", stage.Told, StringComparison.Ordinal);
    }
}
