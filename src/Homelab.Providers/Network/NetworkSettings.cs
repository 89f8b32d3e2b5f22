using System.ComponentModel;

namespace Homelab.Providers.Network;

/// <summary>What the lab's network is expected to do: <c>providers: network:</c> in the lab file. Everything works without it.</summary>
public sealed record NetworkSettings
{
    /// <summary>The name server of the lab.</summary>
    [Description("The name server of the lab, and the names it must resolve.")]
    public DnsSettings? Dns { get; init; }
}

/// <summary>The lab's name server, and the names by which it is seen to work.</summary>
public sealed record DnsSettings
{
    /// <summary>The server.</summary>
    [Description("The lab's own name server, with a port when that is not 53: the one that is asked where no other is named. The system's first one when not given.")]
    public string? Server { get; init; }

    /// <summary>Names of the world outside.</summary>
    [Description("Names of the world outside that it must resolve: [ google.com ].")]
    public IReadOnlyList<string> External { get; init; } = [];

    /// <summary>Names of the lab.</summary>
    [Description("Names of the lab that it must resolve: [ gitea.thinmint.dev ].")]
    public IReadOnlyList<string> Internal { get; init; } = [];
}
