namespace Homelab.Host.Commands;

/// <summary>Something that goes on beside the command until it is disposed of.</summary>
internal sealed class Background : IAsyncDisposable
{
    private readonly CancellationTokenSource _ending = new();
    private readonly Task _running;

    internal Background(Func<CancellationToken, Task> run) => _running = run(_ending.Token);

    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync();
        try
        {
            await _running;
        }
        catch (OperationCanceledException)
        {
            // That is how it ends.
        }

        _ending.Dispose();
    }
}
