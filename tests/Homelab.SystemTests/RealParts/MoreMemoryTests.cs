namespace Homelab.SystemTests.RealParts;

/// <summary>Scenario 3 where a restart does not last: the machine is short again, and more memory is asked for.</summary>
public sealed class MoreMemoryTests
{
    // The first restart does not help, which is waited out; what helps then is proved within the same time.
    private static readonly TimeSpan s_vain = TimeSpan.FromSeconds(10);

    [Fact]
    public async Task Memory_that_is_taken_again_leads_to_a_second_question_and_more_memory_that_comes_with_the_next_start()
    {
        await using var stage = await MemoryStage.OpenAsync(patience: s_vain);
        stage.Fill(again: true);

        await stage.PressAsync(await stage.QuestionAsync(), "Yes");
        var second = await stage.QuestionAsync();
        Assert.StartsWith("❓ Change guest", second.Text, StringComparison.Ordinal);
        Assert.Contains("Why asked: dev uses 15.2 GiB of 16 GiB, and would have 20 GiB;", second.Text, StringComparison.Ordinal);
        Assert.Empty(stage.GuestChanges);
        await stage.PressAsync(second, "Yes");

        var incident = await stage.ClosedAsync();
        Assert.Equal((IncidentStatus.Escalated, "vm-more-memory"), (incident.Status, incident.Runbook));
        await stage.SaysAsync(second, "Done at");
        Assert.Contains("takes it at its next start", stage.Told, StringComparison.Ordinal);
        Assert.Equal(("16384", "20480"), (stage.Guest.Config["memory"], stage.Guest.Pending["memory"]));
        Assert.Equal(["docker_restart_container", "proxmox_set_vm"], (await stage.Product.ChangesAsync()).Select(static c => c.Operation));

        // A person restarts it when that is convenient: it has the memory, and the alert is over.
        stage.Guest.Crash();
        stage.Guest.StartByHand();
        Assert.Equal("20480", stage.Guest.Config["memory"]);
        Assert.Equal(AlertStatus.Up, (await stage.ResolvedAsync())[^1].Status);
    }

    [Fact]
    public async Task A_guest_that_takes_memory_while_it_runs_has_it_at_once_and_is_proved_to_be_well()
    {
        await using var stage = await MemoryStage.OpenAsync(patience: s_vain);
        (stage.Guest.Config["numa"], stage.Guest.Config["hotplug"]) = ("1", "network,disk,usb,memory");
        stage.Fill(again: true);

        await stage.PressAsync(await stage.QuestionAsync(), "Yes");
        await stage.PressAsync(await stage.QuestionAsync(), "Yes");

        var incident = await stage.ClosedAsync();
        Assert.Equal((IncidentStatus.Recovered, "vm-more-memory"), (incident.Status, incident.Runbook));
        Assert.Equal("20480", stage.Guest.Config["memory"]);
        Assert.Empty(stage.Guest.Pending);
        Assert.Equal("/nodes/pve/qemu/100/config", Assert.Single(stage.GuestChanges).Path);
        Assert.Contains("Auto-Recovery: dev", stage.Told, StringComparison.Ordinal);
        Assert.Equal([AlertStatus.Pressure, AlertStatus.Up], (await stage.ResolvedAsync()).Select(static a => a.Status));
    }

    [Fact]
    public async Task Where_alerts_may_not_change_machines_nobody_is_asked_for_more_memory_and_a_person_is_told()
    {
        await using var stage = await MemoryStage.OpenAsync(webhook: "operate", patience: s_vain);
        stage.Fill(again: true);

        await stage.PressAsync(await stage.QuestionAsync(), "Yes");

        Assert.Equal(IncidentStatus.Escalated, (await stage.ClosedAsync()).Status);
        Assert.Empty(stage.GuestChanges);
        Assert.Contains("dev is short of memory", stage.Told, StringComparison.Ordinal);
        Assert.Contains("access.webhook", stage.Told, StringComparison.Ordinal);
        Assert.Single(await stage.Product.ChangesAsync());
    }
}
