namespace Homelab.Lab;

/// <summary>The homelab that the product was asked for: five machines, and what runs on them.</summary>
public static class HomelabPlan
{
    /// <summary>The machines: name, role, and whether a Docker Engine runs there.</summary>
    public static IReadOnlyList<PlannedHost> Hosts { get; } =
    [
        new("dev", "Gitea, code-server, databases, NFS storage", HasDocker: true) { On = "proxmox" },
        new("infra", "Traefik, AdGuard Home, Homepage, Uptime Kuma", HasDocker: true) { On = "proxmox" },
        new("ai", "Open WebUI, LiteLLM, RagFlow, MCP servers", HasDocker: true) { On = "proxmox" },
        new("windows", "llama-swap GPU inference", HasDocker: false) { HasLogin = false },
        new("proxmox", "Hypervisor management", HasDocker: false),
    ];

    /// <summary>The host that has stacks, and the folder of their folders there.</summary>
    internal const string StackHost = "dev";

    internal const string StackFolder = "/opt/stacks";

    /// <summary>A stack that is not up yet, with a secret in its file, as people write them.</summary>
    internal const string NotesFile = """
        services:
          notes:
            image: notes:1
            restart: unless-stopped
            environment:
              NOTES_PASSWORD: correct-horse-battery
          search:
            image: search:1
            volumes: [ "index:/index" ]
        volumes:
          index:

        """;

    /// <summary>The services, in an order in which nothing comes before what it needs.</summary>
    public static IReadOnlyList<PlannedService> Services { get; } =
    [
        new("dns", "adguardhome", "infra", ServiceTier.Critical, [], "Check config.") { Monitor = "AdGuard Home DNS", Kind = ServiceKind.Dns },
        new("traefik", "traefik", "infra", ServiceTier.Critical, [], "Check SSL certs.") { Monitor = "Traefik" },
        new("postgres", "postgresql", "dev", ServiceTier.Standard, [], "Check the disk.") { Monitor = "PostgreSQL", Kind = ServiceKind.Tcp },
        new("redis", "redis", "dev", ServiceTier.Standard, [], "Check the memory.") { Monitor = "Redis", Kind = ServiceKind.Tcp },
        new("gitea", "gitea", "dev", ServiceTier.Critical, ["dns", "postgres"], "Check database.") { Monitor = "Gitea", Path = "/api/v1/version" },
        new("code-server", "code-server", "dev", ServiceTier.Standard, ["dns"], "Check the NFS mount.") { Monitor = "code-server" },
        new("homepage", "homepage", "infra", ServiceTier.Important, ["dns"], "Check its configuration.") { Monitor = "Homepage" },
        new("open-webui", "open-webui", "ai", ServiceTier.Important, ["dns", "litellm"], "Check model connectivity.") { Monitor = "Open WebUI", Path = "/health" },
        new("litellm", "litellm", "ai", ServiceTier.Important, ["dns"], "Check the model list.") { Monitor = "LiteLLM" },
        new("ragflow", "ragflow", "ai", ServiceTier.Standard, ["dns"], "Check its index.") { Monitor = "RagFlow" },
        new("mcp-servers", "mcp-servers", "ai", ServiceTier.Standard, ["dns"], "Check their tokens.") { Monitor = "MCP servers" },
    ];

    /// <summary>The nodes of the Proxmox cluster.</summary>
    public static IReadOnlyList<string> Nodes { get; } = ["pve", "pve2"];

    /// <summary>The guests of the Proxmox cluster: the machines that are virtual, and what else is on it.</summary>
    public static IReadOnlyList<PlannedGuest> Guests { get; } =
    [
        new(100, "dev", "pve", "Gitea, code-server, databases, NFS storage") { MemoryMiB = 16_384, Cores = 8, Tags = ["docker", "prod"] },
        new(102, "infra", "pve", "Traefik, AdGuard Home, Homepage, Uptime Kuma") { MemoryMiB = 4096, Cores = 4, Tags = ["docker", "prod"] },
        new(103, "ai", "pve", "Open WebUI, LiteLLM, RagFlow, MCP servers") { MemoryMiB = 32_768, Cores = 12, Tags = ["docker", "gpu"] },
        new(110, "sandbox", "pve2", "To try things out") { MemoryMiB = 2048, Cores = 2, Running = false },
        new(111, "backup", "pve2", "Proxmox Backup Server") { Kind = VmKind.Lxc, MemoryMiB = 2048, Cores = 2, Tags = ["prod"] },
        new(9000, "debian-13", "pve", "Template of new machines") { MemoryMiB = 1024, Cores = 1, Running = false, Template = true },
    ];

    /// <summary>The guest that a machine is; null for one that is none.</summary>
    internal static PlannedGuest? GuestOf(string host) => Guests.FirstOrDefault(g => g.Name == host);
}

/// <summary>A guest of the planned Proxmox cluster.</summary>
/// <param name="Id">Its VMID.</param>
/// <param name="Name">Its name.</param>
/// <param name="Node">The node it is on.</param>
/// <param name="Purpose">What it is for.</param>
public sealed record PlannedGuest(int Id, string Name, string Node, string Purpose)
{
    /// <summary>Virtual machine or container.</summary>
    public VmKind Kind { get; init; } = VmKind.Qemu;

    /// <summary>Memory in MiB.</summary>
    public int MemoryMiB { get; init; } = 1024;

    /// <summary>Memory in bytes.</summary>
    internal long Memory => (long)MemoryMiB << 20;

    /// <summary>Processor cores.</summary>
    public int Cores { get; init; } = 1;

    /// <summary>Its tags.</summary>
    public IReadOnlyList<string> Tags { get; init; } = [];

    /// <summary>Whether it runs from the beginning.</summary>
    public bool Running { get; init; } = true;

    /// <summary>Whether it is a template.</summary>
    public bool Template { get; init; }
}

/// <summary>A machine of the plan.</summary>
/// <param name="Name">As references name it after the <c>@</c>.</param>
/// <param name="Role">What it is for.</param>
/// <param name="HasDocker">Whether a Docker Engine runs there.</param>
public sealed record PlannedHost(string Name, string Role, bool HasDocker)
{
    /// <summary>True where it is a Linux that can be logged in to.</summary>
    public bool HasLogin { get; init; } = true;

    /// <summary>The machine it runs on, where it is a virtual one.</summary>
    public string? On { get; init; }
}

/// <summary>A service of the plan.</summary>
/// <param name="Name">Its name in the lab file.</param>
/// <param name="Container">The container that runs it.</param>
/// <param name="Host">The machine.</param>
/// <param name="Tier">How soon it must be back.</param>
/// <param name="DependsOn">What it cannot work without.</param>
/// <param name="Hint">What a person should look at when a restart did not help.</param>
public sealed record PlannedService(string Name, string Container, string Host, ServiceTier Tier, IReadOnlyList<string> DependsOn, string Hint)
{
    /// <summary>Its monitor in Uptime Kuma.</summary>
    public required string Monitor { get; init; }

    /// <summary>What it speaks.</summary>
    public ServiceKind Kind { get; init; } = ServiceKind.Http;

    /// <summary>The path that tells whether it works, where it speaks HTTP.</summary>
    public string Path { get; init; } = "/";
}

/// <summary>What a planned service speaks.</summary>
public enum ServiceKind
{
    /// <summary>HTTP.</summary>
    Http,

    /// <summary>Something of its own, on a TCP port.</summary>
    Tcp,

    /// <summary>DNS.</summary>
    Dns,
}
