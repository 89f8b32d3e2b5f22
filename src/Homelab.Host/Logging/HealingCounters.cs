using Homelab.Automation.Healing;

namespace Homelab.Host.Logging;

/// <summary>Counts what happens, for <c>/metrics</c>.</summary>
public sealed class HealingCounters : IHealingObserver
{
    private readonly long[] _events = new long[Enum.GetValues<HealingEventKind>().Length];
    private long _deliveries;
    private long _refused;
    private long _duplicates;

    /// <summary>Deliveries that were accepted.</summary>
    public long Deliveries => Interlocked.Read(ref _deliveries);

    /// <summary>Deliveries that were refused: no right, or not to be read.</summary>
    public long Refused => Interlocked.Read(ref _refused);

    /// <summary>Alerts that were known already.</summary>
    public long Duplicates => Interlocked.Read(ref _duplicates);

    /// <summary>How often something happened.</summary>
    public long Of(HealingEventKind kind) => Interlocked.Read(ref _events[(int)kind]);

    /// <inheritdoc/>
    public void On(HealingEvent what)
    {
        ArgumentNullException.ThrowIfNull(what);
        Interlocked.Increment(ref _events[(int)what.Kind]);
    }

    internal void Accepted(int duplicates)
    {
        Interlocked.Increment(ref _deliveries);
        Interlocked.Add(ref _duplicates, duplicates);
    }

    internal void Refuse() => Interlocked.Increment(ref _refused);
}
