namespace Homelab.Automation.Tapes;

/// <summary>The changes that would have been made, as far as limits count them.</summary>
internal sealed class ChangeLedger(ActionLimits limits, IReadOnlyDictionary<string, int> containers)
{
    private readonly List<(DateTimeOffset At, Target Target, bool Disrupts)> _changes = [];

    /// <summary>Why the limits would refuse a change now; empty when they would not.</summary>
    internal IReadOnlyList<Finding> Refusals(Target target, DateTimeOffset now)
    {
        var longest = new[] { limits.Per, limits.RatePer, limits.Blast.Per, limits.Cooldown }.Max();
        _changes.RemoveAll(c => c.At + longest < now);
        var own = _changes.Where(c => c.Target.Key == target.Key).ToList();
        var onHost = target is { Kind: "container", Host: not null }
            ? _changes.Where(c => c.Disrupts && c.At + limits.Blast.Per > now && c.Target.Kind == "container" && c.Target.Host == target.Host && c.Target.Key != target.Key).Select(c => c.Target.Key).Distinct(StringComparer.Ordinal).Count()
            : 0;
        var history = new ChangeHistory(
            InFlight: null,
            own.Where(static c => c.Disrupts).Select(static c => (DateTimeOffset?)c.At).Max(),
            own.Count(c => c.At + limits.Per > now),
            _changes.Count(c => c.At + limits.RatePer > now))
        {
            OnHost = onHost,
        };
        var neighbours = target is { Kind: "container", Host: { } host } ? containers.GetValueOrDefault(host) : 0;
        return LimitRules.Evaluate(history, limits, target, restrained: true, now, neighbours, suspendable: false);
    }

    internal void Add(Target target, Risk risk, DateTimeOffset now) => _changes.Add((now, target, risk >= Risk.Disrupt));
}
