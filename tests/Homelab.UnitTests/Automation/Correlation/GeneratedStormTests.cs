using System.Globalization;
using Homelab.Automation.Correlation;

namespace Homelab.UnitTests.Automation.Correlation;

/// <summary>How often the root is found, over labs in which it is known.</summary>
public sealed class GeneratedStormTests(ITestOutputHelper output)
{
    private const int Storms = 400;

    [Fact]
    public void Roots_are_found_in_nearly_all_of_four_hundred_storms()
    {
        var all = new Tally();
        var byKind = new SortedDictionary<string, Tally>(StringComparer.Ordinal);
        for (var seed = 1; seed <= Storms; seed++)
        {
            var storm = new GeneratedStorm(seed);
            var finder = new RootFinder(storm.Graph, storm.Sightings);
            var kind = storm.Broken.Count > 1 ? "two roots" : ServiceGraph.IsImplicitHost(storm.Broken[0]) ? "a machine" : storm.Broken[0] is "dns" or "proxy" ? storm.Broken[0] : "a service";
            if (!byKind.TryGetValue(kind, out var tally)) byKind[kind] = tally = new Tally();
            tally.Storms++;
            all.Storms++;
            foreach (var service in storm.Reported)
            {
                var found = finder.Find(service).Roots is { Count: > 0 } roots ? roots : [service];
                tally.Add(found, storm.RootsOf(service));
                all.Add(found, storm.RootsOf(service));
            }
        }

        foreach (var (kind, tally) in byKind) output.WriteLine($"{kind,-10} {tally}");
        output.WriteLine($"{"all",-10} {all}");
        Assert.True(all.Precision >= 0.93, $"precision {all}");
        Assert.True(all.Recall >= 0.93, $"recall {all}");
        Assert.All(byKind.Values, t => Assert.True(t.Precision >= 0.9 && t.Recall >= 0.9, t.ToString()));
    }

    [Fact]
    public void The_order_in_which_things_were_seen_changes_nothing()
    {
        for (var seed = 1; seed <= 40; seed++)
        {
            var storm = new GeneratedStorm(seed);
            var forward = new RootFinder(storm.Graph, storm.Sightings).Divide(storm.Failing);
            var backward = new RootFinder(new GeneratedStorm(seed).Graph, storm.Sightings.Reverse()).Divide(storm.Failing.Reverse());
            Assert.Equal(forward.Select(Text), backward.Select(Text));
        }

        static string Text(RootGroup group) => $"{group.Root}: {string.Join(' ', group.Members)}";
    }

    private sealed class Tally
    {
        private int _found;
        private int _true;
        private int _both;
        private int _incidents;

        public int Storms { get; set; }

        public double Precision => (double)_both / _found;

        public double Recall => (double)_both / _true;

        public void Add(IReadOnlyList<string> found, IReadOnlyList<string> truth)
        {
            _incidents++;
            _found += found.Count;
            _true += truth.Count;
            _both += found.Intersect(truth, StringComparer.Ordinal).Count();
        }

        public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"storms {Storms,3}, reported failures {_incidents,5}: precision {Precision:P1}, recall {Recall:P1}");
    }
}
