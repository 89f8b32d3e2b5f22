namespace Homelab.Lab.Hosts;

/// <summary>An entry of a simulated journal.</summary>
/// <param name="At">When.</param>
/// <param name="Boot">In which run of the host.</param>
/// <param name="Priority">How much it matters: 0 most, 7 least.</param>
/// <param name="Unit">The unit; empty for the kernel.</param>
/// <param name="Identifier">Who wrote it.</param>
/// <param name="Pid">Its process.</param>
/// <param name="Message">What it says.</param>
internal sealed record JournalLine(DateTimeOffset At, string Boot, int Priority, string Unit, string Identifier, int Pid, string Message);
