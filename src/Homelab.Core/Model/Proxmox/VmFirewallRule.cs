namespace Homelab;

/// <summary>A rule of a guest's firewall. The first one that fits a packet decides over it.</summary>
/// <remarks>Proxmox API: <c>GET /nodes/{node}/{qemu|lxc}/{vmid}/firewall/rules</c>, <c>…/firewall/options</c>.</remarks>
public sealed record VmFirewallRule
{
    /// <summary>The guest.</summary>
    public required VmRef Vm { get; init; }

    /// <summary>Its place among the rules, from 0. Every rule that is added or removed above moves it.</summary>
    public required int Position { get; init; }

    /// <summary>Which packets it looks at.</summary>
    public required FirewallDirection Direction { get; init; }

    /// <summary>What it does with them: <c>ACCEPT</c>, <c>DROP</c>, <c>REJECT</c>; of a group of rules its name.</summary>
    public required string Action { get; init; }

    /// <summary>True when it is switched on.</summary>
    public bool Enabled { get; init; }

    /// <summary>Why it has no effect, or why that cannot be told; empty when it has.</summary>
    public string Ineffective { get; init; } = "";

    /// <summary>The service it is about, in place of protocol and ports: <c>SSH</c>, <c>HTTPS</c>.</summary>
    public string Macro { get; init; } = "";

    /// <summary>The protocol: <c>tcp</c>, <c>udp</c>, <c>icmp</c>. Empty for any.</summary>
    public string Protocol { get; init; } = "";

    /// <summary>Where packets come from: addresses, networks, ranges, <c>+set</c>, an alias. Empty for anywhere.</summary>
    public string Source { get; init; } = "";

    /// <summary>Where packets go to. Empty for anywhere.</summary>
    public string Destination { get; init; } = "";

    /// <summary>Ports they come from: <c>1024:65535</c>. Empty for any.</summary>
    public string SourcePort { get; init; } = "";

    /// <summary>Ports they go to: <c>80,443</c>, <c>8000:8010</c>. Empty for any.</summary>
    public string Port { get; init; } = "";

    /// <summary>The guest's network device: <c>net0</c>. Empty for all.</summary>
    public string Interface { get; init; } = "";

    /// <summary>How loud packets that fit are logged: <c>info</c>, <c>warning</c>. Empty or <c>nolog</c> for not at all.</summary>
    public string Log { get; init; } = "";

    /// <summary>What was written to it.</summary>
    public string Comment { get; init; } = "";

    /// <summary>Changes with every change of the guest's rules.</summary>
    public string Digest { get; init; } = "";

    /// <inheritdoc/>
    public override string ToString() => FormattableString.Invariant($"{Vm} rule {Position}");
}

/// <summary>Which packets a rule looks at; the words are Proxmox' own.</summary>
public enum FirewallDirection
{
    /// <summary>A word we do not know.</summary>
    Unknown,

    /// <summary>Those to the guest.</summary>
    In,

    /// <summary>Those from the guest.</summary>
    Out,

    /// <summary>Those that pass through.</summary>
    Forward,

    /// <summary>Those that the rules of a group look at.</summary>
    Group,
}

/// <summary>How loud packets are logged that a rule looks at; the words are syslog's.</summary>
public enum FirewallLog
{
    /// <summary>Not at all.</summary>
    NoLog,

    /// <summary>The system cannot be used.</summary>
    Emerg,

    /// <summary>Somebody must act at once.</summary>
    Alert,

    /// <summary>Critical.</summary>
    Crit,

    /// <summary>An error.</summary>
    Err,

    /// <summary>A warning.</summary>
    Warning,

    /// <summary>Normal, and worth a note.</summary>
    Notice,

    /// <summary>For information.</summary>
    Info,

    /// <summary>To find mistakes by.</summary>
    Debug,
}
