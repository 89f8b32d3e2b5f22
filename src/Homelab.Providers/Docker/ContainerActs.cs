using System.Collections.Concurrent;

namespace Homelab.Providers.Docker;

/// <summary>Which containers are being changed by us right now, and how the changes of the last moments ended: what befalls one meanwhile is its change's matter.</summary>
internal sealed class ContainerActs(TimeProvider time)
{
    // Events come a moment after what they tell of.
    private static readonly TimeSpan s_remembered = TimeSpan.FromSeconds(5);

    // Whoever held an event back meanwhile asks for the end later, however late that is on a busy machine.
    private static readonly TimeSpan s_forgotten = TimeSpan.FromMinutes(10);

    private readonly Lock _lock = new();
    private readonly Dictionary<string, int> _underWay = new(StringComparer.Ordinal);
    private readonly Dictionary<string, (long At, long Number, ContainerActEnd End)> _ended = new(StringComparer.Ordinal);
    private long _ends;

    /// <summary>How many changes have ended so far.</summary>
    internal long Ends
    {
        get
        {
            lock (_lock) return _ends;
        }
    }

    /// <summary>Counts a container as being changed until the act is disposed.</summary>
    internal ContainerAct Begin(string id)
    {
        lock (_lock) _underWay[id] = _underWay.GetValueOrDefault(id) + 1;
        return new ContainerAct(this, id);
    }

    internal bool IsUnderWay(string id)
    {
        lock (_lock) return _underWay.ContainsKey(id);
    }

    /// <summary>How a change of it ended a moment ago; null when there was none. One that was removed comes never back.</summary>
    internal ContainerActEnd? Ended(string id)
    {
        lock (_lock) return _ended.TryGetValue(id, out var ended) && (ended.End is ContainerActEnd.Gone || time.GetElapsedTime(ended.At) <= s_remembered) ? ended.End : null;
    }

    /// <summary>How a change of it ended since so many had; null when none did.</summary>
    internal ContainerActEnd? EndedSince(string id, long ends)
    {
        lock (_lock) return _ended.TryGetValue(id, out var ended) && ended.Number > ends ? ended.End : null;
    }

    internal void End(string id, ContainerActEnd end)
    {
        lock (_lock)
        {
            foreach (var old in _ended.Where(e => time.GetElapsedTime(e.Value.At) > s_forgotten).Select(static e => e.Key).ToArray()) _ended.Remove(old);
            _ended[id] = (time.GetTimestamp(), ++_ends, end);
            if (--_underWay[id] == 0) _underWay.Remove(id);
        }
    }
}

/// <summary>How a change of a container ended.</summary>
internal enum ContainerActEnd
{
    /// <summary>It is not as it was to be.</summary>
    Failed,

    /// <summary>It was seen to be as it was to be.</summary>
    Well,

    /// <summary>It was removed, and nothing that befell it is anybody's matter.</summary>
    Gone,
}

/// <summary>One change of a container that is under way. It counts as failed unless it says otherwise.</summary>
internal sealed class ContainerAct(ContainerActs acts, string id) : IDisposable
{
    private ContainerActEnd _end;

    internal void EndWell() => _end = ContainerActEnd.Well;

    internal void EndGone() => _end = ContainerActEnd.Gone;

    public void Dispose() => acts.End(id, _end);
}
