using Homelab.Automation.Healing;

namespace Homelab.Automation.Tapes;

/// <summary>The lines of a tape that come next, and which services they say are down.</summary>
internal sealed class LinesAhead(ServiceMap services)
{
    private readonly Queue<(TapeEntry Line, string? Service)> _lines = new();
    private readonly Dictionary<string, Queue<TapeEntry>> _downs = new(StringComparer.Ordinal);

    internal bool Any => _lines.Count > 0;

    internal TapeEntry Next => _lines.Peek().Line;

    internal void Enqueue(TapeEntry line)
    {
        var service = services.Match(line.Alert);
        _lines.Enqueue((line, service));
        if (service is null || line.Alert.Status != AlertStatus.Down) return;
        if (!_downs.TryGetValue(service, out var downs)) _downs[service] = downs = new Queue<TapeEntry>();
        downs.Enqueue(line);
    }

    internal (TapeEntry Line, string? Service) Dequeue()
    {
        var next = _lines.Dequeue();
        if (next.Service is { } service && next.Line.Alert.Status == AlertStatus.Down) _downs[service].Dequeue();
        return next;
    }

    /// <summary>The line that next says that a service is down; null when none does within sight.</summary>
    internal TapeEntry? NextDown(string service) => _downs.TryGetValue(service, out var downs) && downs.TryPeek(out var line) ? line : null;
}
