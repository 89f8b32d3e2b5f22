namespace Homelab.UnitTests.Core;

/// <summary>Only so many changes go on at once on one host.</summary>
public sealed class HostTurnsTests
{
    private static readonly GatePolicy s_onePerHost = new() { Limits = new ActionLimits { PerHost = 1 } };

    [Fact]
    public async Task A_second_change_on_the_same_host_waits_until_the_first_has_ended()
    {
        await using var bench = await GateBench.OpenAsync(s_onePerHost);
        var (began, first) = (new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously), new TaskCompletionSource());
        bench.Restart.Behaviour = _ =>
        {
            began.TrySetResult();
            return bench.Restart.Runs == 1 ? first.Task : Task.CompletedTask;
        };

        var one = bench.InvokeAsync("sample_restart_thing", "web@pve1", GateBench.Hook);
        var two = bench.InvokeAsync("sample_restart_thing", "db@pve1", GateBench.Hook);
        await began.Task;
        await bench.InvokeAsync("sample_add_thing", "mail@pve2", GateBench.Hook);
        Assert.Equal((1, false), (bench.Restart.Runs, two.IsCompleted));

        first.SetResult();
        await one;
        await two;
        Assert.Equal(2, bench.Restart.Runs);
    }

    [Fact]
    public async Task Who_has_waited_looks_anew_and_what_became_another_is_left_alone()
    {
        await using var bench = await GateBench.OpenAsync(s_onePerHost);
        var first = new TaskCompletionSource();
        bench.Restart.Behaviour = _ => first.Task;
        var one = bench.InvokeAsync("sample_restart_thing", "web@pve1", GateBench.Hook);
        var two = bench.InvokeAsync("sample_add_thing", "db@pve1", GateBench.Hook);
        bench.Add.Renamed = "db@pve2";

        first.SetResult();
        await one;
        var e = await Assert.ThrowsAsync<HomelabException>(() => two);

        Assert.Equal((ErrorKind.Conflict, "TargetChanged"), (e.Kind, e.Id));
        Assert.Equal(0, bench.Add.Runs);
    }

    [Fact]
    public async Task Who_stops_waiting_takes_no_turn()
    {
        await using var bench = await GateBench.OpenAsync(s_onePerHost);
        var first = new TaskCompletionSource();
        bench.Restart.Behaviour = _ => bench.Restart.Runs == 1 ? first.Task : Task.CompletedTask;
        var one = bench.InvokeAsync("sample_restart_thing", "web@pve1", GateBench.Hook);
        using var leaving = new CancellationTokenSource();
        var two = bench.InvokeAsync("sample_restart_thing", "db@pve1", GateBench.Hook, cancellationToken: leaving.Token);

        await leaving.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => two);
        first.SetResult();
        await one;
        await bench.InvokeAsync("sample_restart_thing", "mail@pve1", GateBench.Hook);
        Assert.Equal(2, bench.Restart.Runs);
    }

    [Fact]
    public async Task Without_such_a_limit_nobody_waits()
    {
        await using var bench = await GateBench.OpenAsync();
        var both = new TaskCompletionSource();
        bench.Restart.Behaviour = _ =>
        {
            // Both may see that both are there.
            if (bench.Restart.Runs == 2) both.TrySetResult();
            return both.Task;
        };

        await Task.WhenAll(bench.InvokeAsync("sample_restart_thing", "web@pve1", GateBench.Hook), bench.InvokeAsync("sample_restart_thing", "db@pve1", GateBench.Hook));
        Assert.Equal(2, bench.Restart.Runs);
    }
}
