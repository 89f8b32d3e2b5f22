using Homelab.Lab.Dns;
using Homelab.Lab.Docker;
using Homelab.Lab.Hosts;
using Homelab.Lab.Kuma;
using Homelab.Lab.OpnSense;
using Homelab.Lab.Proxmox;
using Homelab.Lab.Services;
using Homelab.Lab.Telegram;
using Homelab.Lab.TrueNas;

namespace Homelab.Lab;

/// <summary>
/// The planned homelab on loopback: an engine for each Docker host, services that live and die with their containers and need one another, a name
/// server, Uptime Kuma that really looks, two hypervisors, a firewall, a storage server, a chat, and machines that are logged in to over SSH. Every one speaks its real wire.
/// </summary>
public sealed class SimulatedHomelab : IAsyncDisposable
{
    /// <summary>A name of the world outside that the homelab's name server knows.</summary>
    internal const string OutsideName = "www.example.org";

    private const string Zone = "thinmint.test";

    private readonly Dictionary<string, SimulatedDockerEngine> _engines = new(StringComparer.Ordinal);
    private readonly Dictionary<string, SimulatedHost> _hosts = new(StringComparer.Ordinal);
    private readonly Dictionary<string, SimulatedContainer> _containers = new(StringComparer.Ordinal);
    private readonly Dictionary<string, SimulatedService> _services = new(StringComparer.Ordinal);

    private SimulatedHomelab(SimulatedCrowd crowd, SimulatedProxmox proxmox, SimulatedDns dns, SimulatedKuma kuma, SimulatedTelegram telegram, SimulatedOpnSense firewall, SimulatedTrueNas nas, SimulatedTokens tokens)
    {
        Crowd = crowd;
        Proxmox = proxmox;
        Dns = dns;
        Kuma = kuma;
        Telegram = telegram;
        Firewall = firewall;
        Nas = nas;
        Tokens = tokens;
    }

    /// <summary>The secrets of this homelab, made up for this run.</summary>
    public SimulatedTokens Tokens { get; }

    /// <summary>Who is there besides the plan.</summary>
    public SimulatedCrowd Crowd { get; }

    /// <summary>The hypervisors.</summary>
    public SimulatedProxmox Proxmox { get; }

    /// <summary>The name server behind the service <c>dns</c>.</summary>
    public SimulatedDns Dns { get; }

    /// <summary>The monitoring.</summary>
    public SimulatedKuma Kuma { get; }

    /// <summary>The chat that people read.</summary>
    public SimulatedTelegram Telegram { get; }

    /// <summary>The firewall.</summary>
    public SimulatedOpnSense Firewall { get; }

    /// <summary>The storage server.</summary>
    public SimulatedTrueNas Nas { get; }

    /// <summary>The engines, by host.</summary>
    public IReadOnlyDictionary<string, SimulatedDockerEngine> Engines => _engines;

    /// <summary>The machines that can be logged in to, by name. Those of the crowd cannot.</summary>
    public IReadOnlyDictionary<string, SimulatedHost> Hosts => _hosts;

    /// <summary>Every request that changed something, on any engine.</summary>
    public IReadOnlyList<EngineRequest> Changes => [.. _engines.Values.SelectMany(e => e.Changes)];

    /// <summary>The container of a service: the one that has its name now, which may have been made in the place of the first.</summary>
    public SimulatedContainer ContainerOf(string service) =>
        _engines[HomelabPlan.Services.Single(s => s.Name == service).Host].Containers.FirstOrDefault(c => c.Name == _containers[service].Spec.Name) ?? _containers[service];

    /// <summary>The port of a service that speaks HTTP or TCP.</summary>
    public SimulatedService ServiceOf(string service) => _services[service];

    /// <summary>Starts everything, all of it well.</summary>
    public static Task<SimulatedHomelab> StartAsync(CancellationToken cancellationToken) => StartAsync(SimulatedCrowd.None, cancellationToken);

    /// <summary>Starts everything with a crowd around it.</summary>
    public static async Task<SimulatedHomelab> StartAsync(SimulatedCrowd crowd, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(crowd);
        var (proxmox, opening) = await PlannedCluster.StartAsync(crowd, cancellationToken);
        var tokens = SimulatedTokens.New(opening);
        var homelab = new SimulatedHomelab(
            crowd,
            proxmox,
            await SimulatedDns.StartAsync(),
            await SimulatedKuma.StartAsync(tokens.KumaKey, user: new KumaUser(SimulatedTokens.KumaUser, tokens.KumaPassword)),
            await SimulatedTelegram.StartAsync(tokens.Telegram),
            await SimulatedOpnSense.StartAsync(tokens.OpnSenseKey, tokens.OpnSenseSecret, tls: true),
            await SimulatedTrueNas.StartAsync(SimulatedTokens.TrueNasUser, tokens.TrueNasKey, tls: true),
            tokens);
        foreach (var host in HomelabPlan.Hosts.Concat(crowd.PlannedHosts).Where(h => h.HasDocker))
        {
            var options = new SimulatedDockerEngineOptions { Port = 0 };
            if (HomelabPlan.GuestOf(host.Name) is { } guest) options = options with { MachineMemory = guest.Memory };
            homelab._engines[host.Name] = await SimulatedDockerEngine.StartAsync(options, cancellationToken);
        }

        foreach (var host in HomelabPlan.Hosts.Where(static h => h.HasLogin))
        {
            homelab._hosts[host.Name] = new SimulatedHost(SpecOf(host), homelab._engines.GetValueOrDefault(host.Name), tokens.Ssh, TimeProvider.System);
        }

        homelab._hosts[HomelabPlan.StackHost].Stacks.Write($"{HomelabPlan.StackFolder}/notes", "compose.yaml", HomelabPlan.NotesFile);
        foreach (var service in HomelabPlan.Services) await homelab.AddAsync(service);
        homelab.Kuma.AddStatusPage("home");
        crowd.Settle(homelab._engines);
        return homelab;
    }

