namespace Homelab;

/// <summary>How an operation is asked for.</summary>
public enum Risk
{
    /// <summary>Changes nothing.</summary>
    Read,

    /// <summary>Adds something, or can be taken back.</summary>
    Change,

    /// <summary>Somebody notices: a service is interrupted.</summary>
    Disrupt,

    /// <summary>Data or state is lost.</summary>
    Destroy,
}
