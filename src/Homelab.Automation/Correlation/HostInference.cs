namespace Homelab.Automation.Correlation;

/// <summary>
/// Tells of a machine by what runs there. One that does not answer is down when what runs there is; one that cannot be looked at is down when so much of it
/// failed at once that nothing else explains it.
/// </summary>
internal sealed class HostInference(ServiceGraph graph, ISightings board)
{
    // Fewer may fail together by accident.
    private const int Fewest = 3;
    private const double Share = 0.8;

    private readonly Dictionary<string, HostVerdict> _verdicts = new(StringComparer.Ordinal);

    /// <summary>What is to be thought of it.</summary>
    internal HostVerdict Of(string host)
    {
        if (_verdicts.TryGetValue(host, out var known)) return known;
        // A machine whose own machine asks back must not ask for ever; the graph has no circles, so this is for a machine among its own runners only.
        _verdicts[host] = HostVerdict.Nothing;
        return _verdicts[host] = Judge(host);
    }

    private HostVerdict Judge(string host)
    {
        var seen = board.Of(host);
        if (seen.State == SightedState.Up) return new HostVerdict(SightedState.Up);
        // A service of the lab file that stands for the machine has a check that a person chose; and what an alert says of a machine is said of it.
        var isOwnWord = !ServiceGraph.IsImplicitHost(host) || seen.Known?.By is SightedBy.Alert or SightedBy.Healing;
        if (seen.State == SightedState.Down && isOwnWord) return new HostVerdict(SightedState.Down);

        var runners = graph.RunningOn(host);
        var (down, up) = (new List<string>(), 0);
        foreach (var runner in runners)
        {
            var state = StateOf(runner);
            if (state == SightedState.Down) down.Add(runner);
            else if (state == SightedState.Up) up++;
        }

        if (down.Count < Share * (down.Count + up) || down.Count == 0)
        {
            return new HostVerdict(SightedState.Unknown, () => seen.State == SightedState.Down ? $"it does not answer, but {up} of {runners.Count} that run there are up" : up > 0 ? $"{up} of {runners.Count} that run there are up" : "");
        }

        if (seen.State == SightedState.Down) return new HostVerdict(SightedState.Down, () => $"it does not answer, and {Told()}");
        // Of what nobody saw anything, nothing can be inferred.
        var isKnown = (down.Count + up) * 2 >= runners.Count;
        return isKnown && down.Count >= Fewest && Alone().Take(Fewest).Count() == Fewest
            ? new HostVerdict(SightedState.Down, () => $"{Told()} at once, {Alone().Count()} of them by nothing else, and it cannot be looked at")
            : new HostVerdict(SightedState.Unknown, WhyNot);

        // By nothing else that is known to be down.
        IEnumerable<string> Alone() => down.Where(r => !IsExplained(r, host));

        string Told() => $"{down.Count} of {runners.Count} that run there are down";

        string WhyNot()
        {
            var alone = down.Count(r => !IsExplained(r, host));
            return alone == 0 ? $"{Told()}, and something else explains that" : alone < Fewest ? $"{Told()}, and only {alone} of them by itself" : $"{Told()}, and of the others nothing is known";
        }
    }

    private SightedState StateOf(string runner) => graph.MachineOf(runner) is null ? board.Of(runner).State : Of(runner).State;

    /// <summary>True when something that is down, and that it needs by another way than through the machine, explains its failure.</summary>
    private bool IsExplained(string service, string host)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal) { service, host };
        var queue = new Queue<string>([service]);
        while (queue.TryDequeue(out var next))
        {
            foreach (var need in graph.NeedsOf(next))
            {
                var other = board.Of(need.On);
                if (other.State == SightedState.Up || (!need.IsHard && !FailureText.Fits(board.Of(next).Text, need.Kind)) || !seen.Add(need.On)) continue;
                if (other.State == SightedState.Down && !ServiceGraph.IsImplicitHost(need.On)) return true;
                queue.Enqueue(need.On);
            }
        }

        return false;
    }
}

/// <summary>What is to be thought of a machine.</summary>
/// <param name="state">How it is.</param>
/// <param name="tell">Why, where what runs there was asked: put into words only when somebody wants to know, for far more is decided than told.</param>
internal sealed class HostVerdict(SightedState state, Func<string>? tell = null)
{
    /// <summary>Nothing is known.</summary>
    internal static HostVerdict Nothing { get; } = new(SightedState.Unknown);

    /// <summary>How it is.</summary>
    internal SightedState State => state;

    /// <summary>Why, where what runs there was asked; else empty.</summary>
    internal string Why => field ??= tell?.Invoke() ?? "";
}
