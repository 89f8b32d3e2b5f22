using System.Diagnostics;
using Homelab.Automation.Correlation;
using Homelab.Benchmarks.Measuring;

namespace Homelab.Benchmarks;

/// <summary>Where ten thousand alerts about a thousand services come from.</summary>
internal sealed class CorrelationBenchmark : IBenchmark
{
    private const int Services = 1_000;
    private const int Machines = 25;
    private const int Alerts = 10_000;
    private const int Rounds = 5;
    private const int Dead = 7;

    private static readonly DateTimeOffset s_noon = new(2026, 3, 4, 12, 0, 0, TimeSpan.Zero);

    public string Name => "correlation";

    public string Note =>
        $"{Alerts:N0} alerts in turn about {Services:N0} services in ten layers on {Machines} machines, each of which needs two others, the name server or the proxy; one machine is dead, which cannot be looked at. On one thread, best of {Rounds}: all at once (one finding for each service that fails), and one after another, as they come (one finding for each alert, from the alerts of the last moments).";

    public Task<IReadOnlyList<Figure>> RunAsync(CancellationToken cancellationToken)
    {
        var began = Stopwatch.GetTimestamp();
        var graph = new ServiceGraph(Lab());
        var built = Stopwatch.GetElapsedTime(began);
        var root = ServiceGraph.ImplicitHost($"m{Dead}");
        var failing = graph.Names.Where(n => !ServiceGraph.IsImplicitHost(n) && Reaches(graph, n, root)).Order(StringComparer.Ordinal).ToArray();
        var well = graph.Names.Where(n => !ServiceGraph.IsImplicitHost(n)).Except(failing, StringComparer.Ordinal).ToArray();
        Sighting[] looks = [.. well.Select(n => new Sighting(n, SightedState.Up, SightedBy.Look, s_noon, "HTTP 200")), .. graph.Names.Where(n => ServiceGraph.IsImplicitHost(n) && n != root).Select(n => new Sighting(n, SightedState.Up, SightedBy.Look, s_noon, "open"))];
        Sighting[] alerts = [.. Enumerable.Range(0, Alerts).Select(i => new Sighting(failing[i % failing.Length], SightedState.Down, SightedBy.Alert, s_noon.AddMilliseconds(i), "connect ETIMEDOUT"))];
        var (together, found) = Best(() =>
        {
            var finder = new RootFinder(graph, looks.Concat(alerts));
            return failing.Count(f => finder.Find(f).Roots is [var one] && one == root);
        });
        var (single, _) = Best(() =>
        {
            var right = 0;
            for (var i = 0; i < Alerts; i++)
            {
                var service = alerts[i].Service;
                var near = graph.AllNeedsOf(service).Select(n => n.Name).ToHashSet(StringComparer.Ordinal);
                near.UnionWith(graph.RunningOn(root));
                var finder = new RootFinder(graph, alerts.Take(failing.Length).Append(alerts[i]).Where(a => near.Contains(a.Service)));
                right += finder.Find(service).Roots.Contains(root, StringComparer.Ordinal) ? 1 : 0;
            }

            return right;
        });
        return Task.FromResult<IReadOnlyList<Figure>>(
        [
            Figure.Plain($"building the graph of {graph.Names.Count:N0}", built.TotalMilliseconds, "ms"),
            Figure.Below($"{Alerts:N0} alerts at once", together.TotalMilliseconds, 1_000, "ms"),
            Figure.Holds("  the dead machine found as the one root", $"{found:N0} of {failing.Length:N0}", "all", found == failing.Length),
            Figure.Plain($"{Alerts:N0} alerts one after another, each with a finding of its own", single.TotalMilliseconds, "ms"),
        ]);
    }

    private static (TimeSpan Time, int Result) Best(Func<int> work)
    {
        var best = TimeSpan.MaxValue;
        var result = 0;
        for (var round = 0; round < Rounds; round++)
        {
            var began = Stopwatch.GetTimestamp();
            result = work();
            var took = Stopwatch.GetElapsedTime(began);
            if (took < best) best = took;
        }

        return (best, result);
    }

    private static bool Reaches(ServiceGraph graph, string from, string to) => graph.AllNeedsOf(from).Any(n => n.Name == to && n.Way.All(static w => w.IsHard));

    private static LabDefinition Lab() => new()
    {
        Hosts = Enumerable.Range(0, Machines).ToDictionary(static i => $"m{i}", static i => new HostDefinition { Address = $"10.0.0.{i + 1}" }, StringComparer.Ordinal),
        Services = Enumerable.Range(0, Services).ToDictionary(
            static i => i switch { 0 => "dns", 1 => "proxy", _ => $"s{i}" },
            static i => new ServiceDefinition
            {
                Host = $"m{i % Machines}",
                Provides = i switch { 0 => ServiceRole.Dns, 1 => ServiceRole.Proxy, _ => ServiceRole.None },
                // The layer below, at two places; nothing needs what is on its own layer.
                DependsOn = i < 102 ? [] : [$"s{((i / 100) - 1) * 100 + (i * 7 % 98) + 2}", $"s{((i / 100) - 1) * 100 + (i * 13 % 98) + 2}"],
                Proxy = i > 500 && i % 5 == 0 ? "proxy" : null,
                Check = new CheckDefinition { Http = new Uri(i % 3 == 0 ? $"http://s{i}.home.arpa/" : "http://10.0.0.1/") },
            },
            StringComparer.Ordinal),
    };
}
