using Homelab.Lab;

namespace Homelab.Host.Rehearsals;

/// <summary>The lab file of a rehearsal: the simulated homelab's own, with services that need every shipped runbook, and with rights and times for a rehearsal.</summary>
internal static class RehearsalLabFile
{
    internal static string Write(string simulated, RehearsalStage stage, SimulatedHomelab homelab)
    {
        var (head, services) = Cut(simulated, "services:\n");
        var (_, notify) = Cut(services, "notify:\n");
        return Head(head, stage) + Services(stage, homelab) + Policy + notify;
    }

    private const string Policy = """
        policy:
          healing:
            echo: 0s
            service: { failures: 1000 }
            lab: { failures: 1000 }
          limits: { attempts: 20 }
          approval: { expiry: 3s, approvers: [ "cli:*" ] }
          runbooks:
            resource-pressure: { approvals: { docker_prune_images: auto, docker_rotate_logs: auto } }

        """;

    private static string Head(string head, RehearsalStage stage) =>
        head.Replace("webhook: operate", "webhook: manage", StringComparison.Ordinal)
        + $"  tailscale: {{ socket: \"{stage.Tailscale.SocketPath}\" }}\n"
        + $"  cloudflare: {{ url: \"{stage.Cloudflare.Url}\", token: file:secrets/{RehearsalStage.CloudflareSecret} }}\n";

    private static string Services(RehearsalStage stage, SimulatedHomelab homelab) => $$"""
        services:
          gitea:
            container: gitea@dev
            tier: critical
            monitor: Gitea
            check: { http: "{{new Uri(homelab.ServiceOf("gitea").Url, "/api/v1/version")}}", timeout: 500ms }
            hint: Check database.
          dns:
            container: adguardhome@infra
            provides: dns
            tier: critical
            monitor: AdGuard Home DNS
            check: { dns: { server: "{{homelab.Dns.Endpoint}}", name: gitea.thinmint.test, answer: 127.0.0.1 }, timeout: 500ms }
            hint: Check config.
          traefik:
            container: traefik@infra
            provides: proxy
            tier: critical
            monitor: Traefik
            check: { http: "{{homelab.ServiceOf("traefik").Url}}", timeout: 500ms }
            hint: Check SSL certs.
          dev:
            vm: dev
            host: dev
            tier: critical
            hint: Look at its console.
          ai:
            host: ai
            tier: critical
            check: { tcp: "{{homelab.ServiceOf("litellm").Url.Authority}}", timeout: 500ms }
            hint: Look what uses its memory.
          tailnet:
            provides: vpn
            host: dev
            tier: critical
            check: { tcp: "{{homelab.ServiceOf("redis").Endpoint}}", timeout: 500ms }
            hint: Look at the machine.
          site:
            proxy: traefik
            tier: critical
            check: { tls: "localhost:{{stage.Site.Endpoint.Port}}", trust: { ca: ca.pem }, timeout: 500ms }
            hint: Look at the proxy's log.

        """;

    private static (string Before, string After) Cut(string text, string at)
    {
        var place = text.IndexOf(at, StringComparison.Ordinal);
        return place < 0 ? throw new InvalidOperationException($"The simulated lab file has no {at.Trim()}") : (text[..place], text[place..]);
    }
}
