using System.Globalization;
using System.Text;

namespace Homelab.Benchmarks.Peers;

/// <summary>Lab files and runbooks for measuring: many services, and limits that never speak.</summary>
internal static class LabText
{
    internal const string TokenVariable = "HOMELAB_BENCHMARK_HOOK_TOKEN";
    internal const string Hook = "uptime-alert";

    /// <summary>A runbook that only restarts; more precise than the shipped one, hence chosen in its place. The long settle keeps proofs out of the measurement.</summary>
    internal const string RestartOnly = """
        apiVersion: homelab/v1
        kind: Runbook
        metadata: { name: restart-only, description: Restart. }
        spec:
          level: operate
          trigger: { alert: { status: down, service: { hasContainer: true, name: "service-*" } } }
          steps:
            - id: restart
              do: docker_restart_container
              with: { container: "{{ service.container }}" }
          verify: { settle: 10m, within: 20m }
        """;

    /// <summary>The name of a service and of its container.</summary>
    internal static string Service(int index) => string.Create(CultureInfo.InvariantCulture, $"service-{index:D4}");

    /// <summary>The name of a service's monitor.</summary>
    internal static string Monitor(int index) => string.Create(CultureInfo.InvariantCulture, $"Monitor {index:D4}");

    /// <summary>A lab of services that each have a container and nothing else.</summary>
    /// <param name="services">How many.</param>
    /// <param name="tier">Critical ones are acted on at once.</param>
    /// <param name="engine">Where the containers are.</param>
    /// <param name="watch">Whether the engine's own events are listened to.</param>
    /// <param name="restartOnly">Whether <see cref="RestartOnly"/> is used in place of the shipped runbook.</param>
    internal static string Lab(int services, ServiceTier tier, string engine, bool watch = false, bool restartOnly = false)
    {
        var yaml = new StringBuilder();
        yaml.Append(CultureInfo.InvariantCulture, $$"""
            apiVersion: homelab/v1
            kind: Lab
            metadata: { name: benchmark }
            hosts: { box: { address: 127.0.0.1, docker: "{{engine}}" } }
            providers: { docker: { watch: {{(watch ? "true" : "false")}} } }
            policy: { limits: { attempts: 1000000, rate: 1000000 } }
            hooks: { {{Hook}}: { source: kuma, token: "env:{{TokenVariable}}" } }
            server: { listen: "127.0.0.1:0"{{(restartOnly ? ", runbooks: [ runbooks ]" : "")}} }
            services:

            """);
        for (var i = 0; i < services; i++)
        {
            yaml.Append(CultureInfo.InvariantCulture, $"  {Service(i)}: {{ container: {Service(i)}@box, tier: {HomelabNames.Of(tier)}, monitor: {Monitor(i)} }}\n");
        }

        return yaml.ToString();
    }
}
