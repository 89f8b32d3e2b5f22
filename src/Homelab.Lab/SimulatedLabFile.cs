using System.Globalization;
using System.Text;
using Homelab.Lab.Hosts;

namespace Homelab.Lab;

/// <summary>Writes the lab file of a simulated homelab.</summary>
internal static class SimulatedLabFile
{
    internal static string Write(SimulatedHomelab homelab, string zone, SimulatedLabFileOptions options)
    {
        var yaml = new StringBuilder();
        Line($"apiVersion: homelab/v1");
        Line($"kind: Lab");
        Line($"metadata: {{ name: thinmint }}");
        Line($"access: {{ interactive: manage, mcp: monitor, webhook: operate, schedule: operate, rest: operate }}");
        Line($"hosts:");
        foreach (var host in HomelabPlan.Hosts.Concat(homelab.Crowd.PlannedHosts))
        {
            var docker = homelab.Engines.TryGetValue(host.Name, out var engine) ? $", docker: \"{engine.TcpEndpoint}\"" : "";
            var on = host.On is { } below ? $", on: {below}" : "";
            var ssh = homelab.Hosts.TryGetValue(host.Name, out var machine)
                ? $", ssh: {{ user: {SimulatedHost.User}, port: {machine.Port}, key: \"{options.Reference(SimulatedTokens.SshVariable)}\", hostKey: \"{machine.HostKey}\", sudo: true }}"
                : "";
            // Everything listens on loopback here, and nobody's real machine must be asked in its place.
            Line($"  {host.Name}: {{ address: 127.0.0.1, role: \"{host.Role}\"{on}{docker}{ssh} }}");
        }

        Line($"providers:");
        Line($"  docker: {{ stackFolders: {{ {HomelabPlan.StackHost}: {HomelabPlan.StackFolder} }} }}");
        Line($"  kuma: {{ url: \"{homelab.Kuma.Url}\", apiKey: \"{options.Reference(SimulatedTokens.KumaVariable)}\" }}");
        var node = homelab.Proxmox.Nodes[0];
        Line($"  proxmox:");
        Line($"    url: \"{node.Url.GetLeftPart(UriPartial.Authority)}\"");
        Line($"    token: \"{options.Reference(SimulatedTokens.ProxmoxVariable)}\"");
        Line($"    tls: {{ sha256: \"{node.CertificateSha256}\" }}");
        Line($"  opnsense:");
        Line($"    url: \"{homelab.Firewall.Url.GetLeftPart(UriPartial.Authority)}\"");
        Line($"    key: \"{options.Reference(SimulatedTokens.OpnSenseKeyVariable)}\"");
        Line($"    secret: \"{options.Reference(SimulatedTokens.OpnSenseSecretVariable)}\"");
        Line($"    tls: {{ sha256: \"{homelab.Firewall.CertificateSha256}\" }}");
        Line($"  truenas:");
        Line($"    url: \"{homelab.Nas.Url.GetLeftPart(UriPartial.Authority)}\"");
        Line($"    user: {SimulatedTokens.TrueNasUser}");
        Line($"    apiKey: \"{options.Reference(SimulatedTokens.TrueNasVariable)}\"");
        Line($"    tls: {{ sha256: \"{homelab.Nas.CertificateSha256}\" }}");
        Line($"  network:");
        Line($"    dns: {{ server: \"{homelab.Dns.Endpoint}\", external: [ {SimulatedHomelab.OutsideName} ], internal: [ gitea.{zone}, open-webui.{zone} ] }}");
        Line($"services:");
        foreach (var service in HomelabPlan.Services)
        {
            Line($"  {service.Name}:");
            Line($"    container: {service.Container}@{service.Host}");
            Line($"    tier: {HomelabNames.Of(service.Tier)}");
            if (service.DependsOn.Count > 0) Line($"    dependsOn: [{string.Join(", ", service.DependsOn)}]");
            Line($"    monitor: {service.Monitor}");
            Line($"    check: {Check(homelab, service, zone)}");
            Line($"    hint: {service.Hint}");
        }

        Line($"policy:");
        Line($"  protected: [ traefik@infra ]");
        Line($"  approval: {{ expiry: 5m, approvers: [ \"cli:*\" ] }}");
        Line($"notify:");
        Line($"  telegram: {{ token: \"{options.Reference(SimulatedTokens.TelegramVariable)}\", chat: \"{options.Reference(SimulatedTokens.ChatVariable)}\", url: \"{homelab.Telegram.Url}\" }}");
        Line($"hooks:");
        Line($"  uptime-alert: {{ source: kuma, token: \"{options.Reference(SimulatedTokens.HookVariable)}\" }}");
        var runbooks = options.Runbooks is null ? "" : $", runbooks: [ {options.Runbooks} ]";
        Line($"server: {{ listen: \"{options.Listen}\"{runbooks}, importantDelay: 200ms, standardDelay: 400ms }}");
        return yaml.ToString();

        void Line(FormattableString line) => yaml.Append(line.ToString(CultureInfo.InvariantCulture)).Append('\n');
    }

    // Longer than any answer takes on a busy machine: what is down here says so at once.
    private static string Check(SimulatedHomelab homelab, PlannedService service, string zone) => service.Kind switch
    {
        ServiceKind.Dns => $"{{ dns: {{ server: \"{homelab.Dns.Endpoint}\", name: gitea.{zone}, answer: 127.0.0.1 }}, timeout: 20s }}",
        ServiceKind.Tcp => $"{{ tcp: \"{homelab.ServiceOf(service.Name).Endpoint}\", timeout: 20s }}",
        _ => $"{{ http: \"{new Uri(homelab.ServiceOf(service.Name).Url, service.Path)}\", timeout: 20s }}",
    };
}
