namespace Homelab.Providers.Ssh;

/// <summary>
/// The places for commands on one host. A connection has eight, for sshd opens ten sessions over one; as many connections as are needed are made, and who finds no place waits in order.
/// </summary>
/// <param name="atOnce">How many there are in all.</param>
/// <param name="open">Makes a connection.</param>
internal sealed class SshSeats(int atOnce, Func<CancellationToken, Task<SshMaster>> open) : IAsyncDisposable
{
    private const int PerMaster = 8;

    private readonly Lock _lock = new();
    private readonly List<Bench> _benches = [];
    private readonly LinkedList<TaskCompletionSource<Bench>> _waiting = [];
    private readonly CancellationTokenSource _ending = new();
    private readonly int _mostBenches = (atOnce + PerMaster - 1) / PerMaster;
    private int _perMaster = PerMaster;
    private int _taken;
    private bool _hasWorked;

    /// <summary>Takes a place, on a connection that is there.</summary>
    internal async Task<Seat> TakeAsync(CancellationToken cancellationToken)
    {
        var bench = await SitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            return new Seat(this, bench, await bench.Master.WaitAsync(cancellationToken).ConfigureAwait(false));
        }
        catch
        {
            Leave(bench);
            throw;
        }
    }

    /// <summary>A connection for one who needs no place on it.</summary>
    internal async Task<SshMaster> AnyAsync(CancellationToken cancellationToken)
    {
        Bench? bench;
        lock (_lock)
        {
            bench = _benches.FirstOrDefault(static b => !b.IsBroken);
            if (bench is null) _benches.Add(bench = Open());
        }

        return await bench.Master.WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>A connection is not there any more, whatever its socket says.</summary>
    internal void Forget(SshMaster master)
    {
        lock (_lock) _benches.RemoveAll(b => b.Master.IsCompletedSuccessfully && b.Master.Result == master);
    }

    /// <summary>The connections that are there.</summary>
    internal IReadOnlyList<SshMaster> Masters
    {
        get
        {
            lock (_lock) return [.. _benches.Where(static b => b.Master.IsCompletedSuccessfully).Select(static b => b.Master.Result)];
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync().ConfigureAwait(false);
        Task<SshMaster>[] opening;
        lock (_lock) opening = [.. _benches.Select(static b => b.Master)];
        await ((Task)Task.WhenAll(opening)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _ending.Dispose();
    }

    private async Task<Bench> SitAsync(CancellationToken cancellationToken)
    {
        LinkedListNode<TaskCompletionSource<Bench>> mine;
        lock (_lock)
        {
            if (_waiting.Count == 0 && TrySit() is { } bench) return bench;
            mine = _waiting.AddLast(new TaskCompletionSource<Bench>(TaskCreationOptions.RunContinuationsAsynchronously));
        }

        try
        {
            return await mine.Value.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            bool waited;
            lock (_lock)
            {
                waited = mine.List is not null;
                if (waited) _waiting.Remove(mine);
            }

            // A place was given in the very moment in which it was no more wanted.
            if (!waited && mine.Value.Task.IsCompletedSuccessfully) Leave(mine.Value.Task.Result);
            throw;
        }
    }

    // Held: the lock. The fullest connection first, so that few are made.
    private Bench? TrySit()
    {
        if (_taken >= atOnce) return null;
        _benches.RemoveAll(static b => b.IsBroken);
        var bench = _benches.Where(b => b.Taken < _perMaster).MaxBy(static b => (b.Master.IsCompleted, b.Taken));
        if (bench is null)
        {
            if (_benches.Count >= _mostBenches) return null;
            _benches.Add(bench = Open());
        }

        bench.Taken++;
        _taken++;
        return bench;
    }

    // The connection is for all who come, so that nobody's cancellation ends it.
    private Bench Open() => new(Task.Run(() => open(_ending.Token), _ending.Token));

    private void Leave(Bench bench)
    {
        lock (_lock)
        {
            bench.Taken--;
            _taken--;
            // What keeps one out keeps out all who wait: nobody waits for the same failure once more.
            if (bench.Master.IsFaulted && _benches.TrueForAll(static b => b.IsBroken))
            {
                for (; _waiting.First is { } next; _waiting.RemoveFirst()) next.Value.TrySetException(bench.Master.Exception!.InnerException!);
            }

            while (_waiting.First is { } next && TrySit() is { } free)
            {
                _waiting.RemoveFirst();
                next.Value.TrySetResult(free);
            }
        }
    }

    /// <summary>A connection and how many sit there.</summary>
    internal sealed class Bench(Task<SshMaster> master)
    {
        internal Task<SshMaster> Master { get; } = master;

        internal int Taken { get; set; }

        internal bool IsBroken => Master.IsCompleted && (!Master.IsCompletedSuccessfully || Master.Result.IsGone);
    }

    /// <summary>A place, until it is disposed.</summary>
    internal sealed class Seat(SshSeats seats, Bench bench, SshMaster master) : IDisposable
    {
        private bool _left;

        internal SshMaster Master => master;

        /// <summary>The host has opened a session here: one that it refuses later is refused only for now.</summary>
        internal void Worked() => Volatile.Write(ref seats._hasWorked, true);

        /// <summary>The host opened no further session: there are fewer places than was thought. True when room is to come: others sit on this connection, or what has just ended still counts.</summary>
        internal bool Refused()
        {
            lock (seats._lock)
            {
                var were = bench.Taken;
                seats._perMaster = Math.Max(1, Math.Min(seats._perMaster, were) - 1);
                return were > 1 || Volatile.Read(ref seats._hasWorked);
            }
        }

        /// <summary>The connection is not there any more, whatever its socket says.</summary>
        internal void Forget() => seats.Forget(master);

        public void Dispose()
        {
            if (!Interlocked.Exchange(ref _left, true)) seats.Leave(bench);
        }
    }
}