    /// <summary>The lab file that describes this homelab, as a person would write it.</summary>
    public string LabFile(SimulatedLabFileOptions? options = null) => SimulatedLabFile.Write(this, Zone, options ?? new SimulatedLabFileOptions());

    /// <summary>Stops everything.</summary>
    public async ValueTask DisposeAsync()
    {
        await Kuma.DisposeAsync();
        foreach (var host in _hosts.Values) await host.DisposeAsync();
        Tokens.Ssh.Dispose();
        foreach (var service in _services.Values) await service.DisposeAsync();
        foreach (var engine in _engines.Values) await engine.DisposeAsync();
        await Dns.DisposeAsync();
        await Telegram.DisposeAsync();
        await Firewall.DisposeAsync();
        await Nas.DisposeAsync();
        await Proxmox.DisposeAsync();
    }

    // What is virtual is as large as its guest; what is not is a machine of its own.
    private static SimulatedHostSpec SpecOf(PlannedHost host) => HomelabPlan.GuestOf(host.Name) is { } guest
        ? new SimulatedHostSpec { Name = host.Name, Memory = guest.Memory, Cpus = guest.Cores }
        : new SimulatedHostSpec { Name = host.Name, Memory = 128L << 30, Cpus = 32, Disk = 512L << 30, Virtualization = "none", Kernel = "6.17.4-1-pve", Model = ["Supermicro", "X11SDV-16C-TP8F"] };

    private async Task AddAsync(PlannedService plan)
    {
        var container = _engines[plan.Host].Add(new SimulatedContainerSpec
        {
            Name = plan.Container,
            Image = $"{plan.Container}:latest",
            RestartPolicy = "unless-stopped",
            HasHealthCheck = plan.Kind == ServiceKind.Http,
            HealthyAfter = TimeSpan.FromMilliseconds(100),
        });
        _containers[plan.Name] = container;
        if (plan.Kind == ServiceKind.Dns)
        {
            Dns.Set(OutsideName, "A", "192.0.2.10");
            foreach (var other in HomelabPlan.Services) Dns.Set($"{other.Name}.{Zone}", "A", "127.0.0.1");
            Follow(_engines[plan.Host], container, running => Dns.Fault = running ? DnsFault.None : DnsFault.Refuse);
            Kuma.Add(Monitor(plan) with { Type = "dns", Hostname = $"gitea.{Zone}", Check = _ => Task.FromResult(ContainerOf(plan.Name).Running ? (true, "Records: 127.0.0.1") : (false, "queryA ECONNREFUSED gitea")) });
            return;
        }

        var service = await SimulatedService.StartAsync(_ => Answer(plan));
        Follow(_engines[plan.Host], container, running => service.Fault = running ? ServiceFault.None : ServiceFault.Refuse);
        _services[plan.Name] = service;
        Kuma.Add(plan.Kind == ServiceKind.Tcp
            ? Monitor(plan) with { Type = "port", Hostname = "127.0.0.1", Port = service.Endpoint.Port, Check = KumaChecks.Port(service.Endpoint) }
            : Monitor(plan) with { Url = new Uri(service.Url, plan.Path), Check = KumaChecks.Http(new Uri(service.Url, plan.Path)) });
    }

    // A container that is made in the place of another is the service from then on.
    private static void Follow(SimulatedDockerEngine engine, SimulatedContainer container, Action<bool> tell)
    {
        container.StateChanged += Look;
        engine.WhenMade += made =>
        {
            if (made.Spec.Image == container.Spec.Image) made.StateChanged += Look;
        };

        void Look(object? sender, EventArgs e) => tell(engine.Containers.Any(c => c.Spec.Image == container.Spec.Image && c.Running));
    }

    // A service whose dependency is down runs and answers, but not well: that is what makes one fault look like eight.
    private ServiceAnswer Answer(PlannedService plan)
    {
        var missing = plan.DependsOn.FirstOrDefault(d => !IsWell(d));
        return missing is null
            ? new ServiceAnswer(200, $"{{\"service\":\"{plan.Name}\"}}") { ContentType = "application/json" }
            : new ServiceAnswer(503, $"cannot reach {missing}");
    }

    private bool IsWell(string service) =>
        ContainerOf(service).Running && HomelabPlan.Services.Single(s => s.Name == service).DependsOn.All(IsWell);

    private static KumaMonitor Monitor(PlannedService plan) => new()
    {
        Name = plan.Monitor,
        Interval = TimeSpan.FromMilliseconds(400),
        Check = static _ => Task.FromResult((true, "")),
    };
}
