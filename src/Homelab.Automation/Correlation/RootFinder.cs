namespace Homelab.Automation.Correlation;

/// <summary>
/// Finds where failures come from. A root is down, and nothing of what it needs is; a service all of whose needs are seen to be up is its own root. What nobody saw anything
/// of is never a root, but what is down behind it may be. Pure: the same graph and the same sightings always give the same roots.
/// </summary>
public sealed class RootFinder
{
    private readonly ServiceGraph _graph;
    private readonly ISightings _board;
    private readonly HostInference _hosts;
    private readonly Dictionary<string, IReadOnlyList<string>> _below = new(StringComparer.Ordinal);

    /// <param name="graph">What needs what.</param>
    /// <param name="sightings">What was seen, in any order.</param>
    public RootFinder(ServiceGraph graph, IEnumerable<Sighting> sightings)
        : this(graph, new SightingBoard(sightings))
    {
    }

    /// <param name="graph">What needs what.</param>
    /// <param name="board">What is known of each, which must not change as long as this is asked.</param>
    internal RootFinder(ServiceGraph graph, ISightings board)
    {
        ArgumentNullException.ThrowIfNull(graph);
        _graph = graph;
        _board = board;
        _hosts = new HostInference(graph, board);
    }

    /// <summary>How it is, as far as can be told: seen, or of a machine inferred.</summary>
    public SightedState StateOf(string name) => _graph.MachineOf(name) is null ? _board.Of(name).State : _hosts.Of(name).State;

    /// <summary>Where the failure of a service comes from. That it fails is taken for granted.</summary>
    public RootFinding Find(string service)
    {
        ArgumentNullException.ThrowIfNull(service);
        var all = _graph.AllNeedsOf(service);
        var found = Below(service).ToHashSet(StringComparer.Ordinal);
        var considered = all.Select(n => Consider(n.Name, n.Way, found.Contains(n.Name))).ToList();
        if (StackHint(service) is { } hint) considered.Add(hint);
        // The nearest first: the fewer must fail in between, the likelier it is.
        return new RootFinding([.. all.Select(n => n.Name).Where(found.Contains)], considered);
    }

    /// <summary>The roots alone, the nearest first.</summary>
    internal IReadOnlyList<string> RootsOf(string service) =>
        Below(service) is { Count: > 1 } found ? [.. _graph.AllNeedsOf(service).Select(n => n.Name).Where(n => found.Contains(n, StringComparer.Ordinal))] : Below(service);

    /// <summary>Divides what fails by where it comes from, the root of most first. What has two roots is with both.</summary>
    public IReadOnlyList<RootGroup> Divide(IEnumerable<string> failing)
    {
        ArgumentNullException.ThrowIfNull(failing);
        var members = new SortedDictionary<string, List<string>>(StringComparer.Ordinal);
        foreach (var service in failing.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal))
        {
            var roots = Below(service);
            foreach (var root in roots.Count == 0 ? [service] : roots)
            {
                if (!members.TryGetValue(root, out var group)) members[root] = group = [];
                if (root != service) group.Add(service);
            }
        }

