namespace Homelab.Automation.Correlation;

/// <summary>That one thing cannot work without another.</summary>
/// <param name="By">What needs it: a service, or a machine.</param>
/// <param name="On">What is needed.</param>
/// <param name="Kind">How it hangs on it.</param>
public sealed record Need(string By, string On, NeedKind Kind)
{
    /// <summary>True where the failure of the one is enough to be the failure of the other. False where the failure itself must look like it.</summary>
    public bool IsHard => Kind is NeedKind.DependsOn or NeedKind.Host or NeedKind.Proxy;
}

/// <summary>How one thing hangs on another, the surest first.</summary>
public enum NeedKind
{
    /// <summary>The lab file says so: <c>dependsOn</c>.</summary>
    DependsOn,

    /// <summary>It runs on that machine.</summary>
    Host,

    /// <summary>It is reached through that reverse proxy.</summary>
    Proxy,

    /// <summary>It is reached by a name, which that service resolves.</summary>
    Dns,

    /// <summary>It is reached by an address of the network that that service spans.</summary>
    Vpn,
}
