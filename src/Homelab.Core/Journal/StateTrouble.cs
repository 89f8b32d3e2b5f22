namespace Homelab;

/// <summary>
/// Errors that say nothing of what was to be done, only that it cannot be written down, or is another process's by now. Whoever meets one leaves its work as the
/// journal has it: it is taken up from there.
/// </summary>
public static class StateTrouble
{
    /// <summary>The error id of work that is not this process's any more.</summary>
    public const string LeaseLost = "LeaseLost";

    /// <summary>True for an error of the store itself.</summary>
    public static bool Is(Exception e) => e is HomelabException { Id: LeaseLost or "StateBusy" or "StateUnreachable" or "StateUnwritable" };

    /// <summary>What is thrown at a process whose lease is over.</summary>
    /// <param name="what">What it wanted to go on with.</param>
    /// <param name="target">The incident, run or target.</param>
    public static HomelabException Lost(string what, string target) => new(
        ErrorKind.Conflict,
        LeaseLost,
        $"This process has lost its hold on {what}, which may be another one's by now: nothing was done. Look at it again in a moment; whoever has it goes on with it.",
        target)
    { NothingHappened = true };
}
