namespace Homelab.Providers;

/// <summary>The one session of a login that all callers share: opened when it is first needed, kept until the provider ends, and opened anew when it is over.</summary>
/// <param name="open">Opens one.</param>
internal sealed class SharedSession<T>(Func<CancellationToken, Task<T>> open) : IAsyncDisposable
    where T : class, ISession
{
    private readonly SemaphoreSlim _opening = new(1);
    private T? _session;
    private bool _ended;

    internal async Task<T> OpenAsync(CancellationToken cancellationToken)
    {
        await _opening.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            ObjectDisposedException.ThrowIf(_ended, this);
            if (_session is { IsOver: false } alive) return alive;
            if (_session is { } lost) await lost.DisposeAsync().ConfigureAwait(false);
            _session = null;
            return _session = await open(cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _opening.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _opening.WaitAsync().ConfigureAwait(false);
        _ended = true;
        if (_session is { } session) await session.DisposeAsync().ConfigureAwait(false);
        _session = null;
        _opening.Release();
    }
}

/// <summary>A session that may be over before anybody ends it.</summary>
internal interface ISession : IAsyncDisposable
{
    /// <summary>True when nothing can be asked in it any more.</summary>
    bool IsOver { get; }
}
