using System.Management.Automation.Runspaces;
using System.Runtime.CompilerServices;

namespace Homelab.PowerShell.Labs;

/// <summary>Which lab a runspace works with, and as whom.</summary>
/// <param name="Path">The lab file, absolute; null for the one that is found.</param>
/// <param name="Unattended">True when nobody sits there who could be asked.</param>
internal sealed record LabChoice(string? Path, bool Unattended)
{
    // Weak: a runspace that is gone takes its choice with it.
    private static readonly ConditionalWeakTable<Runspace, LabChoice> s_chosen = [];

    /// <summary>Nothing was chosen.</summary>
    internal static LabChoice None { get; } = new(null, Unattended: false);

    /// <summary>The choice of the runspace that this thread runs in.</summary>
    internal static LabChoice Current
    {
        get => Runspace.DefaultRunspace is { } runspace && s_chosen.TryGetValue(runspace, out var choice) ? choice : None;
        set => s_chosen.AddOrUpdate(Runspace.DefaultRunspace, value);
    }

    /// <summary>True when a session that has not ended has chosen a lab file.</summary>
    internal static bool IsChosen(string path) =>
        s_chosen.Any(c => string.Equals(c.Value.Path, path, StringComparison.Ordinal) && c.Key.RunspaceStateInfo.State == RunspaceState.Opened);

    /// <summary>Who asks.</summary>
    internal Caller Caller => new(Unattended ? Face.Schedule : Face.Interactive, Environment.UserName);
}
