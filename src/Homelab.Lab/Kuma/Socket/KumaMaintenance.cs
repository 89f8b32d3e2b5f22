using System.Collections.Concurrent;

namespace Homelab.Lab.Kuma;

/// <summary>A maintenance as it is kept: manual, or from one moment until another.</summary>
internal sealed record KumaMaintenance(int Id, DateTimeOffset? From, DateTimeOffset? Until, bool IsManual)
{
    internal ConcurrentDictionary<int, bool> Monitors { get; } = new();

    internal bool Holds(DateTimeOffset now) => IsManual || (!(From > now) && !(Until < now));
}
