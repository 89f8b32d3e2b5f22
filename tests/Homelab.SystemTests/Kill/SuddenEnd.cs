namespace Homelab.SystemTests.Kill;

/// <summary>What befalls a host at its point.</summary>
public enum SuddenEnd
{
    /// <summary>SIGKILL.</summary>
    Kill,

    /// <summary>SIGSTOP: nothing of it moves until it is let go on.</summary>
    Freeze,
}
