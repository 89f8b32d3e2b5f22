using System.Collections.Concurrent;
using Homelab.Host.Logging;
using ModelContextProtocol.Server;

namespace Homelab.Host.Mcp.Http;

/// <summary>The sessions that are open: no more than the lab file allows, none idle for longer, and each for its own caller alone.</summary>
internal sealed class McpSessions(McpDefinition mcp, TimeProvider time, JsonLog log) : IAsyncDisposable
{
    // Of an operation that does not listen, the program does not wait for the end.
    private static readonly TimeSpan s_grace = TimeSpan.FromSeconds(5);

    private readonly Lock _lock = new();
    private readonly Dictionary<string, McpSession> _open = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<McpSession, Task> _ending = new();
    private bool _isClosed;

    /// <summary>Those that are open.</summary>
    internal IReadOnlyList<McpSession> Open
    {
        get
        {
            lock (_lock) return [.. _open.Values];
        }
    }

    /// <summary>Opens one. Where there are too many, another one of whoever has most makes room: nobody's bustle ends the sessions of others.</summary>
    internal McpSession Begin(Caller caller, string credential, McpServerOptions options)
    {
        var session = new McpSession(caller, credential, options, time, log);
        McpSession? victim = null;
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_isClosed, this);
            if (_open.Count >= mcp.Sessions)
            {
                // Taken out at once: of two that come together each must find its own.
                victim = _open.Values.GroupBy(static s => s.Caller).MaxBy(static g => g.Count())!.MinBy(static s => (s.IsUsed, s.UsedAt))!;
                _open.Remove(victim.Id);
            }

            _open.Add(session.Id, session);
        }

        if (victim is not null) LetEnd(victim, $"there are more than {mcp.Sessions} (mcp.sessions in the lab file), and its caller has most");
        return session;
    }

    /// <summary>The one with that id, whosever it is; null where there is none.</summary>
    internal McpSession? Find(string id)
    {
        McpSession? session;
        lock (_lock) session = _open.GetValueOrDefault(id);
        if (session is null || session.IdleFor < mcp.Idle) return session;
        EndIdle(session);
        return null;
    }

    /// <summary>Ends those that nobody has used for too long.</summary>
    internal void Sweep()
    {
        foreach (var session in Open.Where(s => s.IdleFor >= mcp.Idle)) EndIdle(session);
    }

    /// <summary>Ends one. What it had under way is cancelled, looked at and written down meanwhile.</summary>
    internal void End(McpSession session, string why)
    {
        lock (_lock)
        {
            if (!_open.Remove(session.Id)) return;
        }

        LetEnd(session, why);
    }

    public async ValueTask DisposeAsync()
    {
        lock (_lock) _isClosed = true;
        foreach (var session in Open) End(session, "the program stops");
        try
        {
            await Task.WhenAll(_ending.Values).WaitAsync(s_grace, TimeProvider.System);
        }
        catch (TimeoutException)
        {
            log.Write("sessionsLeft", "What was under way by MCP has not come to its end. It is in the journal, and is taken up at the next start.");
        }
    }

    private void EndIdle(McpSession session) => End(session, $"nothing was asked for {Duration.Format(mcp.Idle)} (mcp.idle in the lab file)");

    // It is in nobody's list any more.
    private void LetEnd(McpSession session, string why)
    {
        if (session.Revision is not null) log.Write("sessionEnded", $"{session}: {why}");
        var ending = EndAsync(session);
        _ending[session] = ending;
        _ = ending.ContinueWith(_ => _ending.TryRemove(session, out Task? _), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
    }

    private async Task EndAsync(McpSession session)
    {
        // Whoever ends a session is not kept waiting by what is under way in it.
        await Task.Yield();
        try
        {
            await session.DisposeAsync();
        }
        catch (Exception e)
        {
            // Nobody waits for it who could be told.
            log.Write("sessionTrouble", $"{session} did not end well: {e}");
        }
    }
}
