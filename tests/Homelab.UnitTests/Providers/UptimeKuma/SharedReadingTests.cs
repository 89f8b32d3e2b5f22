using System.Threading.Channels;
using Homelab.Providers.UptimeKuma;
using Homelab.Tests;

namespace Homelab.UnitTests.Providers.UptimeKuma;

public sealed class SharedReadingTests
{
    private readonly ManualTime _time = new(DateTimeOffset.UnixEpoch);
    private readonly Channel<TaskCompletionSource<IReadOnlyList<MonitorReading>>> _begun = Channel.CreateUnbounded<TaskCompletionSource<IReadOnlyList<MonitorReading>>>();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Whoever_asks_while_a_reading_runs_gets_the_next_one_and_never_the_one_of_before()
    {
        var shared = new SharedReading(BeginAsync, _time);
        var first = shared.ReadAsync(Cancellation);
        var one = await _begun.Reader.ReadAsync(Cancellation);
        Task<IReadOnlyList<MonitorReading>>[] later = [shared.ReadAsync(Cancellation), shared.ReadAsync(Cancellation), shared.ReadAsync(Cancellation)];
        one.SetResult([Reading("old")]);
        Assert.Equal("old", Assert.Single(await first).Name);

        await _time.ArmedAsync(Cancellation);
        Assert.All(later, static t => Assert.False(t.IsCompleted));
        _time.Advance(TimeSpan.FromSeconds(2));
        (await _begun.Reader.ReadAsync(Cancellation)).SetResult([Reading("new")]);
        Assert.All(await Task.WhenAll(later), static r => Assert.Equal("new", Assert.Single(r).Name));
        Assert.False(_begun.Reader.TryRead(out _), "Three askers cost more than one reading.");
    }

    [Fact]
    public async Task A_failed_reading_fails_those_who_shared_it_and_nobody_else()
    {
        var shared = new SharedReading(BeginAsync, _time);
        var first = shared.ReadAsync(Cancellation);
        (await _begun.Reader.ReadAsync(Cancellation)).SetException(new HomelabException(ErrorKind.Unavailable, "KumaUnreachable", "gone"));
        await Assert.ThrowsAsync<HomelabException>(() => first);

        var second = shared.ReadAsync(Cancellation);
        await _time.ArmedAsync(Cancellation);
        _time.Advance(TimeSpan.FromSeconds(2));
        (await _begun.Reader.ReadAsync(Cancellation)).SetResult([]);
        Assert.Empty(await second);
    }

    [Fact]
    public async Task One_asker_who_gives_up_does_not_take_the_reading_from_another()
    {
        var shared = new SharedReading(BeginAsync, _time);
        var first = shared.ReadAsync(Cancellation);
        var one = await _begun.Reader.ReadAsync(Cancellation);
        // Both ask while the first reading runs, so that both wait for the same next one.
        using var cancelling = new CancellationTokenSource();
        var impatient = shared.ReadAsync(cancelling.Token);
        var patient = shared.ReadAsync(Cancellation);
        await cancelling.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => impatient);
        one.SetResult([]);
        await first;

        await _time.ArmedAsync(Cancellation);
        _time.Advance(TimeSpan.FromSeconds(2));
        (await _begun.Reader.ReadAsync(Cancellation)).SetResult([Reading("new")]);
        Assert.Equal("new", Assert.Single(await patient).Name);
    }

    private static MonitorReading Reading(string name) => new() { Id = "1", Name = name, Status = MonitorStatus.Up };

    private Task<IReadOnlyList<MonitorReading>> BeginAsync(CancellationToken cancellationToken)
    {
        var reading = new TaskCompletionSource<IReadOnlyList<MonitorReading>>(TaskCreationOptions.RunContinuationsAsynchronously);
        _begun.Writer.TryWrite(reading);
        return reading.Task;
    }
}