        return [.. members.Select(m => new RootGroup(m.Key, m.Value)).OrderByDescending(g => g.Members.Count)];
    }

    /// <summary>
    /// True when one's own looks tell all of it: nothing that could be the cause is unknown, only reported, or a machine that must be inferred. Then there is nothing to wait for.
    /// </summary>
    public bool IsSure(string service)
    {
        ArgumentNullException.ThrowIfNull(service);
        var seen = new HashSet<string>(StringComparer.Ordinal) { service };
        var queue = new Queue<string>([service]);
        while (queue.TryDequeue(out var next))
        {
            foreach (var need in _graph.NeedsOf(next))
            {
                if (StateOf(need.On) == SightedState.Up || !Convicts(need) || !seen.Add(need.On)) continue;
                if (_graph.MachineOf(need.On) is not null || _board.Of(need.On).Known is not { By: not SightedBy.Alert }) return false;
                queue.Enqueue(need.On);
            }
        }

        return true;
    }

    /// <summary>The roots among what it needs; empty when none of that is down.</summary>
    private IReadOnlyList<string> Below(string name)
    {
        if (_below.TryGetValue(name, out var known)) return known;
        var roots = new List<string>();
        foreach (var need in _graph.NeedsOf(name))
        {
            var state = StateOf(need.On);
            // What works cannot be the cause, whatever is down behind it: it does without that.
            if (state == SightedState.Up || !Convicts(need)) continue;
            var deeper = Below(need.On);
            foreach (var root in deeper.Count > 0 ? deeper : state == SightedState.Down ? [need.On] : [])
            {
                if (!roots.Contains(root, StringComparer.Ordinal)) roots.Add(root);
            }
        }

        return _below[name] = roots;
    }

    private bool Convicts(Need need) => need.IsHard || FailureText.Fits(_board.Of(need.By).Text, need.Kind);

    private ConsideredCause Consider(string name, IReadOnlyList<Need> way, bool isRoot) =>
        new(name, isRoot, [.. way.Select(n => n.By), name], Seen(name), isRoot ? WhyTaken(name) : WhyNot(name, way));

    private string Seen(string name)
    {
        var why = _graph.MachineOf(name) is null ? "" : _hosts.Of(name).Why;
        var seen = _board.Of(name);
        return why.Length == 0 ? seen.ToString() : seen.Times == 0 ? why : $"{seen}; {why}";
    }

    private string WhyTaken(string name)
    {
        var needs = _graph.NeedsOf(name).Count;
        var how = _graph.MachineOf(name) is not null && _hosts.Of(name).Why.Length > 0 ? "it is taken to be down" : "it is down";
        return needs == 0 ? $"{how}, and it needs nothing else" : $"{how}, and nothing of what it needs is";
    }

    private string WhyNot(string name, IReadOnlyList<Need> way)
    {
        var up = way.SkipLast(1).FirstOrDefault(n => StateOf(n.On) == SightedState.Up);
        if (up is not null) return $"{up.On}, through which it is needed, is up";
        var soft = way.FirstOrDefault(n => !Convicts(n));
        var state = StateOf(name);
        if (state == SightedState.Up) return "it is up";
        if (soft is not null) return WhySoft(soft);
        if (Below(name) is { Count: > 0 } deeper) return $"{(state == SightedState.Down ? "it is down itself, and" : "it")} needs {string.Join(" and ", deeper)}";
        return state == SightedState.Down ? "it is down, but not on a way that counts" : "nothing says that it is down";
    }

    private string WhySoft(Need need)
    {
        var what = need.Kind == NeedKind.Dns ? "no failure of names" : "no failure of the way there";
        return _board.Of(need.By).Text is { Length: > 0 } text ? $"{need.By} fails as {what} looks: {text}" : $"nothing says that {need.By} fails for want of {(need.Kind == NeedKind.Dns ? "names" : "a way")}";
    }

    private ConsideredCause? StackHint(string service)
    {
        if (_graph.StackOf(service) is not { } stack) return null;
        var others = _graph.Stacks[stack].Where(s => s != service).ToArray();
        string[] down = [.. others.Where(s => StateOf(s) == SightedState.Down)];
        return down.Length == 0
            ? null
            : new ConsideredCause($"stack:{stack}", IsRoot: false, [service], $"{down.Length} of {others.Length} others of its stack are down: {string.Join(", ", down)}", "what a stack shares is a hint, and no cause by itself");
    }
}

/// <summary>A root, and what fails because of it.</summary>
/// <param name="Root">The root.</param>
/// <param name="Members">What fails because of it, by name; without the root itself.</param>
public sealed record RootGroup(string Root, IReadOnlyList<string> Members);
