using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace Homelab;

/// <summary>A homelab as its lab file describes it: <c>kind: Lab</c>.</summary>
public sealed record LabDefinition
{
    /// <summary>The lab's name; <c>metadata.name</c> of the file.</summary>
    public string Name { get; init; } = "lab";

    /// <summary>Who may at all.</summary>
    [Description("Who may do what, by the way a call comes in.")]
    public AccessPolicy Access { get; init; } = new();

    /// <summary>The machines, by the name that references use after the <c>@</c>.</summary>
    [Description("The machines, by the name that references use after the @.")]
    public IReadOnlyDictionary<string, HostDefinition> Hosts { get; init; } = new Dictionary<string, HostDefinition>(StringComparer.Ordinal);

    /// <summary>Settings of each system, by provider name; the type belongs to the provider.</summary>
    [Description("Settings of each system that is talked to.")]
    public IReadOnlyDictionary<string, object> Providers { get; init; } = new Dictionary<string, object>(StringComparer.Ordinal);

    /// <summary>The services people care about.</summary>
    [Description("The services people care about, by name.")]
    public IReadOnlyDictionary<string, ServiceDefinition> Services { get; init; } = new Dictionary<string, ServiceDefinition>(StringComparer.Ordinal);

    /// <summary>What callers need before they may act.</summary>
    [Description("What callers need before they may act, and what restrains them.")]
    public GatePolicy Policy { get; init; } = new();

    /// <summary>Where people are told.</summary>
    [Description("Where people are told.")]
    public NotifyDefinition Notify { get; init; } = new();

    /// <summary>The doors by which alerts come in.</summary>
    [Description("The doors by which alerts come in, by the last part of their path: uptime-alert.")]
    public IReadOnlyDictionary<string, HookDefinition> Hooks { get; init; } = new Dictionary<string, HookDefinition>(StringComparer.Ordinal);

    /// <summary>The programs that may use the REST routes.</summary>
    [Description("The programs that may use the REST routes below /api, by name: dashboard.")]
    public IReadOnlyDictionary<string, RestClientDefinition> Rest { get; init; } = new Dictionary<string, RestClientDefinition>(StringComparer.Ordinal);

    /// <summary>How AI clients come in over HTTP.</summary>
    [Description("How AI clients come in over HTTP: address, OAuth clients, sessions. Keys are made with New-HlApiKey.")]
    public McpDefinition Mcp { get; init; } = new();

    /// <summary>How the program itself runs.</summary>
    [Description("How the program itself runs: addresses, files, tempo of healing.")]
    public ServerDefinition Server { get; init; } = new();
}

/// <summary>A machine.</summary>
public sealed record HostDefinition
{
    /// <summary>Its name or IP address.</summary>
    [Description("Its name or IP address, best its tailnet address.")]
    public string Address { get; init; } = "";

    /// <summary>What it is for; for people.</summary>
    [Description("What it is for, one line for people.")]
    public string Role { get; init; } = "";

    /// <summary>What it is one of: rules of commands can mean all hosts of a tag.</summary>
    [Description("What it is one of, such as [edge, arm]: rules of commands mean all hosts of a tag by tag:edge.")]
    public IReadOnlyList<string> Tags { get; init; } = [];

    /// <summary>The host it runs on, for a virtual machine; null for one of its own.</summary>
    [Description("The host of this file that it runs on, for a virtual machine or container. The map of the network shows it there.")]
    public string? On { get; init; }

    /// <summary>How to log in over SSH.</summary>
    [Description("How to log in over SSH.")]
    public SshDefinition? Ssh { get; init; }

    /// <summary>Where its Docker Engine listens.</summary>
    [Description("Where its Docker Engine listens: ssh, unix:///var/run/docker.sock, tcp://host:2375, or a mapping with url and tls.")]
    public DockerEndpointDefinition? Docker { get; init; }
}

/// <summary>How to log in over SSH.</summary>
public sealed record SshDefinition
{
    /// <summary>The account.</summary>
    [Description("The account; a dedicated one, not root.")]
    public required string User { get; init; }

    /// <summary>The private key.</summary>
    [Description("The private key: file:keys/infra_ed25519.")]
    public SecretReference? Key { get; init; }

    /// <summary>The port.</summary>
    [Range(1, 65_535)]
    [Description("The port.")]
    public int Port { get; init; } = 22;

    /// <summary>The host's public key, pinned, as in a known_hosts line without the host.</summary>
    [Description("The host's public key, pinned: ssh-ed25519 AAAA… . Without it our own known_hosts file must hold it.")]
    public string? HostKey { get; init; }

    /// <summary>Our own file of known hosts.</summary>
    [Description("A file of known hosts to use in place of the one beside the lab file.")]
    public string? KnownHosts { get; init; }

    /// <summary>The host of the lab through which it is reached.</summary>
    [Description("The host of this file through which it is reached, when it cannot be reached directly.")]
    public string? Jump { get; init; }

    /// <summary>True when the account may use sudo without a password.</summary>
    [Description("True when the account may use sudo without a password: what only root may do then goes through 'sudo -n'.")]
    public bool Sudo { get; init; }

    /// <summary>How many commands run there at once; the others wait for their turn.</summary>
    [Range(1, 200)]
    [Description("How many commands run there at once; the others wait for their turn.")]
    public int AtOnce { get; init; } = 32;
}

/// <summary>Where a Docker Engine listens. In the lab file the url may stand alone.</summary>
public sealed record DockerEndpointDefinition
{
    /// <summary><c>ssh</c>, <c>unix:///path</c>, <c>tcp://host:port</c>, <c>http://…</c> or <c>https://…</c>.</summary>
    [Shorthand]
    [Description("ssh (the host's own SSH login), unix:///path, or tcp://host:port.")]
    public required string Url { get; init; }

    /// <summary>TLS for <c>tcp://</c>.</summary>
    [Description("TLS for tcp://. Without it the connection is plain.")]
    public TlsDefinition? Tls { get; init; }
}

/// <summary>How a TLS peer is verified. By the system's authorities, unless one of these says otherwise; never not at all.</summary>
public sealed record TlsDefinition
{
    /// <summary>SHA-256 of the peer's certificate, in hex, colons allowed. Pins it.</summary>
    [RegularExpression("([0-9A-Fa-f]{2}:?){31}[0-9A-Fa-f]{2}")]
    [Description("SHA-256 fingerprint of the server's certificate. Only that one is accepted.")]
    public string? Sha256 { get; init; }

    /// <summary>A PEM file of authorities to trust for this peer alone.</summary>
    [Description("A PEM file with the authorities to trust for this server alone.")]
    public string? Ca { get; init; }

    /// <summary>Our certificate, PEM.</summary>
    [Description("Our own certificate as a PEM file, where the server asks for one.")]
    public string? Certificate { get; init; }

    /// <summary>The key of our certificate.</summary>
    [Description("The key of our certificate: file:path.")]
    public SecretReference? Key { get; init; }
}

/// <summary>Marks the property that a mapping may be shortened to when it is the only one given.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class ShorthandAttribute : Attribute;
