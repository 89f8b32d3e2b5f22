using System.Text.Json;
using Homelab.Automation.Healing;
using Homelab.Tests;

namespace Homelab.UnitTests.Automation;

/// <summary>A process that hushed something has died, at each moment at which it can.</summary>
public sealed class HushCrashTests
{
    // No process has this id: it is beyond the largest.
    private static readonly string s_dead = $"{Environment.MachineName}/4999999/1";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Before_the_monitor_was_paused_it_is_active_in_the_end()
    {
        await using var bench = await OpenAsync();
        await bench.Store.SaveHushAsync(Hush(HushStatus.Intended), Cancellation);
        await SettleAsync(bench);
        Assert.False(bench.World.Quiet.IsPaused("Gitea"));
    }

    [Fact]
    public async Task Before_the_monitor_was_paused_one_that_a_person_has_paused_since_stays_paused()
    {
        await using var bench = await OpenAsync();
        await bench.Store.SaveHushAsync(Hush(HushStatus.Intended), Cancellation);
        bench.World.Quiet.SetPaused("Gitea", true);
        await SettleAsync(bench);
        Assert.True(bench.World.Quiet.IsPaused("Gitea"));
    }

    [Fact]
    public async Task After_the_monitor_was_paused_and_before_that_was_written_down_it_is_resumed()
    {
        await using var bench = await OpenAsync();
        var hush = Hush(HushStatus.Intended);
        await bench.Store.SaveHushAsync(hush, Cancellation);
        await MakeAsync(bench, hush);
        Assert.True(bench.World.Quiet.IsPaused("Gitea"));
        await SettleAsync(bench);
        Assert.False(bench.World.Quiet.IsPaused("Gitea"));
        Assert.Equal(["pause Gitea", "resume Gitea"], bench.World.Quiet.Story);
    }

    [Fact]
    public async Task After_a_monitor_was_found_paused_and_before_that_was_written_down_it_stays_paused()
    {
        await using var bench = await OpenAsync();
        bench.World.Quiet.SetPaused("Gitea", true);
        var hush = Hush(HushStatus.Intended);
        await bench.Store.SaveHushAsync(hush, Cancellation);
        await MakeAsync(bench, hush);
        await SettleAsync(bench);
        Assert.True(bench.World.Quiet.IsPaused("Gitea"));
        Assert.Empty(bench.World.Quiet.Story);
    }

    [Fact]
    public async Task In_the_middle_of_the_steps_the_monitor_is_resumed_at_the_next_start()
    {
        await using var bench = await OpenAsync();
        await bench.Store.SaveHushAsync(Hush(HushStatus.Made), Cancellation);
        bench.World.Quiet.SetPaused("Gitea", true);
        await SettleAsync(bench);
        Assert.False(bench.World.Quiet.IsPaused("Gitea"));
        // Told once it is written down.
        Assert.Contains("was left hushed", (await bench.UntilAsync(HealingEventKind.Checked, "gitea")).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task After_the_monitor_was_resumed_and_before_that_was_written_down_nothing_happens_to_it()
    {
        await using var bench = await OpenAsync();
        await bench.Store.SaveHushAsync(Hush(HushStatus.Made), Cancellation);
        await SettleAsync(bench);
        Assert.Empty(bench.World.Quiet.Story);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_silence_is_ended_whether_or_not_its_id_was_written_down(bool known)
    {
        await using var bench = await OpenAsync();
        var hush = Hush(HushStatus.Intended) with { Kind = HushKind.Silence, Subject = "service=\"gitea\"" };
        await bench.Store.SaveHushAsync(hush, Cancellation);
        await MakeAsync(bench, hush);
        var silence = Assert.Single(bench.World.Quiet.Active);
        if (known) await bench.Store.SaveHushAsync(hush with { Status = HushStatus.Made, Reference = silence.Id }, Cancellation);
        await SettleAsync(bench);
        Assert.Empty(bench.World.Quiet.Active);
    }

    [Fact]
    public async Task What_another_living_process_has_hushed_is_left_alone_until_its_time()
    {
        await using var bench = await OpenAsync();
        // The first process of every system lives as long as it does.
        await bench.Store.SaveHushAsync(Hush(HushStatus.Made) with { Owner = "elsewhere/1/1" }, Cancellation);
        await bench.Store.SaveHushAsync(Hush(HushStatus.Made) with { Id = "late", Subject = "Late", Owner = "elsewhere/1/1", Until = DateTimeOffset.UtcNow }, Cancellation);
        bench.World.Quiet.SetPaused("Gitea", true);
        bench.World.Quiet.SetPaused("Late", true);
        await bench.Engine.StartAsync(Cancellation);
        await Eventually.HoldsAsync("the late one is undone", () => Task.FromResult(!bench.World.Quiet.IsPaused("Late")), Cancellation);
        Assert.True(bench.World.Quiet.IsPaused("Gitea"));
    }

    [Fact]
    public async Task Where_the_monitoring_is_away_at_the_start_it_is_tried_until_it_is_back()
    {
        await using var bench = await OpenAsync();
        await bench.Store.SaveHushAsync(Hush(HushStatus.Made), Cancellation);
        bench.World.Quiet.SetPaused("Gitea", true);
        bench.World.Quiet.IsAway = true;
        await bench.Engine.StartAsync(Cancellation);
        await bench.UntilAsync(HealingEventKind.Trouble, "gitea", times: 2);
        bench.World.Quiet.IsAway = false;
        await Eventually.HoldsAsync("nothing is hushed", async () => (await bench.Store.ListOpenHushesAsync(Cancellation)).Count == 0, Cancellation);
        Assert.False(bench.World.Quiet.IsPaused("Gitea"));
    }

    private static Hush Hush(HushStatus status) => new()
    {
        Id = "hush-1",
        Kind = HushKind.Monitor,
        Service = "gitea",
        Subject = "Gitea",
        Caller = new Caller(Face.Webhook, "uptime-alert") { Incident = "i", Run = "r" },
        CreatedAt = DateTimeOffset.UtcNow,
        Until = DateTimeOffset.UtcNow + TimeSpan.FromHours(1),
        Status = status,
        Owner = s_dead,
    };

    // What the dead process had done already, under the key by which it had begun.
    private static Task MakeAsync(HealingBench bench, Hush hush) => bench.Gate.InvokeAsync(
        new GateRequest
        {
            Operation = hush.Kind == HushKind.Monitor ? "kuma_pause_monitor" : "alertmanager_create_silence",
            Json = hush.Kind == HushKind.Monitor ? JsonSerializer.SerializeToElement(new { monitor = hush.Subject }) : JsonSerializer.SerializeToElement(new { matcher = new[] { hush.Subject }, comment = $"gitea is being healed ({hush.Id})" }),
            Caller = hush.Caller,
            Key = $"{hush.Id}/make",
            Accompanies = true,
        },
        Cancellation);

    private static Task<HealingBench> OpenAsync() => HealingBench.OpenAsync(
        new LabDefinition { Services = new Dictionary<string, ServiceDefinition>(StringComparer.Ordinal) { ["gitea"] = new() { Monitor = "Gitea", Quiet = ServiceQuiet.Both } } },
        TimeProvider.System);

    private static async Task SettleAsync(HealingBench bench)
    {
        await bench.Engine.StartAsync(Cancellation);
        await Eventually.HoldsAsync("nothing is hushed", async () => (await bench.Store.ListOpenHushesAsync(Cancellation)).Count == 0, Cancellation);
    }
}
