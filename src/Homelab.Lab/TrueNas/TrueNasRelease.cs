namespace Homelab.Lab.TrueNas;

/// <summary>What a simulated TrueNAS behaves like.</summary>
public enum TrueNasRelease
{
    /// <summary>24.10: REST alone, and snapshots are the business of <c>zfs</c>.</summary>
    V2410,

    /// <summary>25.04: the websocket too, and snapshots are still the business of <c>zfs</c>.</summary>
    V2504,

    /// <summary>25.10: snapshots are the business of <c>pool</c>.</summary>
    V2510,

    /// <summary>26: no REST.</summary>
    V26,
}
