using System.Globalization;
using Homelab.Lab.Docker;

namespace Homelab.Lab;

/// <summary>More Docker hosts and containers than the plan has, for measuring: most run, some have exited, some are unhealthy. No service needs them.</summary>
/// <param name="Containers">How many containers, on all hosts together.</param>
/// <param name="Hosts">On how many hosts, in turn.</param>
public sealed record SimulatedCrowd(int Containers, int Hosts)
{
    // The tailnet addresses of the hosts only fill the lab file: their engines listen on loopback, like all.
    private const int HostsInRange = 250;

    private static readonly string[] s_images = ["nginx:1.29", "postgres:17", "redis:8", "grafana/grafana:12.1", "ghcr.io/home-assistant/home-assistant:2026.2", "jellyfin/jellyfin:10.10"];

    /// <summary>Nobody besides the plan.</summary>
    public static SimulatedCrowd None { get; } = new(0, 0);

    /// <summary>The hosts: <c>rack-01</c> and so on.</summary>
    public IReadOnlyList<PlannedHost> PlannedHosts { get; } =
        [.. Enumerable.Range(1, Hosts).Select(n => new PlannedHost(string.Create(CultureInfo.InvariantCulture, $"rack-{n:00}"), Address(n), "Simulated crowd", HasDocker: true))];

    /// <summary>Puts the containers on their hosts: <c>app-0001</c> and so on.</summary>
    internal void Settle(IReadOnlyDictionary<string, SimulatedDockerEngine> engines)
    {
        for (var number = 1; number <= Containers; number++)
        {
            var container = engines[PlannedHosts[(number - 1) % PlannedHosts.Count].Name].Add(new SimulatedContainerSpec
            {
                Name = string.Create(CultureInfo.InvariantCulture, $"app-{number:0000}"),
                Image = s_images[number % s_images.Length],
                RestartPolicy = "unless-stopped",
                HasHealthCheck = number % 3 != 0,
            });
            // The same number fares the same each time, so that two measurements measure the same.
            if (number % 20 == 7) container.Crash(number % 40 == 7 ? 1 : 137);
            else if (number % 25 == 4) container.Stop();
            else if (number % 20 == 13 && container.Spec.HasHealthCheck) container.BecomeUnhealthy();
        }
    }

    private static string Address(int number) => string.Create(CultureInfo.InvariantCulture, $"100.64.{number / HostsInRange}.{(number % HostsInRange) + 1}");
}
