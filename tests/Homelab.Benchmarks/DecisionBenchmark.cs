using Homelab.Benchmarks.Measuring;
using Homelab.Composition;
using Homelab.Configuration;
using Homelab.Tests;

namespace Homelab.Benchmarks;

/// <summary>The gate's decision, without store or wire.</summary>
internal sealed class DecisionBenchmark : IBenchmark
{
    private const int Targets = 64;
    private static readonly DateTimeOffset s_noon = new(2026, 3, 4, 12, 0, 0, TimeSpan.Zero);

    public string Name => "decision";

    public string Note =>
        "Decider.Decide for docker_restart_container from a webhook on containers with two aliases each, under 24 rules (6 approvals, 6 targets, 6 protected, 3 self, 3 quiet windows, of which one holds for one target in 64); best of 5 rounds of 1,000,000 after as many for warm-up.";

    public Task<IReadOnlyList<Figure>> RunAsync(CancellationToken cancellationToken)
    {
        var decider = new Decider(new AccessPolicy { Identities = new Dictionary<string, Level>(StringComparer.Ordinal) { ["mcp:claude"] = Level.Monitor } }, Policy(), self: ["host:infra"]);
        var restart = Restart();
        var caller = new Caller(Face.Webhook, "uptime-alert");
        Target[] targets = [.. Enumerable.Range(0, Targets).Select(i => new Target("container", $"service-{i}", "dev") { Aliases = [$"{i:x64}", $"{i:x12}"] })];
        var next = 0;
        var (time, bytes) = Loop.Measure(1_000_000, () => decider.Decide(restart, targets[next++ % Targets], caller, s_noon));
        return Task.FromResult<IReadOnlyList<Figure>>(
        [
            Figure.Below("gate decision", time, 2000, "ns"),
            Figure.Plain("gate decision, allocated", bytes, "B"),
        ]);
    }

    private static OperationDescriptor Restart()
    {
        var context = new ProviderContext(new LabDefinition(), Repository.Root, new SecretSource(Repository.Root, new SecretRedactor(), _ => null), TimeProvider.System);
        return new OperationCatalog(ProviderList.Create(context).SelectMany(p => p.Operations)).Find("docker_restart_container").Descriptor;
    }

    private static GatePolicy Policy() => new()
    {
        Approvals = new Dictionary<string, Requirement>(StringComparer.Ordinal)
        {
            ["docker_stop_container"] = Requirement.Ask,
            ["docker_restart_container"] = Requirement.Auto,
            ["docker_*"] = Requirement.Ask,
            ["proxmox_delete_*"] = Requirement.AskTwice,
            ["network_*"] = Requirement.Auto,
            ["kuma_*"] = Requirement.Auto,
        },
        Targets =
        [
            new TargetRule { Target = "postgres*", Operation = "docker_*", Require = Requirement.Ask },
            new TargetRule { Target = "container:gitea@dev", Operation = "docker_stop_*", Require = Requirement.AskTwice },
            new TargetRule { Target = "*@infra", Require = Requirement.Ask },
            new TargetRule { Target = "vm:101", Require = Requirement.Deny },
            new TargetRule { Target = "redis", Operation = "docker_restart_container", Require = Requirement.Ask },
            new TargetRule { Target = "backup-*", Require = Requirement.Deny },
        ],
        Protected = ["traefik@infra", "adguardhome@infra", "headscale*", "vm:100", "vault", "unifi-*"],
        Self = ["homelab@dev", "tailscale*"],
        Windows =
        [
            new QuietWindow { Name = "night", From = new TimeOnly(23, 0), To = new TimeOnly(7, 0), TimeZone = "Europe/Berlin" },
            new QuietWindow { Name = "backup", From = new TimeOnly(11, 0), To = new TimeOnly(13, 0), Targets = ["service-7@dev"], Require = Requirement.Ask },
            new QuietWindow { Name = "film", Days = [DayOfWeek.Saturday], From = new TimeOnly(20, 0), To = new TimeOnly(23, 0), Targets = ["jellyfin"] },
        ],
    };
}
