namespace Homelab.State;

/// <summary>Something to write, and whoever waits for it.</summary>
internal abstract class WriteCommand
{
    /// <summary>Why it failed by itself while others of its transaction did not.</summary>
    internal Exception? Failure { get; set; }

    /// <summary>True when a caller waits and is told of a failure; what nobody waits for is tried again.</summary>
    internal virtual bool IsAwaited => true;

    internal abstract void Execute(WriteSession session);

    /// <summary>Tells the caller. Only after the transaction was committed.</summary>
    internal abstract void Complete();

    internal abstract void Fail(Exception failure);
}

/// <summary>A write that a caller waits for.</summary>
internal sealed class WriteCommand<T>(Func<WriteSession, T> body) : WriteCommand
{
    // The callers' code must not run on the writer's thread.
    private readonly TaskCompletionSource<T> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private T _result = default!;

    internal Task<T> Done => _done.Task;

    internal override void Execute(WriteSession session) => _result = body(session);

    internal override void Complete() => _done.TrySetResult(_result);

    internal override void Fail(Exception failure) => _done.TrySetException(failure);
}

/// <summary>An audit line that nobody waits for.</summary>
internal sealed class PostedLine(AuditEntry entry) : WriteCommand
{
    internal override bool IsAwaited => false;

    internal override void Execute(WriteSession session) => session.Append(entry);

    internal override void Complete()
    {
    }

    internal override void Fail(Exception failure)
    {
    }
}

/// <summary>Writes nothing: ends when everything that was queued before it has been worked off, well or badly.</summary>
internal sealed class Barrier : WriteCommand
{
    private readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);

    internal Task Done => _done.Task;

    internal override void Execute(WriteSession session)
    {
    }

    internal override void Complete() => _done.TrySetResult();

    // Those whose writes failed were told; what is on disk can be read all the same.
    internal override void Fail(Exception failure) => _done.TrySetResult();
}
