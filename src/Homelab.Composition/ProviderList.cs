using System.Runtime.CompilerServices;
using Homelab.Providers.Alertmanager;
using Homelab.Providers.Beszel;
using Homelab.Providers.Cloudflare;
using Homelab.Providers.Docker;
using Homelab.Providers.Mcp;
using Homelab.Providers.Netdata;
using Homelab.Providers.Network;
using Homelab.Providers.OpnSense;
using Homelab.Providers.Prometheus;
using Homelab.Providers.Proxmox;
using Homelab.Providers.Scripts;
using Homelab.Providers.Ssh;
using Homelab.Providers.Tailscale;
using Homelab.Providers.Telegram;
using Homelab.Providers.TrueNas;
using Homelab.Providers.UptimeKuma;

namespace Homelab.Composition;

/// <summary>The only list of providers.</summary>
public static class ProviderList
{
    /// <summary>The settings that each provider takes under <c>providers:</c> in the lab file.</summary>
    public static IReadOnlyDictionary<string, Type> Settings { get; } = new Dictionary<string, Type>(StringComparer.Ordinal)
    {
        ["alertmanager"] = typeof(AlertmanagerSettings),
        ["cloudflare"] = typeof(CloudflareSettings),
        ["docker"] = typeof(DockerSettings),
        ["kuma"] = typeof(UptimeKumaSettings),
        ["mcp"] = typeof(McpServersSettings),
        ["netdata"] = typeof(NetdataSettings),
        ["network"] = typeof(NetworkSettings),
        ["opnsense"] = typeof(OpnSenseSettings),
        ["prometheus"] = typeof(PrometheusSettings),
        ["proxmox"] = typeof(ProxmoxSettings),
        ["scripts"] = typeof(ScriptsSettings),
        ["tailscale"] = typeof(TailscaleSettings),
        ["truenas"] = typeof(TrueNasSettings),
    };

    /// <summary>The operations that a lab is set up for: those of systems that need no settings, and of those that have them.</summary>
    internal static IReadOnlyCollection<string> SetUp(OperationCatalog catalog, LabDefinition lab) =>
        [.. catalog.All.Select(static o => o.Descriptor).Where(o => lab.Providers.ContainsKey(o.System) || !NeedsSettings(o.System)).Select(static o => o.Name)];

    private static bool NeedsSettings(string system) =>
        Settings.TryGetValue(system, out var type) && type.GetProperties().Any(static p => p.IsDefined(typeof(RequiredMemberAttribute), inherit: true));

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
            new AlertmanagerProvider(context),
            new TelegramProvider(context),
            new TailscaleProvider(context),
            new CloudflareProvider(context),
            new OpnSenseProvider(context),
            new TrueNasProvider(context),
            new ScriptsProvider(context),
            new McpServersProvider(context),
            new SshProvider(hosts, context),
        ];
    }
}
