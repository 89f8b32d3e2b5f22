using System.Collections.Concurrent;

namespace Homelab.Automation.Watching;

/// <summary>How each part of this process is, as the parts themselves report. A part that promised to report again, and does not, is not well.</summary>
public sealed class Vitals(TimeProvider time)
{
    private readonly ConcurrentDictionary<string, (PartHealth Health, DateTimeOffset? Until)> _parts = new(StringComparer.Ordinal);

    /// <summary>Says how a part is.</summary>
    /// <param name="part">Its name; see <see cref="PartHealth.Part"/>.</param>
    /// <param name="isWell">Whether it does its work.</param>
    /// <param name="detail">What it does, or what is wrong, one line.</param>
    /// <param name="within">Within what time it will report again; null when it reports only what changes.</param>
    public void Report(string part, bool isWell, string detail, TimeSpan? within = null)
    {
        var now = time.GetUtcNow();
        _parts.AddOrUpdate(
            part,
            _ => (new PartHealth(part, isWell, detail, now), now + within),
            (_, before) => (new PartHealth(part, isWell, detail, before.Health.IsWell == isWell ? before.Health.Since : now), now + within));
    }

    /// <summary>Every part, by name.</summary>
    public IReadOnlyList<PartHealth> Read()
    {
        var now = time.GetUtcNow();
        return [.. _parts.Values.OrderBy(static p => p.Health.Part, StringComparer.Ordinal).Select(p => p.Until is { } until && now > until
            ? p.Health with { IsWell = false, Detail = $"has not been heard of since {until:HH:mm:ss} UTC, when it was due; it said: {p.Health.Detail}", Since = until }
            : p.Health)];
    }
}
