using System.Globalization;
using Homelab.Automation.Tapes;

namespace Homelab.Benchmarks.Peers;

/// <summary>A lab of many services, and a tape of what a bad month there looks like: services that fail alone, and machines that take all with them. Always the same.</summary>
internal sealed class MadeTape(int services, int machines, int seed)
{
    private const double StormShare = 0.05;

    private static readonly DateTimeOffset s_start = new(2026, 3, 4, 12, 0, 0, TimeSpan.Zero);
    private static readonly string[] s_sources = ["kuma", "alertmanager", "netdata", "beszel"];

    internal LabDefinition Lab { get; } = new()
    {
        Hosts = Enumerable.Range(0, machines).ToDictionary(static i => $"m{i}", static i => new HostDefinition { Address = $"10.0.0.{i + 1}" }, StringComparer.Ordinal),
        Services = Enumerable.Range(0, services).ToDictionary(
            Name,
            i => new ServiceDefinition
            {
                Container = new ContainerRef($"{Name(i)}@m{i % machines}"),
                Provides = i switch { 0 => ServiceRole.Dns, 1 => ServiceRole.Proxy, _ => ServiceRole.None },
                Tier = (ServiceTier)(i % 3),
                // The layer below, at two places; nothing needs what is on its own layer.
                DependsOn = i < 102 ? [] : [Name(((i / 100) - 1) * 100 + (i * 7 % 98) + 2), Name(((i / 100) - 1) * 100 + (i * 13 % 98) + 2)],
                Proxy = i > services / 2 && i % 5 == 0 ? Name(1) : null,
                Check = new CheckDefinition { Http = new Uri(i % 3 == 0 ? $"http://s{i}.home.arpa/" : "http://10.0.0.1/") },
            },
            StringComparer.Ordinal),
    };

    internal IEnumerable<TapeEntry> Lines(int count)
    {
        // Seeded on purpose: the same tape each time.
#pragma warning disable CA5394
        var random = new Random(seed);
        var waiting = new PriorityQueue<(int Service, bool Up, string Text), DateTimeOffset>();
        var now = s_start;
        for (var made = 0; made < count;)
        {
            now += TimeSpan.FromSeconds(random.Next(1, 60));
            var isStorm = random.NextDouble() < StormShare;
            var machine = random.Next(machines);
            int[] failing = isStorm ? [.. Enumerable.Range(0, services / machines).Select(i => (i * machines) + machine)] : [random.Next(services)];
            var lasts = TimeSpan.FromSeconds(random.Next(30, 1800));
            var text = isStorm ? "connect ETIMEDOUT" : random.Next(4) switch { 0 => "the host's name cannot be resolved", 1 => "HTTP 503", _ => "connection refused" };
            foreach (var service in failing)
            {
                // As a monitor that looks each minute notices it.
                var noticed = now + TimeSpan.FromSeconds(random.NextDouble() * 45);
                waiting.Enqueue((service, false, text), noticed);
                waiting.Enqueue((service, true, "HTTP 200"), noticed + lasts + TimeSpan.FromSeconds(random.Next(45)));
            }

            while (made < count && waiting.TryPeek(out var next, out var at) && at <= now)
            {
                waiting.Dequeue();
                yield return Line(made++, next.Service, next.Up, next.Text, at);
            }
        }
#pragma warning restore CA5394
    }

    private static TapeEntry Line(int number, int service, bool up, string text, DateTimeOffset at)
    {
        var source = s_sources[service % s_sources.Length];
        return new TapeEntry
        {
            At = at,
            Hook = source,
            Source = source,
            Alert = new Alert { Source = source, Status = up ? AlertStatus.Up : AlertStatus.Down, Subject = Name(service), Message = $"[{Name(service)}] {text}", At = at, Fingerprint = string.Create(CultureInfo.InvariantCulture, $"{source}-{number}") },
            Service = Name(service),
        };
    }

    private static string Name(int index) => index switch { 0 => "dns", 1 => "proxy", _ => string.Create(CultureInfo.InvariantCulture, $"s{index}") };
}
