namespace Homelab;

/// <summary>What a TCP port did when a connection to it was tried.</summary>
public enum PortState
{
    /// <summary>Nobody can tell: it was not asked, as when its host's name is not known.</summary>
    Unknown,

    /// <summary>It accepted.</summary>
    Open,

    /// <summary>Its host refused: nothing listens there, and the host is up.</summary>
    Refused,

    /// <summary>Nothing came back in time: a firewall swallows what is sent there, or the host is down.</summary>
    Filtered,

    /// <summary>There is no way to its host.</summary>
    Unreachable,
}
