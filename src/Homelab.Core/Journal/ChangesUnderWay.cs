using System.Collections.Concurrent;

namespace Homelab;

/// <summary>
/// Which open changes somebody is still carrying out. Of this process that is known exactly; so one whose caller was cancelled at the wrong moment, or
/// whose end could not be written, does not block its target for as long as the process lives.
/// </summary>
internal static class ChangesUnderWay
{
    private static readonly ConcurrentDictionary<string, byte> s_ids = new(StringComparer.Ordinal);

    /// <summary>Counts a change as under way until it is disposed.</summary>
    internal static IDisposable Begin(string id)
    {
        s_ids.TryAdd(id, 0);
        return new End(id);
    }

    /// <summary>True while somebody may still be at work on an open change.</summary>
    internal static Task<bool> HasAsync(ChangeRecord record, IGateStore store, CancellationToken cancellationToken) =>
        record.Owner == store.Owner ? Task.FromResult(s_ids.ContainsKey(record.Id)) : store.IsAliveAsync(record.Owner, cancellationToken);

    private sealed class End(string id) : IDisposable
    {
        public void Dispose() => s_ids.TryRemove(id, out _);
    }
}
