using System.Runtime.ExceptionServices;
using System.Threading.Channels;

namespace Homelab.PowerShell.Pipeline;

/// <summary>
/// Runs an asynchronous body off the pipeline thread and replays everything it says on the pipeline thread, in order. The body always ends before
/// <see cref="Run"/> returns, whether the pipeline was stopped, a write threw, or all went well: nothing outlives its cmdlet.
/// </summary>
/// <typeparam name="TOutput">Where it is replayed; a cmdlet, or a fake in tests.</typeparam>
internal sealed class PipelinePump<TOutput> : IDisposable
{
    // Enough that neither side waits for each single object, little enough that a slow pipeline is not flooded.
    private const int Capacity = 64;

    private readonly Channel<Action<TOutput>> _said = Channel.CreateUnbounded<Action<TOutput>>(new UnboundedChannelOptions { SingleReader = true });
    private readonly SemaphoreSlim _room = new(Capacity);
    private readonly CancellationToken _stopping;

    private PipelinePump(CancellationToken stopping) => _stopping = stopping;

    /// <summary>Runs a body to its end.</summary>
    /// <param name="output">Touched by the calling thread alone.</param>
    /// <param name="body">What to run. Its token is cancelled by <paramref name="stopping"/> and by a write that throws.</param>
    /// <param name="stopping">Ctrl+C. Cancels the body; the call returns when the body has ended.</param>
    /// <exception cref="Exception">What a write threw, as <c>Select-Object -First</c> makes it; else what the body threw.</exception>
    internal static void Run(TOutput output, Func<PipelinePump<TOutput>, CancellationToken, Task> body, CancellationToken stopping)
    {
        using var cancel = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        using var pump = new PipelinePump<TOutput>(cancel.Token);
        var running = Task.Run(() => pump.RunBodyAsync(body), CancellationToken.None);

        ExceptionDispatchInfo? refused = null;
        while (pump._said.Reader.WaitToReadAsync(CancellationToken.None).AsTask().GetAwaiter().GetResult())
        {
            while (pump._said.Reader.TryRead(out var say))
            {
                if (refused is not null) continue;
                try
                {
                    say(output);
                }
                catch (Exception e)
                {
                    // A command further down has had enough, or the error preference says stop: whoever writes learns of it by cancellation.
                    refused = ExceptionDispatchInfo.Capture(e);
                    cancel.Cancel();
                }
            }
        }

        // The body is over: only its result is left to be taken.
        ((Task)running).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing).GetAwaiter().GetResult();
        refused?.Throw();
        running.GetAwaiter().GetResult();
    }

    /// <summary>Says something, and waits while the pipeline is further behind than it should be.</summary>
    internal async ValueTask SayAsync(Action<TOutput> say)
    {
        await _room.WaitAsync(_stopping).ConfigureAwait(false);
        Post(output =>
        {
            _room.Release();
            say(output);
        });
    }

    /// <summary>Says something without waiting: for the few lines that come from places that cannot wait.</summary>
    internal void Post(Action<TOutput> say) => _said.Writer.TryWrite(say);

    /// <summary>Asks the pipeline thread, and waits for the answer.</summary>
    /// <exception cref="OperationCanceledException">The pipeline was stopped before it answered.</exception>
    internal async Task<T> AskAsync<T>(Func<TOutput, T> question)
    {
        // Not inline: the rest of the body must not run on the pipeline thread.
        var answer = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        var stop = _stopping.UnsafeRegister(static (waiting, token) => ((TaskCompletionSource<T>)waiting!).TrySetCanceled(token), answer);
        await using (stop.ConfigureAwait(false))
        {
            Post(output =>
            {
                try
                {
                    answer.TrySetResult(question(output));
                }
                catch (Exception e)
                {
                    // It is the asker's: what it does not handle comes out of Run, on the pipeline thread.
                    answer.TrySetException(e);
                }
            });
            return await answer.Task.ConfigureAwait(false);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _room.Dispose();

    private async Task RunBodyAsync(Func<PipelinePump<TOutput>, CancellationToken, Task> body)
    {
        try
        {
            await body(this, _stopping).ConfigureAwait(false);
        }
        finally
        {
            _said.Writer.TryComplete();
        }
    }
}
