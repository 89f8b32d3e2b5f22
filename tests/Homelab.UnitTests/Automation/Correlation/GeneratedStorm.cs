using Homelab.Automation.Correlation;

namespace Homelab.UnitTests.Automation.Correlation;

/// <summary>
/// A made-up lab in which one or two things broke, and what is seen of that: alerts of which some are missing, some late and some wrong, and looks of which some
/// get no answer. The same seed always makes the same.
/// </summary>
internal sealed class GeneratedStorm
{
    private readonly Random _random;
    private readonly List<(string Name, ServiceDefinition Service)> _services = [];
    private readonly List<(string Name, HostDefinition Host)> _hosts = [];
    private readonly List<Sighting> _sightings = [];
    private readonly HashSet<string> _lookable = new(StringComparer.Ordinal);

    internal GeneratedStorm(int seed)
    {
        // Seeded on purpose: a failure must come again.
#pragma warning disable CA5394
        _random = new Random(seed);
#pragma warning restore CA5394
        Build();
        Lab = GraphLab.Of([.. _hosts], [.. _services]);
        Graph = new ServiceGraph(Lab);
        Broken = Break();
        Failing = [.. Graph.Names.Where(n => RootsOf(n).Count > 0).Order(StringComparer.Ordinal)];
        See();
    }

    internal LabDefinition Lab { get; }

    internal ServiceGraph Graph { get; }

    /// <summary>What broke.</summary>
    internal IReadOnlyList<string> Broken { get; }

    /// <summary>What fails: what broke, and all that needs it.</summary>
    internal IReadOnlyList<string> Failing { get; }

    internal IReadOnlyList<Sighting> Sightings => _sightings;

    /// <summary>The services of whose failure somebody was told.</summary>
    internal IEnumerable<string> Reported => Failing.Where(f => _sightings.Exists(s => s.Service == f && s.By == SightedBy.Alert && s.State == SightedState.Down));

    /// <summary>What broke that it needs, itself included: the truth.</summary>
    internal IReadOnlyList<string> RootsOf(string name) => [.. Broken.Where(b => b == name || Reaches(name, b))];

    private bool Chance(double share)
    {
#pragma warning disable CA5394
        return _random.NextDouble() < share;
    }

    private int Pick(int below) => _random.Next(below);
#pragma warning restore CA5394

    private void Build()
    {
        var hosts = 2 + Pick(5);
        for (var i = 0; i < hosts; i++) _hosts.Add(($"h{i}", new HostDefinition { Address = $"10.0.0.{i + 1}" }));
        foreach (var (name, _) in _hosts.Where(_ => Chance(0.6))) _lookable.Add(ServiceGraph.ImplicitHost(name));
        _services.Add(("dns", new() { Host = "h0", Provides = ServiceRole.Dns }));
        _services.Add(("proxy", new() { Host = "h0", Provides = ServiceRole.Proxy }));
        List<string> below = [];
        for (var layer = 0; layer < 3; layer++)
        {
            List<string> these = [];
            for (var i = 0; i < 4 + Pick(9); i++)
            {
                var name = $"s{layer}-{i}";
                string[] needs = below.Count == 0 ? [] : [.. Enumerable.Range(0, Pick(3)).Select(_ => below[Pick(below.Count)]).Distinct()];
                var isNamed = Chance(0.4);
                _services.Add((name, new()
                {
                    Host = _hosts[Pick(hosts)].Name,
                    DependsOn = needs,
                    Proxy = layer == 2 && Chance(0.4) ? "proxy" : null,
                    Check = new CheckDefinition { Http = new Uri(isNamed ? $"http://{name}.home.arpa/" : "http://10.0.0.1/") },
                }));
                these.Add(name);
            }

            below.AddRange(these);
        }

        foreach (var (name, _) in _services.Where(_ => Chance(0.9))) _lookable.Add(name);
    }

    private List<string> Break()
    {
        var candidates = Graph.Names.Order(StringComparer.Ordinal).Where(n => !ServiceGraph.IsImplicitHost(n) || Graph.RunningOn(n).Count >= 3).ToArray();
        // Half of the time something that much hangs on, as storms are made of.
        string One() => Chance(0.5) ? Graph.Names.Where(candidates.Contains).OrderByDescending(c => Graph.Names.Count(n => Reaches(n, c))).ThenBy(c => c, StringComparer.Ordinal).ElementAt(Pick(5)) : candidates[Pick(candidates.Length)];
        List<string> broken = [One()];
        if (Chance(0.35))
        {
            var other = One();
            // Independent: what needs the other would be its member.
            if (other != broken[0] && !Reaches(other, broken[0]) && !Reaches(broken[0], other)) broken.Add(other);
        }

        return broken;
    }

    private bool Reaches(string from, string to) => Graph.NeedsOf(from).Any(n => n.On == to || Reaches(n.On, to));

    private void See()
    {
        foreach (var name in Graph.Names.Order(StringComparer.Ordinal))
        {
            var fails = Failing.Contains(name, StringComparer.Ordinal);
            // By whatever fails of it first: who cannot be found is never asked for an answer.
            var how = !fails ? "HTTP 200" : Graph.NeedsOf(name).Any(n => n.Kind == NeedKind.Dns && Failing.Contains(n.On, StringComparer.Ordinal)) ? "the host's name cannot be resolved" : Chance(0.5) ? "HTTP 503" : "connection refused";
            var isHost = ServiceGraph.IsImplicitHost(name);
            if (fails && !isHost && Chance(0.85)) Add(name, SightedState.Down, SightedBy.Alert, -Pick(20), how);
            // Late: it was down a while ago, and is not any more. Wrong: it never was.
            if (!fails && !isHost && Chance(0.05)) Add(name, SightedState.Down, SightedBy.Alert, -300, "connection refused");
            if (!fails && !isHost && Chance(0.02)) Add(name, SightedState.Down, SightedBy.Alert, -1, "HTTP 500");
            if (_lookable.Contains(name)) Add(name, Chance(0.07) ? SightedState.Unknown : fails ? SightedState.Down : SightedState.Up, SightedBy.Look, 0, how);
        }
    }

    private void Add(string name, SightedState state, SightedBy by, int seconds, string detail) => _sightings.Add(new Sighting(name, state, by, GraphLab.Noon.AddSeconds(seconds), detail));
}
