using System.Runtime.InteropServices;

namespace Homelab.Host.Attached;

/// <summary>Tells a command that stays when it is to end: at Ctrl+C, at SIGTERM, and where it is tied to a parent process, when that is gone.</summary>
internal sealed class Lifeline : IDisposable
{
    // Not disposed: a signal or the parent's end may still come while the command ends by itself. It holds nothing that needs it.
    private readonly CancellationTokenSource _ending = new();
    private readonly CancellationTokenRegistration _interrupt;
    private readonly PosixSignalRegistration _term;

    /// <param name="cancellationToken">System.CommandLine turns Ctrl+C into its cancellation.</param>
    internal Lifeline(CancellationToken cancellationToken)
    {
        _interrupt = cancellationToken.Register(_ending.Cancel);
        // What a service manager sends.
        _term = PosixSignalRegistration.Create(PosixSignal.SIGTERM, context =>
        {
            context.Cancel = true;
            _ending.Cancel();
        });
    }

    /// <summary>Cancelled when the end has come.</summary>
    internal CancellationToken Ended => _ending.Token;

    /// <summary>From now on the end of the parent is the end of this command too.</summary>
    internal void TieTo(ParentInput parent) =>
        _ = parent.Closed.ContinueWith(_ => _ending.Cancel(), CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);

    /// <summary>Returns when the end has come.</summary>
    internal async Task UntilEndedAsync() => await Task.Delay(Timeout.Infinite, Ended).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

    /// <inheritdoc/>
    public void Dispose()
    {
        _term.Dispose();
        _interrupt.Dispose();
    }
}
