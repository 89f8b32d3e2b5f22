namespace Homelab.SystemTests.Faults;

/// <summary>What goes wrong, in one word.</summary>
public enum FaultWord
{
    /// <summary>The program ends in the middle, by SIGKILL where it says so.</summary>
    Kill,

    /// <summary>Somebody takes a question and never answers.</summary>
    Hang,

    /// <summary>Somebody says no.</summary>
    Refuse,

    /// <summary>Somebody says what is not so.</summary>
    Lie,

    /// <summary>Somebody answers late.</summary>
    Slow,

    /// <summary>The same is told more than once.</summary>
    Duplicate,

    /// <summary>What came first is told last.</summary>
    OutOfOrder,

    /// <summary>The clock of the machine is set by hours.</summary>
    ClockJump,

    /// <summary>The store has no room.</summary>
    DiskFull,

    /// <summary>Somebody else holds the store.</summary>
    StoreLocked,
}
