using System.Collections.Frozen;

namespace Homelab.Automation.Correlation;

/// <summary>
/// What needs what in a lab: its services, and its machines, of which each that no service stands for (<c>provides: host</c>) is there as <c>host:name</c>.
/// Without circles: where the needs that nobody wrote down would close one, the weakest of them is left out.
/// </summary>
public sealed class ServiceGraph
{
    private const string HostPrefix = "host:";

    private readonly FrozenDictionary<string, Node> _nodes;

    /// <param name="lab">The lab.</param>
    public ServiceGraph(LabDefinition lab)
    {
        ArgumentNullException.ThrowIfNull(lab);
        var (needs, cut) = GraphNeeds.Of(lab);
        Cut = cut;
        var machines = lab.Hosts.Keys.Select(name => (Node: GraphNeeds.HostNode(lab, name), Host: name)).ToDictionary(m => m.Node, m => m.Host, StringComparer.Ordinal);
        var byNeeding = needs.ToLookup(n => n.By, StringComparer.Ordinal);
        var byNeeded = needs.ToLookup(n => n.On, StringComparer.Ordinal);
        _nodes = lab.Services.Keys
            .Union(machines.Keys, StringComparer.Ordinal)
            .Select(name => new Node(
                name,
                [.. byNeeding[name]],
                [.. byNeeded[name].Where(n => n.Kind == NeedKind.Host).Select(n => n.By).Order(StringComparer.Ordinal)],
                machines.GetValueOrDefault(name),
                lab.Services.TryGetValue(name, out var service) ? service.Stack : null))
            .ToFrozenDictionary(n => n.Name, StringComparer.Ordinal);
        Stacks = _nodes.Values
            .Where(n => n.Stack is not null)
            .GroupBy(n => n.Stack!, StringComparer.Ordinal)
            .ToFrozenDictionary(g => g.Key, IReadOnlyList<string> (g) => [.. g.Select(n => n.Name).Order(StringComparer.Ordinal)], StringComparer.Ordinal);
    }

    /// <summary>Every service, and every machine.</summary>
    public IReadOnlyCollection<string> Names => _nodes.Keys;

    /// <summary>The needs that were left out because they would have closed a circle.</summary>
    public IReadOnlyList<Need> Cut { get; }

    /// <summary>The services of each Compose stack: what they share is a hint, and no need.</summary>
    internal FrozenDictionary<string, IReadOnlyList<string>> Stacks { get; }

    /// <summary>The name under which a machine is there that no service stands for.</summary>
    public static string ImplicitHost(string host) => HostPrefix + host;

    /// <summary>True for a machine that no service of the lab file stands for.</summary>
    public static bool IsImplicitHost(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        // No service can be named so: their names hold no colon.
        return name.StartsWith(HostPrefix, StringComparison.Ordinal);
    }

    /// <summary>True when it is there.</summary>
    public bool Knows(string name) => _nodes.ContainsKey(name);

    /// <summary>What it needs directly, the surest first.</summary>
    public IReadOnlyList<Need> NeedsOf(string name) => _nodes.TryGetValue(name, out var node) ? node.Needs : [];

    /// <summary>The machine that it is, as the lab file names it; null for what is none.</summary>
    public string? MachineOf(string name) => _nodes.TryGetValue(name, out var node) ? node.Host : null;

    /// <summary>The services, and the machines, that run on it directly.</summary>
    public IReadOnlyList<string> RunningOn(string name) => _nodes.TryGetValue(name, out var node) ? node.Runners : [];

    /// <summary>Everything that it cannot work without, the nearest first, each once and with the way to it, which begins with the one that needs it.</summary>
    public IReadOnlyList<(string Name, IReadOnlyList<Need> Way)> AllNeedsOf(string name)
    {
        var found = new List<(string Name, IReadOnlyList<Need> Way)>();
        var seen = new HashSet<string>(StringComparer.Ordinal) { name };
        var queue = new Queue<(string Name, IReadOnlyList<Need> Way)>([(name, [])]);
        while (queue.TryDequeue(out var next))
        {
            foreach (var need in NeedsOf(next.Name))
            {
                if (!seen.Add(need.On)) continue;
                IReadOnlyList<Need> way = [.. next.Way, need];
                found.Add((need.On, way));
                queue.Enqueue((need.On, way));
            }
        }

        return found;
    }

    internal string? StackOf(string name) => _nodes.TryGetValue(name, out var node) ? node.Stack : null;

    private sealed record Node(string Name, IReadOnlyList<Need> Needs, IReadOnlyList<string> Runners, string? Host, string? Stack);
}
