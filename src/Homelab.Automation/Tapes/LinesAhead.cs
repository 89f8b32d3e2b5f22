using Homelab.Automation.Healing;

namespace Homelab.Automation.Tapes;

/// <summary>The lines of a tape that come next, and which services they say are down.</summary>
internal sealed class LinesAhead(ServiceMap services)
{
    private readonly Queue<(TapeLine Line, string? Service)> _lines = new();
    private readonly Dictionary<string, Queue<DateTimeOffset>> _downs = new(StringComparer.Ordinal);

    internal bool Any => _lines.Count > 0;

    internal TapeLine Next => _lines.Peek().Line;

    internal void Enqueue(TapeLine line)
    {
        var service = services.Match(line.Alert);
        _lines.Enqueue((line, service));
        if (service is null || line.Alert.Status != AlertStatus.Down) return;
        if (!_downs.TryGetValue(service, out var downs)) _downs[service] = downs = new Queue<DateTimeOffset>();
        downs.Enqueue(line.At);
    }

    internal (TapeLine Line, string? Service) Dequeue()
    {
        var next = _lines.Dequeue();
        if (next.Service is { } service && next.Line.Alert.Status == AlertStatus.Down) _downs[service].Dequeue();
        return next;
    }

    /// <summary>When the tape next says that a service is down; null when it does not within sight.</summary>
    internal DateTimeOffset? NextDown(string service) => _downs.TryGetValue(service, out var downs) && downs.TryPeek(out var at) ? at : null;
}
