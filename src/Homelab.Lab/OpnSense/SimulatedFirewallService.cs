namespace Homelab.Lab.OpnSense;

/// <summary>A service of a simulated firewall.</summary>
/// <param name="name">Its name: <c>unbound</c>.</param>
/// <param name="command">The command line of its process; null for what the kernel does itself.</param>
public sealed class SimulatedFirewallService(string name, string? command = null)
{
    /// <summary>Its name.</summary>
    public string Name { get; } = name;

    /// <summary>Its number, where there are several of its name.</summary>
    public string? Id { get; init; }

    /// <summary>What it is for.</summary>
    public string Description { get; init; } = name;

    /// <summary>True where people are not to stop it.</summary>
    public bool Locked { get; init; }

    /// <summary>Whether it runs.</summary>
    public bool Running { get; set; } = true;

    /// <summary>How often it was started.</summary>
    public int Starts { get; internal set; }

    internal string? Command { get; } = command;

    internal int Pid { get; set; }
}
