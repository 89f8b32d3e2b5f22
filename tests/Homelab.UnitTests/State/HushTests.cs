namespace Homelab.UnitTests.State;

public abstract class HushTests(StateBed state) : StoreTests(state)
{
    [Fact]
    public async Task What_is_saved_is_there_until_it_is_undone()
    {
        var hush = New("a") with { Kind = HushKind.Silence, Reference = "id", Failures = 2, Error = "E", Status = HushStatus.Made };
        await Store.SaveHushAsync(hush, Cancellation);
        Assert.Equal(hush, Assert.Single(await Store.ListOpenHushesAsync(Cancellation)));
        await Store.SaveHushAsync(hush with { Status = HushStatus.Undone }, Cancellation);
        Assert.Empty(await Store.ListOpenHushesAsync(Cancellation));
        Assert.Null(await Store.ClaimHushAsync("a", Make.Noon, Cancellation));
    }

    [Fact]
    public async Task A_dead_process_leaves_its_hushes_to_others()
    {
        await Store.SaveHushAsync(New("a") with { Owner = State.Dead }, Cancellation);
        Assert.Equal(Store.Owner, (await Store.ClaimHushAsync("a", Make.Noon, Cancellation))!.Owner);
        Assert.Equal(Store.Owner, Assert.Single(await Store.ListOpenHushesAsync(Cancellation)).Owner);
    }

    [Fact]
    public async Task A_living_process_keeps_its_hushes_until_their_time()
    {
        await Store.SaveHushAsync(New("a") with { Owner = State.NameLiving() }, Cancellation);
        Assert.Null(await Store.ClaimHushAsync("a", Make.Noon, Cancellation));
        Assert.NotNull(await Store.ClaimHushAsync("a", Make.Noon.AddMinutes(10), Cancellation));
    }

    [Fact]
    public async Task Who_saves_does_not_take_a_hush_from_whoever_has_claimed_it()
    {
        var before = New("a") with { Owner = State.Dead };
        await Store.SaveHushAsync(before, Cancellation);
        await Store.ClaimHushAsync("a", Make.Noon, Cancellation);
        await Store.SaveHushAsync(before with { Failures = 1 }, Cancellation);
        var now = Assert.Single(await Store.ListOpenHushesAsync(Cancellation));
        Assert.Equal((Store.Owner, 1), (now.Owner, now.Failures));
    }

    [Fact]
    public async Task No_limit_counts_what_only_accompanies_others()
    {
        foreach (var key in new[] { ChangeRecord.Accompanying + "a/make", ChangeRecord.Accompanying + "a/undo/0", "run/restart/0" })
        {
            var change = Make.Change(risk: Risk.Change) with { Key = key };
            await Store.BeginAsync(change, Make.Limits, static _ => [], Make.Line(change: change.Id), Cancellation);
            await Store.EndAsync(change with { Status = ChangeStatus.Succeeded, EndedAt = Make.Noon }, Make.Line(AuditKind.Outcome, change.Id), Cancellation);
        }

        var history = await Store.ReadHistoryAsync(Make.Gitea, Make.Limits with { Per = TimeSpan.FromDays(365), RatePer = TimeSpan.FromDays(365) }, Cancellation);
        Assert.Equal((1, 1), (history.OnTarget, history.InLab));
    }

    private Hush New(string id) => new()
    {
        Id = id,
        Kind = HushKind.Monitor,
        Service = "gitea",
        Subject = "Gitea",
        Caller = Make.Hook,
        CreatedAt = Make.Noon,
        Until = Make.Noon.AddMinutes(10),
        Owner = Store.Owner,
    };
}

public sealed class SqliteHushTests() : HushTests(new StateFile());

public sealed class PostgresHushTests() : HushTests(new StateServer());
