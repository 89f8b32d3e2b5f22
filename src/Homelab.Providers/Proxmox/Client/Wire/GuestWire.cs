using System.Text.Json.Serialization;

namespace Homelab.Providers.Proxmox;

/// <summary><c>POST …/agent/ping</c>: nothing in it but that it came.</summary>
internal sealed record AgentPingWire;

/// <summary><c>GET …/agent/network-get-interfaces</c>.</summary>
internal sealed record AgentInterfacesWire
{
    [JsonPropertyName("result")]
    public InterfaceWire[]? Result { get; init; }
}

/// <summary>An interface as the agent of a virtual machine tells it, or as <c>GET …/lxc/{vmid}/interfaces</c> does.</summary>
internal sealed record InterfaceWire
{
    [JsonPropertyName("name")]
    public string? Name { get; init; }

    [JsonPropertyName("hardware-address")]
    public string? HardwareAddress { get; init; }

    /// <summary>The same, in the words of older containers.</summary>
    [JsonPropertyName("hwaddr")]
    public string? Mac { get; init; }

    [JsonPropertyName("ip-addresses")]
    public AddressWire[]? Addresses { get; init; }

    /// <summary>One address of each family with its prefix, in the words of older containers.</summary>
    [JsonPropertyName("inet")]
    public string? Inet { get; init; }

    [JsonPropertyName("inet6")]
    public string? Inet6 { get; init; }

    [JsonPropertyName("statistics")]
    public InterfaceStatisticsWire? Statistics { get; init; }
}

/// <summary>An address of an interface.</summary>
internal sealed record AddressWire
{
    [JsonPropertyName("ip-address")]
    public string? Address { get; init; }

    [JsonPropertyName("prefix")]
    public long? Prefix { get; init; }
}

/// <summary>What went through an interface.</summary>
internal sealed record InterfaceStatisticsWire
{
    [JsonPropertyName("rx-bytes")]
    public long? Received { get; init; }

    [JsonPropertyName("tx-bytes")]
    public long? Sent { get; init; }
}

/// <summary><c>POST …/agent/exec</c>.</summary>
internal sealed record AgentExecWire
{
    [JsonPropertyName("pid")]
    public long? Pid { get; init; }
}

/// <summary><c>GET …/agent/exec-status</c>. Once it says that the command has ended, the agent forgets it.</summary>
internal sealed record AgentExecStatusWire
{
    [JsonPropertyName("exited")]
    public bool? Exited { get; init; }

    [JsonPropertyName("exitcode")]
    public long? ExitCode { get; init; }

    [JsonPropertyName("signal")]
    public long? Signal { get; init; }

    [JsonPropertyName("out-data")]
    public string? Output { get; init; }

    [JsonPropertyName("err-data")]
    public string? Error { get; init; }

    [JsonPropertyName("out-truncated")]
    public bool? OutputTruncated { get; init; }

    [JsonPropertyName("err-truncated")]
    public bool? ErrorTruncated { get; init; }
}
