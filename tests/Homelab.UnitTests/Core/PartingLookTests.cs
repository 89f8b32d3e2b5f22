namespace Homelab.UnitTests.Core;

/// <summary>What becomes of a change whose caller leaves (Ctrl+C) while the system does not answer.</summary>
public sealed class PartingLookTests
{
    private static readonly CancellationToken s_token = TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_change_that_was_left_and_could_not_be_looked_at_stays_open()
    {
        await using var bench = await LeaveAsync();
        Assert.Equal(ChangeStatus.Open, Assert.Single(await bench.Store.ListOpenAsync(s_token)).Status);
        Assert.Equal([AuditKind.Intent], (await bench.AuditAsync()).Select(e => e.Kind));
    }

    [Fact]
    public async Task The_next_change_of_the_same_target_settles_what_was_left_open_first()
    {
        await using var bench = await LeaveAsync();
        bench.Restart.Behaviour = static _ => Task.CompletedTask;
        bench.Restart.Settling = static () => Settlement.DidNotHappen;
        Assert.IsType<GateOutcome.Done>(await bench.InvokeAsync("sample_restart_thing"));
        Assert.Equal([AuditKind.Intent, AuditKind.Settled, AuditKind.Intent, AuditKind.Outcome], (await bench.AuditAsync()).Select(e => e.Kind));
        Assert.Empty(await bench.Store.ListOpenAsync(s_token));
    }

    [Fact]
    public async Task A_look_that_was_answered_and_cannot_tell_is_unknown_even_for_a_caller_who_left()
    {
        await using var bench = await LeaveAsync(static () => Settlement.Unknown, static e => Assert.Equal("OutcomeUnknown", Assert.IsType<HomelabException>(e).Id));
        Assert.Empty(await bench.Store.ListOpenAsync(s_token));
        Assert.StartsWith("unknown", (await bench.AuditAsync())[1].Result, StringComparison.Ordinal);
    }

    private static async Task<GateBench> LeaveAsync(Func<Settlement>? settling = null, Action<Exception>? check = null)
    {
        var bench = await GateBench.OpenAsync();
        using var leave = new CancellationTokenSource();
        bench.Restart.Behaviour = async token =>
        {
            await leave.CancelAsync();
            token.ThrowIfCancellationRequested();
        };
        bench.Restart.Settling = settling ?? (static () => throw new HomelabException(ErrorKind.Unavailable, "EngineUnreachable", "The engine does not answer."));
        var thrown = await Assert.ThrowsAnyAsync<Exception>(() => bench.InvokeAsync("sample_restart_thing", cancellationToken: leave.Token));
        (check ?? (static e => Assert.IsAssignableFrom<OperationCanceledException>(e)))(thrown);
        return bench;
    }
}
