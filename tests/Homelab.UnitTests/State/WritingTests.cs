using Homelab.State;

namespace Homelab.UnitTests.State;

public sealed class WritingTests : IDisposable
{
    private readonly StateFile _file = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _file.Dispose();

    [Fact]
    public async Task One_write_that_fails_does_not_fail_those_beside_it()
    {
        await using var store = await _file.OpenAsync();

        // All of them wait behind the first and end up in one transaction.
        var (release, first) = await HoldWriterAsync(store);
        var good = Enumerable.Range(0, 20).Select(i => store.BeginAsync(Make.Change($"vm:{i}"), Make.Limits, static _ => [], Make.Line(), Cancellation)).ToArray();
        var bad = store.BeginAsync(Make.Change("vm:bad"), Make.Limits, static _ => throw new InvalidOperationException("restraint"), Make.Line(), Cancellation);
        var lateBad = store.SaveAsync(new HealingChange { Incident = Make.Incident(), Steps = [Make.Step(Make.Run(Make.Incident()), "x")] }, Cancellation);
        var last = store.AppendAuditAsync(Make.Line(), durable: true, Cancellation);
        release.SetResult();

        await first;
        Assert.All(await Task.WhenAll(good), a => Assert.True(a.Admitted));
        await last;
        await Assert.ThrowsAsync<InvalidOperationException>(() => bad);
        await Assert.ThrowsAsync<HomelabException>(() => lateBad);
        Assert.Equal(21, _file.Number("SELECT count(*) FROM changes"));
        Assert.Equal(0, _file.Number("SELECT count(*) FROM incidents"));
        var verdict = await AuditChain.VerifyAsync(store.ReadAuditAsync(1, Cancellation), Cancellation);
        Assert.Equal((true, 22L), (verdict.Intact, verdict.Line));
    }

    [Fact]
    public async Task A_line_of_a_write_that_failed_leaves_no_gap_in_the_chain()
    {
        await using var store = await _file.OpenAsync();
        var change = Make.Change();
        await store.BeginAsync(change, Make.Limits, static _ => [], Make.Line(), Cancellation);

        // The same id under another key: refused by the file, after the restraints.
        await Assert.ThrowsAsync<HomelabException>(() => store.BeginAsync(Make.Change("vm:1") with { Id = change.Id }, Make.Limits, static _ => [], Make.Line(), Cancellation));
        await store.AppendAuditAsync(Make.Line(), durable: true, Cancellation);

        var verdict = await AuditChain.VerifyAsync(store.ReadAuditAsync(1, Cancellation), Cancellation);
        Assert.Equal((true, 2L), (verdict.Intact, verdict.Line));
    }

    [Fact]
    public async Task A_write_that_fails_after_its_line_takes_the_line_back()
    {
        await using (await _file.OpenAsync())
        {
        }

        _file.Look(database =>
        {
            var session = new WriteSession(database, TimeSpan.FromSeconds(1));
            var failing = new WriteCommand<bool>(s =>
            {
                s.Append(Make.Line(change: "taken back"));
                throw new InvalidOperationException("late");
            });
            session.Begin();
            session.Execute(new PostedLine(Make.Line(change: "1")));
            session.Execute(failing);
            session.Execute(new PostedLine(Make.Line(change: "2")));
            session.Commit();
            Assert.IsType<InvalidOperationException>(failing.Failure);
            return true;
        });

        await using var store = await _file.OpenAsync();
        Assert.Equal(["1", "2"], (await store.ReadAuditAsync(1, Cancellation).ToListAsync(Cancellation)).Select(l => l.Change));
        Assert.True((await AuditChain.VerifyAsync(store.ReadAuditAsync(1, Cancellation), Cancellation)).Intact);
    }

    [Fact]
    public async Task A_caller_that_leaves_does_not_take_its_write_along()
    {
        await using var store = await _file.OpenAsync();
        using var leaving = new CancellationTokenSource();
        var (release, first) = await HoldWriterAsync(store);

        var write = store.AppendAuditAsync(Make.Line(change: "left"), durable: true, leaving.Token);
        await leaving.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => write);
        release.SetResult();
        await first;

