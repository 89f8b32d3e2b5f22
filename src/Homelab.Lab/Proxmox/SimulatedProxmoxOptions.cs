namespace Homelab.Lab.Proxmox;

/// <summary>How a simulated Proxmox VE is set up.</summary>
public sealed record SimulatedProxmoxOptions
{
    /// <summary>The clock of its nodes, tasks and tickets.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>How long a task takes.</summary>
    public TimeSpan TaskTime { get; init; } = TimeSpan.FromMilliseconds(20);

    /// <summary>From the end of a reboot task until the guest runs again. About 1.5 s on a real machine.</summary>
    public TimeSpan RebootGap { get; init; } = TimeSpan.FromMilliseconds(20);

    /// <summary>How old <c>/cluster/resources</c> may be: it is taken anew each time this has passed. 10 s on a real cluster; zero for always fresh.</summary>
    public TimeSpan ResourcesLag { get; init; }

    /// <summary>The cluster's name. One node alone is no cluster and shows none.</summary>
    public string ClusterName { get; init; } = "home";

    /// <summary>The nodes it starts with.</summary>
    public IReadOnlyList<string> Nodes { get; init; } = ["pve"];

    /// <summary>The password of <c>root@pam</c>.</summary>
    public string RootPassword { get; init; } = Guid.NewGuid().ToString("N");

    /// <summary>The version it claims.</summary>
    public string Version { get; init; } = "9.1.9";
}
