using System.Collections.Concurrent;
using System.Threading.Channels;
using Homelab.Composition;

namespace Homelab.Host.Web.Access;

/// <summary>Cuts off what is open, such as a session's stream, once the credential that opened it was taken back.</summary>
internal sealed class OpenCalls : IAsyncDisposable
{
    // What another process took back is known here within this and the memory of lookups.
    private static readonly TimeSpan s_every = TimeSpan.FromSeconds(2);

    private readonly HomelabRuntime _runtime;
    private readonly ConcurrentDictionary<OpenCall, bool> _open = [];
    private readonly Channel<bool> _wake = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly CancellationTokenSource _ending = new();
    private readonly Task _watching;
    private bool _isDisposed;

    internal OpenCalls(HomelabRuntime runtime)
    {
        _runtime = runtime;
        runtime.Access.Credentials.Forgotten += OnForgotten;
        _watching = WatchAsync();
    }

    /// <summary>How many are open.</summary>
    internal int Count => _open.Count;

    /// <summary>From now on until it ends, a call goes on only as long as its credential is not taken back.</summary>
    internal void Add(HttpContext http, Func<CancellationToken, Task<bool>> holds)
    {
        var call = new OpenCall(http, holds);
        _open[call] = true;
        http.Response.OnCompleted(() =>
        {
            call.End();
            _open.TryRemove(call, out _);
            return Task.CompletedTask;
        });
    }

    public async ValueTask DisposeAsync()
    {
        if (_isDisposed) return;
        _isDisposed = true;
        _runtime.Access.Credentials.Forgotten -= OnForgotten;
        await _ending.CancelAsync();
        await _watching.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _ending.Dispose();
    }

    private void OnForgotten(object? sender, EventArgs e) => Wake();

    private void Wake() => _wake.Writer.TryWrite(true);

    private async Task WatchAsync()
    {
        await Task.Yield();
        using var timer = _runtime.Time.CreateTimer(_ => Wake(), state: null, s_every, s_every);
        while (await _wake.Reader.WaitToReadAsync(_ending.Token))
        {
            _wake.Reader.TryRead(out _);
            foreach (var call in _open.Keys)
            {
                if (!await HoldsAsync(call)) call.CutOff();
            }
        }
    }

    private async Task<bool> HoldsAsync(OpenCall call)
    {
        try
        {
            return await call.Holds(_ending.Token);
        }
        catch (HomelabException e)
        {
            // Whether it still holds is not known, so it does not.
            _runtime.Healing.ReportTrouble(_runtime.Redactor.Redact($"an open MCP call was cut off, because its credential could not be looked up: {e.Message}"));
            return false;
        }
    }

    // The server uses its contexts again for the next request of a connection: what has ended must not be cut off.
    private sealed class OpenCall(HttpContext http, Func<CancellationToken, Task<bool>> holds)
    {
        private readonly Lock _lock = new();
        private bool _hasEnded;

        internal Func<CancellationToken, Task<bool>> Holds => holds;

        internal void End()
        {
            lock (_lock) _hasEnded = true;
        }

        internal void CutOff()
        {
            lock (_lock)
            {
                if (!_hasEnded) http.Abort();
            }
        }
    }
}
