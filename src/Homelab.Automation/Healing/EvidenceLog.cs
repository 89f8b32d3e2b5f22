namespace Homelab.Automation.Healing;

/// <summary>What was seen on the way, one line each; the same seen again and again is one line with a count.</summary>
internal sealed class EvidenceLog
{
    private const int Most = 40;

    private readonly Lock _lock = new();
    private readonly List<Seen> _seen = [];
    private readonly List<string> _before = [];

    /// <summary>The lines, oldest first.</summary>
    internal string[] Lines
    {
        get
        {
            lock (_lock) return [.. _before, .. _seen.Select(s => s.ToString())];
        }
    }

    /// <summary>Takes over what an earlier process had seen.</summary>
    internal void TakeOver(IEnumerable<string> lines)
    {
        lock (_lock) _before.AddRange(lines);
    }

    internal void Add(DateTimeOffset at, string line)
    {
        lock (_lock)
        {
            if (_seen is [.., var last] && last.Line == line)
            {
                _seen[^1] = last with { LastAt = at, Times = last.Times + 1 };
                return;
            }

            if (_seen.Count == Most) _seen.RemoveAt(0);
            _seen.Add(new Seen(line, at, at, 1));
        }
    }

    private sealed record Seen(string Line, DateTimeOffset FirstAt, DateTimeOffset LastAt, int Times)
    {
        public override string ToString() => Times == 1 ? $"{FirstAt:HH:mm:ss} {Line}" : $"{FirstAt:HH:mm:ss}–{LastAt:HH:mm:ss} {Line} ({Times} times)";
    }
}
