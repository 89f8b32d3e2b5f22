using System.Threading.Channels;

namespace Homelab.State;

/// <summary>
/// The only writer of this process: a thread that takes whatever waits, writes it in one transaction and tells the callers after the commit. The more
/// callers there are, the more of them share one sync of the disk; a single one waits for nobody.
/// </summary>
internal sealed class WriteLoop
{
    private const int Capacity = 4096;

    // Bounds how long the first of a batch waits for the last.
    private const int MostAtOnce = 512;

    // A checkpoint takes longer than a commit: it is done when the callers have been answered, not within their wait.
    private const int CommandsPerCheckpoint = 1000;

    private readonly Channel<WriteCommand> _queue = Channel.CreateBounded<WriteCommand>(new BoundedChannelOptions(Capacity)
    {
        SingleReader = true,
        // Wakes the writer without a detour over the thread pool.
        AllowSynchronousContinuations = true,
    });

    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly List<WriteCommand> _batch = new(MostAtOnce);
    private readonly List<WriteCommand> _carried = [];
    private readonly Database _database;
    private readonly WriteSession _session;
    private volatile Exception? _trouble;
    private int _sinceCheckpoint;

    internal WriteLoop(Database database, TimeSpan patience)
    {
        _database = database;
        _session = new WriteSession(database, patience);
        new Thread(Work) { IsBackground = true, Name = "homelab-state-writer" }.Start();
    }

    /// <summary>Writes, and ends when it is on disk. Cancelling ends the wait; what was queued is written all the same.</summary>
    internal async Task<T> WriteAsync<T>(Func<WriteSession, T> body, CancellationToken cancellationToken)
    {
        var command = new WriteCommand<T>(body);
        await EnqueueAsync(command, cancellationToken).ConfigureAwait(false);
        return await command.Done.WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Adds an audit line, and ends when it is on disk.</summary>
    internal Task AppendAsync(AuditEntry entry, CancellationToken cancellationToken) => WriteAsync(s => Appended(s, entry), cancellationToken);

    /// <summary>Queues an audit line. While lines cannot be written, it waits for the disk like any other write, and fails like one.</summary>
    internal async Task PostAsync(AuditEntry entry, CancellationToken cancellationToken)
    {
        if (_trouble is null)
        {
            await EnqueueAsync(new PostedLine(entry), cancellationToken).ConfigureAwait(false);
        }
        else
        {
            await AppendAsync(entry, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Ends when everything queued before has been worked off.</summary>
    internal async Task DrainAsync(CancellationToken cancellationToken)
    {
        var barrier = new Barrier();
        await EnqueueAsync(barrier, cancellationToken).ConfigureAwait(false);
        await barrier.Done.WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Takes no more, writes what is queued and ends.</summary>
    /// <exception cref="HomelabException">Lines that nobody waited for could not be written.</exception>
    internal Task StopAsync()
    {
        _queue.Writer.TryComplete();
        return _ended.Task;
    }

    private static bool Appended(WriteSession session, AuditEntry entry)
    {
        session.Append(entry);
        return true;
    }

    private async ValueTask EnqueueAsync(WriteCommand command, CancellationToken cancellationToken)
    {
        try
        {
            await _queue.Writer.WriteAsync(command, cancellationToken).ConfigureAwait(false);
        }
        catch (ChannelClosedException e)
        {
            throw new ObjectDisposedException("The state store is closed.", e);
        }
    }

    private void Work()
    {
        try
        {
            while (_queue.Reader.WaitToReadAsync().AsTask().GetAwaiter().GetResult())
            {
                _batch.AddRange(_carried);
                _carried.Clear();
                while (_batch.Count < MostAtOnce && _queue.Reader.TryRead(out var command)) _batch.Add(command);
                Write();
                Tidy();
            }

            _batch.AddRange(_carried);
            _carried.Clear();
            if (_batch.Count > 0) Write();
            if (_trouble is { } trouble) _ended.SetException(trouble);
            else _ended.SetResult();
        }
        catch (Exception e)
        {
            // Nothing above throws by design; if it does, callers must not wait for ever.
            _queue.Writer.TryComplete(e);
            while (_queue.Reader.TryRead(out var command)) _batch.Add(command);
            foreach (var command in _batch) command.Fail(e);
            _ended.SetException(e);
        }
    }

    private void Write()
    {
        Exception? failure = null;
        try
        {
            _session.Begin();
            foreach (var command in _batch) _session.Execute(command);
            _session.Commit();
        }
        catch (Exception e)
        {
            failure = e;
            Abandon();
        }

        // Known before anybody learns of the failure: whoever does, and then queues a line, must wait for it.
        _trouble = _batch.Where(static c => !c.IsAwaited).Select(c => c.Failure ?? failure).LastOrDefault(static e => e is not null);
        foreach (var command in _batch)
        {
            var own = command.Failure ?? failure;
            if (own is null)
            {
                command.Complete();
            }
            else if (command.IsAwaited)
            {
                command.Fail(own);
            }
            else
            {
                command.Failure = null;
                _carried.Add(command);
            }
        }

        _sinceCheckpoint += _batch.Count;
        _batch.Clear();
    }

    private void Abandon()
    {
        try
        {
            _session.Abandon();
        }
        catch (HomelabException)
        {
            // The callers learn the first failure; whatever is left of the transaction fails the next BEGIN, and says so there.
        }
    }

    private void Tidy()
    {
        if (_sinceCheckpoint < CommandsPerCheckpoint) return;
        _sinceCheckpoint = 0;
        try
        {
            _database.Tidy();
        }
        catch (HomelabException)
        {
            // What was committed is safe in the log; a disk in trouble shows at the next commit.
        }
    }
}
