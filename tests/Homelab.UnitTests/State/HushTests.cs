using Homelab.State;

namespace Homelab.UnitTests.State;

public sealed class HushTests : IAsyncLifetime
{
    private readonly StateFile _file = new();
    private SqliteStore _store = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    // No process has this id: it is beyond the largest.
    private static string Dead => $"{Environment.MachineName}/4999999/1";

    public async ValueTask InitializeAsync() => _store = await _file.OpenAsync();

    public async ValueTask DisposeAsync()
    {
        await _store.DisposeAsync();
        _file.Dispose();
    }

    [Fact]
    public async Task What_is_saved_is_there_until_it_is_undone()
    {
        var hush = Make("a") with { Kind = HushKind.Silence, Reference = "id", Failures = 2, Error = "E", Status = HushStatus.Made };
        await _store.SaveHushAsync(hush, Cancellation);
        Assert.Equal(hush, Assert.Single(await _store.ListOpenHushesAsync(Cancellation)));
        await _store.SaveHushAsync(hush with { Status = HushStatus.Undone }, Cancellation);
        Assert.Empty(await _store.ListOpenHushesAsync(Cancellation));
        Assert.Null(await _store.ClaimHushAsync("a", State.Make.Noon, Cancellation));
    }

    [Fact]
    public async Task A_dead_process_leaves_its_hushes_to_others()
    {
        await _store.SaveHushAsync(Make("a") with { Owner = Dead }, Cancellation);
        Assert.Equal(ProcessOwner.Current, (await _store.ClaimHushAsync("a", State.Make.Noon, Cancellation))!.Owner);
        Assert.Equal(ProcessOwner.Current, Assert.Single(await _store.ListOpenHushesAsync(Cancellation)).Owner);
    }

    [Fact]
    public async Task A_living_process_keeps_its_hushes_until_their_time()
    {
        await _store.SaveHushAsync(Make("a") with { Owner = "elsewhere/1/1" }, Cancellation);
        Assert.Null(await _store.ClaimHushAsync("a", State.Make.Noon, Cancellation));
        Assert.NotNull(await _store.ClaimHushAsync("a", State.Make.Noon.AddMinutes(10), Cancellation));
    }

    [Fact]
    public async Task Who_saves_does_not_take_a_hush_from_whoever_has_claimed_it()
    {
        var before = Make("a") with { Owner = Dead };
        await _store.SaveHushAsync(before, Cancellation);
        await _store.ClaimHushAsync("a", State.Make.Noon, Cancellation);
        await _store.SaveHushAsync(before with { Failures = 1 }, Cancellation);
        var now = Assert.Single(await _store.ListOpenHushesAsync(Cancellation));
        Assert.Equal((ProcessOwner.Current, 1), (now.Owner, now.Failures));
    }

    [Fact]
    public async Task No_limit_counts_what_only_accompanies_others()
    {
        foreach (var key in new[] { ChangeRecord.Accompanying + "a/make", ChangeRecord.Accompanying + "a/undo/0", "run/restart/0" })
        {
            var change = State.Make.Change(risk: Risk.Change) with { Key = key };
            await _store.BeginAsync(change, State.Make.Limits, static _ => [], State.Make.Line(change: change.Id), Cancellation);
            await _store.EndAsync(change with { Status = ChangeStatus.Succeeded, EndedAt = State.Make.Noon }, State.Make.Line(AuditKind.Outcome, change.Id), Cancellation);
        }

        var history = await _store.ReadHistoryAsync(State.Make.Gitea, State.Make.Limits with { Per = TimeSpan.FromDays(365), RatePer = TimeSpan.FromDays(365) }, Cancellation);
        Assert.Equal((1, 1), (history.OnTarget, history.InLab));
    }

    private static Hush Make(string id) => new()
    {
        Id = id,
        Kind = HushKind.Monitor,
        Service = "gitea",
        Subject = "Gitea",
        Caller = State.Make.Hook,
        CreatedAt = State.Make.Noon,
        Until = State.Make.Noon.AddMinutes(10),
        Owner = ProcessOwner.Current,
    };
}
