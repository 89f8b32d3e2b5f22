namespace Homelab;

/// <summary>What an unattended caller needs before an operation runs. Ordered: the larger the stricter.</summary>
public enum Requirement
{
    /// <summary>Nothing: it runs.</summary>
    Auto,

    /// <summary>One person's approval.</summary>
    Ask,

    /// <summary>Two different confirmations.</summary>
    AskTwice,

    /// <summary>It never runs.</summary>
    Deny,
}
