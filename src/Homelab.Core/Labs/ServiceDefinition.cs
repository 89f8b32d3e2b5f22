using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace Homelab;

/// <summary>A service people care about: what runs it, what it needs, how to see that it works.</summary>
public sealed record ServiceDefinition
{
    /// <summary>The container that runs it.</summary>
    [Description("The container that runs it: name@host.")]
    public ContainerRef? Container { get; init; }

    /// <summary>The guest of Proxmox that it is.</summary>
    [Description("The guest of Proxmox that it is, or that it runs in when it runs in no container: dev, or 100.")]
    public VmRef? Vm { get; init; }

    /// <summary>The systemd unit that runs it.</summary>
    [Description("The systemd unit that runs it: nginx.service@edge.")]
    public UnitRef? Unit { get; init; }

    /// <summary>The machine it runs on; of a container or unit that is the one named there.</summary>
    [Description("The host of this file that it runs on, or that it is when it provides host. Not needed where container or unit names one.")]
    public string? Host { get; init; }

    /// <summary>The machine it runs on, wherever the lab file says so; null where nothing does.</summary>
    public string? Machine => Host ?? Container?.Host ?? Unit?.Host;

    /// <summary>The Compose stack it belongs to.</summary>
    [Description("The Compose stack it belongs to.")]
    public string? Stack { get; init; }

    /// <summary>What it does for others without their naming it.</summary>
    [Description("What it does for others: dns (names), proxy (addresses behind it), vpn, or host (everything that runs on its machine needs it).")]
    public ServiceRole Provides { get; init; }

    /// <summary>The service through which its address is reached.</summary>
    [Description("The service through which its address is reached: the reverse proxy.")]
    public string? Proxy { get; init; }

    /// <summary>How soon it must be back.</summary>
    [Description("How soon it must be back: critical (at once), important (within 5 minutes), standard (within 30 minutes).")]
    public ServiceTier Tier { get; init; } = ServiceTier.Standard;

    /// <summary>Services it cannot work without.</summary>
    [Description("Services it cannot work without, by name.")]
    public IReadOnlyList<string> DependsOn { get; init; } = [];

    /// <summary>Its monitor's name in Uptime Kuma, when that differs from the service's name.</summary>
    [Description("Its monitor's name in Uptime Kuma, when that differs from the service's name.")]
    public string? Monitor { get; init; }

    /// <summary>What is kept quiet while it is healed; as <see cref="GatePolicy.Coupling"/> says when null.</summary>
    [Description("What is kept quiet while it is healed: monitor (it is paused), silence (its alerts are), both or none. As policy.coupling says when not given.")]
    public ServiceQuiet? Quiet { get; init; }

    /// <summary>How to see directly that it works.</summary>
    [Description("How to see directly that it works.")]
    public CheckDefinition? Check { get; init; }

    /// <summary>What a person should look at when healing did not help.</summary>
    [Description("What a person should look at when healing did not help.")]
    public string Hint { get; init; } = "";
}

/// <summary>What a service does for others without their naming it.</summary>
public enum ServiceRole
{
    /// <summary>Only what others name in <c>dependsOn</c>.</summary>
    None,

    /// <summary>Resolves names: services whose check goes to a name need it.</summary>
    Dns,

    /// <summary>Forwards to others: services that name it as their <c>proxy</c> need it.</summary>
    Proxy,

    /// <summary>Connects machines.</summary>
    Vpn,

    /// <summary>Is the machine: everything that runs there needs it.</summary>
    Host,
}

/// <summary>How soon a service must be back.</summary>
public enum ServiceTier
{
    /// <summary>Within 30 minutes.</summary>
    Standard,

    /// <summary>Within 5 minutes.</summary>
    Important,

    /// <summary>At once.</summary>
    Critical,
}

/// <summary>How to see directly that a service works. Several may be given; all must succeed.</summary>
public sealed record CheckDefinition
{
    /// <summary>An address that must answer.</summary>
    [Description("An http or https address that must answer with one of 'expect'.")]
    public Uri? Http { get; init; }

    /// <summary>Status codes that count as up.</summary>
    [Description("Status codes that count as up, such as 200-299 or 401.")]
    public IReadOnlyList<string> Expect { get; init; } = ["200-399"];

    /// <summary>Text the body must hold.</summary>
    [Description("Text that the body must hold.")]
    public string? Contains { get; init; }

    /// <summary>A port that must accept connections.</summary>
    [Description("A port that must accept connections: host:port.")]
    public string? Tcp { get; init; }

    /// <summary>A name server that must resolve a name.</summary>
    [Description("A name server that must resolve a name.")]
    public DnsCheckDefinition? Dns { get; init; }

    /// <summary>A TLS server whose certificate must be valid.</summary>
    [Description("A TLS server whose certificate must be valid: host:port.")]
    public string? Tls { get; init; }

    /// <summary>How TLS peers of this check are verified.</summary>
    [Description("How the TLS server of http and tls checks is verified, where the system's authorities do not know it.")]
    public TlsDefinition? Trust { get; init; }

    /// <summary>How long each may take.</summary>
    [DurationRange("1ms", "10m")]
    [Description("How long each check may take.")]
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How often it is made by ourselves; as often as the server's when null.</summary>
    [DurationRange("5s", "1d")]
    [Description("How often it is made where server.probeEvery is given; as often as that when not given.")]
    public TimeSpan? Every { get; init; }

    /// <summary>How often it must fail in a row before the service is down.</summary>
    [Range(1, 100)]
    [Description("How often it must fail in a row, where we make it ourselves, before the service is down.")]
    public int Failures { get; init; } = 2;
}

/// <summary>A name server that must resolve a name.</summary>
public sealed record DnsCheckDefinition
{
    /// <summary>The server, with an optional port.</summary>
    [Description("The name server: an address, with an optional port.")]
    public required string Server { get; init; }

    /// <summary>The name to ask for.</summary>
    [Description("The name to ask for.")]
    public required string Name { get; init; }

    /// <summary>The record type.</summary>
    [AllowedValues("A", "AAAA", "CNAME", "MX", "NS", "TXT", "SRV", "PTR", "SOA")]
    [Description("The record type: A, AAAA, CNAME, MX, NS, TXT, SRV, PTR or SOA.")]
    public string Type { get; init; } = "A";

    /// <summary>A value that one of the answers must have.</summary>
    [Description("A value that one of the answers must have. Any answer will do when not given.")]
    public string? Answer { get; init; }
}
