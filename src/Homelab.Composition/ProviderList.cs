using Homelab.Providers.Beszel;
using Homelab.Providers.Docker;
using Homelab.Providers.Netdata;
using Homelab.Providers.Network;
using Homelab.Providers.Prometheus;
using Homelab.Providers.Proxmox;
using Homelab.Providers.Scripts;
using Homelab.Providers.Ssh;
using Homelab.Providers.Tailscale;
using Homelab.Providers.Telegram;
using Homelab.Providers.UptimeKuma;

namespace Homelab.Composition;

/// <summary>The only list of providers.</summary>
public static class ProviderList
{
    /// <summary>The settings that each provider takes under <c>providers:</c> in the lab file.</summary>
    public static IReadOnlyDictionary<string, Type> Settings { get; } = new Dictionary<string, Type>(StringComparer.Ordinal)
    {
        ["docker"] = typeof(DockerSettings),
        ["kuma"] = typeof(UptimeKumaSettings),
        ["netdata"] = typeof(NetdataSettings),
        ["network"] = typeof(NetworkSettings),
        ["prometheus"] = typeof(PrometheusSettings),
        ["proxmox"] = typeof(ProxmoxSettings),
        ["scripts"] = typeof(ScriptsSettings),
        ["tailscale"] = typeof(TailscaleSettings),
    };

    /// <summary>Makes every provider for a lab.</summary>
    public static IReadOnlyList<Provider> Create(ProviderContext context)
    {
        // One way to log in for all. Its provider comes last: what runs over it ends before it does.
        var hosts = new SshHosts(context);
        context = context with { Remote = hosts };
        return
        [
            new DockerProvider(context),
            new HostProvider(context),
            new NetworkProvider(context),
            new ProxmoxProvider(context),
            new UptimeKumaProvider(context),
            new PrometheusProvider(context),
            new NetdataProvider(context),
            new BeszelProvider(),
            new TelegramProvider(context),
            new TailscaleProvider(context),
            new ScriptsProvider(context),
            new SshProvider(hosts, context),
        ];
    }
}
