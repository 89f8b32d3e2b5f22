using System.Globalization;
using Homelab.Lab.Docker;
using Homelab.Lab.Proxmox;

namespace Homelab.Lab;

/// <summary>More containers and guests than the plan has, for measuring: most run, some have exited, some are unhealthy. No service needs them.</summary>
/// <param name="Containers">How many containers, on all hosts together.</param>
/// <param name="Hosts">On how many hosts, in turn.</param>
public sealed record SimulatedCrowd(int Containers, int Hosts)
{
    // The tailnet addresses of the hosts only fill the lab file: their engines listen on loopback, like all.

    // Below are the guests of the plan.
    private const int FirstGuest = 10_000;

    private static readonly string[] s_images = ["nginx:1.29", "postgres:17", "redis:8", "grafana/grafana:12.1", "ghcr.io/home-assistant/home-assistant:2026.2", "jellyfin/jellyfin:10.10"];

    /// <summary>How many guests of Proxmox, on all nodes together.</summary>
    public int Guests { get; init; }

    /// <summary>On how many nodes besides the planned ones, in turn.</summary>
    public int Nodes { get; init; }

    /// <summary>The nodes: <c>node-01</c> and so on.</summary>
    public IReadOnlyList<string> PlannedNodes => [.. Enumerable.Range(1, Nodes).Select(static n => string.Create(CultureInfo.InvariantCulture, $"node-{n:00}"))];

    /// <summary>Nobody besides the plan.</summary>
    public static SimulatedCrowd None { get; } = new(0, 0);

    /// <summary>The hosts: <c>rack-01</c> and so on.</summary>
    public IReadOnlyList<PlannedHost> PlannedHosts { get; } =
        [.. Enumerable.Range(1, Hosts).Select(n => new PlannedHost(string.Create(CultureInfo.InvariantCulture, $"rack-{n:00}"), "Simulated crowd", HasDocker: true))];

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

    /// <summary>Puts the guests on their nodes: <c>vm-0001</c> and so on. Most run, every fourth is a container.</summary>
    internal void Settle(SimulatedProxmox cluster)
    {
        for (var number = 1; number <= Guests; number++)
        {
            cluster.AddGuest(new SimulatedGuestSpec
            {
                Vmid = FirstGuest + number,
                Name = string.Create(CultureInfo.InvariantCulture, $"vm-{number:0000}"),
                Node = Nodes == 0 ? null : PlannedNodes[(number - 1) % Nodes],
                Kind = number % 4 == 0 ? SimulatedGuestKind.Lxc : SimulatedGuestKind.Qemu,
                Memory = 1024 * (1 + (number % 8)),
                Cores = 1 + (number % 4),
                Running = number % 10 != 3,
                Tags = number % 5 == 0 ? ["prod", "web"] : number % 3 == 0 ? ["test"] : [],
            });
        }
    }
}
