namespace Homelab;

/// <summary>By which way a host is asked whether it is up.</summary>
public enum PingMethod
{
    /// <summary>By an echo where this process may send one, and by TCP where it may not or nothing comes back.</summary>
    Auto,

    /// <summary>By an ICMP echo alone.</summary>
    Icmp,

    /// <summary>By its TCP ports alone.</summary>
    Tcp,
}
