using Homelab.PowerShell.Pipeline;

namespace Homelab.UnitTests.PowerShell;

/// <summary>The five promises of the bridge between asynchronous work and the pipeline thread, without PowerShell.</summary>
public sealed class PipelinePumpTests
{
    private const int Many = 10_000;

    private readonly Output _output = new();

    [Fact]
    public void What_is_said_is_replayed_in_order_on_the_calling_thread_alone()
    {
        PipelinePump<Output>.Run(
            _output,
            async (pump, _) =>
            {
                for (var i = 0; i < Many; i++)
                {
                    // From wherever the body happens to be.
                    await Task.Yield();
                    if (i % 3 == 0) pump.Post(o => o.Write(o.Written.Count));
                    else await pump.SayAsync(o => o.Write(o.Written.Count));
                }
            },
            CancellationToken.None);

        Assert.Equal(Enumerable.Range(0, Many), _output.Written);
        Assert.Equal([Environment.CurrentManagedThreadId], _output.Threads);
    }

    [Fact]
    public void A_body_that_is_faster_than_the_pipeline_waits_for_it()
    {
        var furthestAhead = 0;
        var said = 0;
        PipelinePump<Output>.Run(
            _output,
            async (pump, _) =>
            {
                for (; said < Many; said++) await pump.SayAsync(o => { furthestAhead = Math.Max(furthestAhead, said - o.Written.Count); o.Write(0); });
            },
            CancellationToken.None);

        Assert.Equal(Many, _output.Written.Count);
        Assert.InRange(furthestAhead, 1, 65);
    }

    [Fact]
    public void A_question_is_asked_on_the_calling_thread_and_its_answer_awaited_after_all_that_was_said_before()
    {
        var saidBefore = -1;
        PipelinePump<Output>.Run(
            _output,
            async (pump, _) =>
            {
                await pump.SayAsync(static o => o.Write(1));
                var answer = await pump.AskAsync(o =>
                {
                    saidBefore = o.Written.Count;
                    o.Write(2);
                    return Environment.CurrentManagedThreadId;
                });
                Assert.NotEqual(answer, Environment.CurrentManagedThreadId);
                await pump.SayAsync(o => o.Write(answer));
            },
            CancellationToken.None);

        Assert.Equal(1, saidBefore);
        Assert.Equal([1, 2, Environment.CurrentManagedThreadId], _output.Written);
    }

    [Fact]
    public void What_a_question_throws_is_the_askers_and_comes_out_when_nobody_catches_it()
    {
        static Task Body(PipelinePump<Output> pump, CancellationToken token) => pump.AskAsync<bool>(static _ => throw new TimeoutException("asked"));

        Assert.Equal("asked", Assert.Throws<TimeoutException>(() => PipelinePump<Output>.Run(_output, Body, CancellationToken.None)).Message);
    }

    [Fact]
    public void Stopping_cancels_the_body_and_waits_for_it()
    {
        using var stopping = new CancellationTokenSource();
        var ended = false;

        Assert.ThrowsAny<OperationCanceledException>(() => PipelinePump<Output>.Run(
            _output,
            async (pump, token) =>
            {
                try
                {
                    await pump.SayAsync(_ => stopping.Cancel());
                    await new TaskCompletionSource().Task.WaitAsync(token);
                }
                finally
                {
                    // Cleaning up takes its time, and is waited for.
                    for (var i = 0; i < 100; i++) await Task.Yield();
                    ended = true;
                }
            },
            stopping.Token));

        Assert.True(ended);
    }

    [Fact]
    public void Stopping_ends_the_wait_for_an_answer_that_does_not_come()
    {
        using var stopping = new CancellationTokenSource();
        using var given = new ManualResetEventSlim();

        Assert.ThrowsAny<OperationCanceledException>(() => PipelinePump<Output>.Run(
            _output,
            async (pump, _) =>
            {
                try
                {
                    await pump.AskAsync(_ =>
                    {
                        stopping.Cancel();
                        return given.Wait(TimeSpan.FromSeconds(60));
                    });
                }
                finally
                {
                    // Reached while the question still stands.
                    given.Set();
                }
            },
            stopping.Token));

        Assert.True(given.IsSet);
    }

    [Fact]
    public void A_write_that_throws_cancels_the_body_waits_for_it_and_is_thrown_again()
    {
        var ended = false;
        var enough = new InvalidOperationException("enough");

        var thrown = Assert.Throws<InvalidOperationException>(() => PipelinePump<Output>.Run(
            _output,
            async (pump, token) =>
            {
                try
                {
                    for (var i = 0; ; i++)
                    {
                        await pump.SayAsync(o =>
                        {
                            if (o.Written.Count == 3) throw enough;
                            o.Write(i);
                        });
                    }
                }
                finally
                {
                    Assert.True(token.IsCancellationRequested);
                    await Task.Yield();
                    ended = true;
                }
            },
            CancellationToken.None));

        Assert.Same(enough, thrown);
        Assert.True(ended);
        Assert.Equal(3, _output.Written.Count);
    }

    [Fact]
    public void What_the_body_throws_comes_out_after_all_that_it_said()
    {
        var e = Assert.Throws<HomelabException>(() => PipelinePump<Output>.Run(
            _output,
            static async (pump, _) =>
            {
                await pump.SayAsync(static o => o.Write(1));
                throw new HomelabException(ErrorKind.NotFound, "ThingNotFound", "There is no thing.");
            },
            CancellationToken.None));

        Assert.Equal("ThingNotFound", e.Id);
        Assert.Equal([1], _output.Written);
    }

    private sealed class Output
    {
        public List<int> Written { get; } = [];

        public HashSet<int> Threads { get; } = [];

        public void Write(int item)
        {
            Threads.Add(Environment.CurrentManagedThreadId);
            Written.Add(item);
        }
    }
}
