namespace Homelab.SystemTests.Faults;

/// <summary>The lab file of a row: the simulated homelab's own, with a door for every source and a service for every scenario.</summary>
internal static class FaultLabFile
{
    internal static string Write(string simulated, FaultStage stage)
    {
        var watch = stage.Row.Origin == AlertOrigin.DockerEvents ? "watch: true, " : "";
        var poll = stage.Row.Origin == AlertOrigin.Prometheus ? $"  prometheus: {{ url: \"{stage.Prometheus.Url}\", poll: 1s }}\n" : "";
        // A look that has to be waited out is short; every other one ends when it is answered, as late as that may be.
        var look = stage.Row.Scenario == FaultScenario.Stuck || stage.Row.Scenario == FaultScenario.TooSlow || stage.Row.Scenario == FaultScenario.DnsSilent ? "1s" : "8s";
        return Replace(simulated,
            ("webhook: operate, schedule: operate", "webhook: manage, schedule: manage"),
            ("providers:\n", "providers:\n" + poll),
            ("  docker: { ", "  docker: { " + watch),
            ("    container: adguardhome@infra\n", "    container: adguardhome@infra\n    provides: dns\n"),
            ("    container: traefik@infra\n", "    container: traefik@infra\n    provides: proxy\n"),
            ("timeout: 20s", $"timeout: {look}"),
            ("policy:\n  protected: [ traefik@infra ]\n", Services(stage) + Policy),
            ("hooks:\n", "hooks:\n" + Hooks));
    }

    private static string Services(FaultStage stage) => $$"""
          dev:
            vm: dev
            host: dev
            tier: critical
            hint: Look at its console.
          site:
            proxy: traefik
            tier: critical
            check: { tls: "localhost:{{stage.Site.Endpoint.Port}}", trust: { ca: ca.pem }, timeout: 8s }
            hint: Look at the proxy's log.

        """;

    private const string Policy = """
        policy:
          healing: { echo: 0s, service: { failures: 1000 }, lab: { failures: 1000 } }
          limits: { attempts: 20 }

        """;

    private const string Hooks = """
          alertmanager: { source: alertmanager, token: "file:secrets/HOMELAB_SIMULATED_HOOK_TOKEN" }
          netdata: { source: netdata, token: "file:secrets/HOMELAB_SIMULATED_HOOK_TOKEN" }
          beszel: { source: beszel, token: "file:secrets/HOMELAB_SIMULATED_HOOK_TOKEN" }
          events: { source: json, token: "file:secrets/HOMELAB_SIMULATED_HOOK_TOKEN", map: { items: body.events, subject: item.name, status: item.state, host: item.host, at: item.at, fingerprint: item.id, message: item.text } }

        """;

    private static string Replace(string text, params (string Old, string New)[] changes)
    {
        foreach (var (old, anew) in changes)
        {
            Assert.Contains(old, text, StringComparison.Ordinal);
            text = text.Replace(old, anew, StringComparison.Ordinal);
        }

        return text;
    }
}
