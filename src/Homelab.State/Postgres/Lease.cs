using System.Diagnostics;

namespace Homelab.State;

/// <summary>
/// Says again and again that this process lives, by the database's clock. It has a thread and a connection of its own: neither a long transaction nor a busy thread pool
/// may make others believe that the process is dead.
/// </summary>
internal sealed class Lease : IDisposable
{
    private const int RenewalsPerLease = 3;

    private readonly PostgresDatabase _database;
    private readonly TimeSpan _length;
    private readonly ManualResetEventSlim _stopping = new();
    private readonly Thread _thread;
    private int _term;
    private long _renewedAt;
    private long _renewedAtByClock;

    private Lease(PostgresDatabase database, string owner, TimeSpan length)
    {
        _database = database;
        _length = length;
        Owner = owner;
        _thread = new Thread(Work) { IsBackground = true, Name = "homelab-state-lease" };
    }

    /// <summary>The process's name.</summary>
    internal string Owner { get; }

    /// <summary>The name of this lease: a process that opens the state twice has two.</summary>
    internal string Holder { get; } = Guid.NewGuid().ToString("N");

    internal TimeSpan Every => _length / RenewalsPerLease;

    /// <summary>See <see cref="ILeaseStore.LeaseTerm"/>.</summary>
    internal int Term => IsHeld ? Volatile.Read(ref _term) : 0;

    // So much of it is left that one more renewal may fail: what is begun then is begun well before anybody may take it over.
    private bool IsHeld
    {
        get
        {
            // The one stands still while the machine sleeps, the other one may be set.
            var since = Stopwatch.GetElapsedTime(Volatile.Read(ref _renewedAt));
            var byClock = TimeSpan.FromTicks(DateTime.UtcNow.Ticks - Volatile.Read(ref _renewedAtByClock));
            return since < Every * 2 && byClock < Every * 2;
        }
    }

    /// <summary>Takes a lease, and keeps it until it is disposed.</summary>
    /// <exception cref="HomelabException">The database stands in the way.</exception>
    internal static Lease Take(PostgresDatabase database, string owner, TimeSpan length)
    {
        var lease = new Lease(database, owner, length);
        try
        {
            lease.Renew();
        }
        catch
        {
            database.Dispose();
            throw;
        }

        lease._thread.Start();
        return lease;
    }

    /// <summary>Gives it up, so that nobody waits for its end.</summary>
    public void Dispose()
    {
        _stopping.Set();
        _thread.Join();
        _stopping.Dispose();
        try
        {
            LeaseTable.Delete(_database, Holder);
        }
        catch (HomelabException)
        {
            // It ends by itself.
        }

        _database.Dispose();
    }

    private void Work()
    {
        var wait = Every;
        while (!_stopping.Wait(wait))
        {
            try
            {
                Renew();
                wait = Every;
            }
            catch (HomelabException)
            {
                // Whoever wants to begin something meanwhile is told; here it is tried until it works.
                wait = Every / RenewalsPerLease;
            }
        }
    }

    private void Renew()
    {
        // Before the question goes out: the database counts from when it has arrived.
        var (now, byClock) = (Stopwatch.GetTimestamp(), DateTime.UtcNow.Ticks);
        _database.Read(d =>
        {
            LeaseTable.Renew(d, Holder, Owner, _length);
            return true;
        });
        // It was over, or nearly: from the last one on, everything may have been another process's.
        if (!IsHeld) Interlocked.Increment(ref _term);
        Volatile.Write(ref _renewedAt, now);
        Volatile.Write(ref _renewedAtByClock, byClock);
    }
}
