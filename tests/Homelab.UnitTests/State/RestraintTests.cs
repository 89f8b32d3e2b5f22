namespace Homelab.UnitTests.State;

/// <summary>The big red switch, the pulse, and the count of what was interrupted on a host.</summary>
public abstract class RestraintTests(StateBed state) : StoreTests(state)
{
    [Fact]
    public async Task Nobody_has_suspended_healing_at_first() => Assert.Null(await Store.FindSuspensionAsync(Cancellation));

    [Fact]
    public async Task A_suspension_is_there_for_the_next_process_and_in_the_history_that_restraints_ask_about()
    {
        var suspension = new Suspension("cli:anna", "moving", Make.Noon, Make.Noon.AddHours(1));
        await Store.SetSuspensionAsync(new Suspension("cli:bert", "", Make.Noon.AddHours(-1), null), Cancellation);
        await Store.SetSuspensionAsync(suspension, Cancellation);
        await Store.DisposeAsync();
        Store = await State.OpenAsync();
        Assert.Equal(suspension, await Store.FindSuspensionAsync(Cancellation));
        Assert.Equal(suspension, (await Store.ReadHistoryAsync("container:gitea@dev", Make.Limits, Cancellation)).Suspension);
        await Store.SetSuspensionAsync(null, Cancellation);
        Assert.Null(await Store.FindSuspensionAsync(Cancellation));
    }

    [Fact]
    public async Task Each_beat_returns_the_one_before()
    {
        var first = new Pulse("a", Make.Noon, HasStopped: false);
        var second = new Pulse("b", Make.Noon.AddSeconds(30), HasStopped: true);
        Assert.Null(await Store.BeatAsync(first, Cancellation));
        Assert.Equal(first, await Store.BeatAsync(second, Cancellation));
        Assert.Equal(second, await Store.BeatAsync(first, Cancellation));
    }

    [Fact]
    public async Task Other_containers_of_the_host_are_counted_once_each_and_only_interruptions_that_nobody_asked_for_at_a_prompt()
    {
        var webhook = new Caller(Face.Webhook, "hook");
        await DoneAsync(Make.Change(caller: webhook) with { Target = "container:wiki@dev", Risk = Risk.Disrupt });
        await DoneAsync(Make.Change(caller: webhook) with { Target = "container:wiki@dev", Risk = Risk.Disrupt });
        await DoneAsync(Make.Change(caller: webhook) with { Target = "container:blog@dev", Risk = Risk.Disrupt });
        await DoneAsync(Make.Change(caller: webhook) with { Target = "container:gitea@dev", Risk = Risk.Disrupt });
        await DoneAsync(Make.Change(caller: webhook) with { Target = "container:dns@infra", Risk = Risk.Disrupt });
        await DoneAsync(Make.Change(caller: webhook) with { Target = "unit:nginx@dev", Risk = Risk.Disrupt });
        await DoneAsync(Make.Change(caller: webhook) with { Target = "container:cache@dev", Risk = Risk.Change });
        await DoneAsync(Make.Change(caller: Make.Anna) with { Target = "container:forge@dev", Risk = Risk.Disrupt });
        Assert.Equal(2, (await Store.ReadHistoryAsync("container:gitea@dev", Make.Limits, Cancellation)).OnHost);
        Assert.Equal(0, (await Store.ReadHistoryAsync("unit:sshd@dev", Make.Limits, Cancellation)).OnHost);
    }

    private async Task DoneAsync(ChangeRecord change)
    {
        await Store.BeginAsync(change, Make.Limits, static _ => [], Make.Line(), Cancellation);
        await Store.EndAsync(change with { Status = ChangeStatus.Succeeded, EndedAt = Make.Noon }, Make.Line(), Cancellation);
    }
}

public sealed class SqliteRestraintTests() : RestraintTests(new StateFile());

public sealed class PostgresRestraintTests() : RestraintTests(new StateServer());