        Assert.Contains(await store.ReadAuditAsync(1, Cancellation).ToListAsync(Cancellation), l => l.Change == "left");
    }

    [Fact]
    public async Task A_caller_that_left_before_writes_nothing()
    {
        await using var store = await _file.OpenAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => store.AppendAuditAsync(Make.Line(), durable: true, new CancellationToken(canceled: true)));

        Assert.Empty(await store.ReadAuditAsync(1, Cancellation).ToListAsync(Cancellation));
    }

    [Fact]
    public async Task Closing_writes_what_is_queued()
    {
        var store = await _file.OpenAsync();
        var (release, first) = await HoldWriterAsync(store);
        var writes = Enumerable.Range(0, 10).Select(_ => store.AppendAuditAsync(Make.Line(), durable: true, Cancellation)).ToArray();
        var closing = store.DisposeAsync();
        release.SetResult();

        await closing;
        await Task.WhenAll([first, .. writes]);

        Assert.Equal(11, _file.Number("SELECT count(*) FROM audit"));
    }

    [Fact]
    public async Task A_closed_store_says_so()
    {
        var store = await _file.OpenAsync();
        await store.DisposeAsync();
        await store.DisposeAsync();

        await Assert.ThrowsAsync<ObjectDisposedException>(() => store.AppendAuditAsync(Make.Line(), durable: true, Cancellation));
        await Assert.ThrowsAsync<ObjectDisposedException>(() => store.AppendAuditAsync(Make.Line(), durable: false, Cancellation));
        await Assert.ThrowsAsync<ObjectDisposedException>(() => store.ListUnsentAsync(Cancellation));
    }

    [Fact]
    public async Task Lines_that_nobody_waits_for_outlast_a_file_that_cannot_be_written_for_a_while()
    {
        var patience = TimeSpan.FromMilliseconds(20);
        await using var store = await SqliteStore.OpenAsync(_file.FilePath, _file.Time, Migration.All, patience, Cancellation);
        using (var holder = SqliteDatabase.Open(_file.FilePath, patience))
        {
            holder.Run("BEGIN IMMEDIATE");
            await store.AppendAuditAsync(Make.Line(change: "1"), durable: false, Cancellation);
            // By now the line has failed once; from here on a reader's line is waited for, so that they do not pile up unseen.
            await Assert.ThrowsAsync<HomelabException>(() => store.AppendAuditAsync(Make.Line(change: "lost"), durable: true, Cancellation));
            var told = await Assert.ThrowsAsync<HomelabException>(() => store.AppendAuditAsync(Make.Line(change: "told"), durable: false, Cancellation));
            Assert.Equal("StateBusy", told.Id);
            holder.Run("ROLLBACK");
        }

        await store.AppendAuditAsync(Make.Line(change: "2"), durable: true, Cancellation);
        await store.AppendAuditAsync(Make.Line(change: "3"), durable: false, Cancellation);

        Assert.Equal(["1", "2", "3"], (await store.ReadAuditAsync(1, Cancellation).ToListAsync(Cancellation)).Select(l => l.Change));
    }

    [Fact]
    public async Task Lines_that_could_not_be_written_at_all_are_told_of_at_the_end()
    {
        var patience = TimeSpan.FromMilliseconds(20);
        var store = await SqliteStore.OpenAsync(_file.FilePath, _file.Time, Migration.All, patience, Cancellation);
        using var holder = SqliteDatabase.Open(_file.FilePath, patience);
        holder.Run("BEGIN IMMEDIATE");
        await store.AppendAuditAsync(Make.Line(), durable: false, Cancellation);

        var error = await Assert.ThrowsAsync<HomelabException>(() => store.DisposeAsync().AsTask());

        Assert.Equal("StateBusy", error.Id);
    }

    [Fact]
    public async Task Reads_do_not_wait_for_a_writer()
    {
        await using var store = await _file.OpenAsync();
        var (release, first) = await HoldWriterAsync(store);

        var reads = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Task.Run(() => store.ListOpenAsync(Cancellation))));

        Assert.All(reads, Assert.Empty);
        Assert.False(first.IsCompleted);
        release.SetResult();
        await first;
    }

    // A restraint that does not answer until it is told to: the writer stands within its transaction.
    private static async Task<(TaskCompletionSource Release, Task First)> HoldWriterAsync(StateStore store)
    {
        var entered = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var release = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var first = store.BeginAsync(
            Make.Change("vm:first"),
            Make.Limits,
            _ =>
            {
                entered.SetResult();
                release.Task.Wait();
                return [];
            },
            Make.Line(),
            Cancellation);
        await entered.Task;
        return (release, first);
    }
}
