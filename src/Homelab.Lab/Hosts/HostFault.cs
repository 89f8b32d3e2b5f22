namespace Homelab.Lab.Hosts;

/// <summary>What can be wrong with a simulated host.</summary>
public enum HostFault
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>It runs programs, and none ever ends.</summary>
    Silent,

    /// <summary>Programs that change something never end.</summary>
    Hang,

    /// <summary>Programs take as long as <see cref="SimulatedHost.Delay"/> says.</summary>
    Slow,

    /// <summary>Whoever wants to become root is turned away.</summary>
    Deny,

    /// <summary>Programs that change something end well, and have done nothing.</summary>
    Lie,
}
