namespace Homelab.PowerShell.Labs;

/// <summary>
/// The call that is being made right now. A lab's connections are shared by the whole process, while what they say on the way belongs to the one cmdlet
/// that makes them speak; the flow of the call leads there.
/// </summary>
internal static class CallScope
{
    private static readonly AsyncLocal<Action<string>?> s_verbose = new();

    /// <summary>Says one line to whoever is calling, if anybody is.</summary>
    internal static void Trace(string line) => s_verbose.Value?.Invoke(line);

    /// <summary>From here on, in this flow, lines go to <paramref name="verbose"/>.</summary>
    internal static void Enter(Action<string> verbose) => s_verbose.Value = verbose;
}
