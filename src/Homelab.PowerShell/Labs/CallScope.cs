using Homelab.PowerShell.Pipeline;

namespace Homelab.PowerShell.Labs;

/// <summary>
/// The call that is being made right now. A lab's connections are shared by the whole process, while what they say and ask on the way belongs to the one
/// cmdlet that makes them work; the flow of the call leads there.
/// </summary>
internal static class CallScope
{
    private static readonly AsyncLocal<CmdletPipeline?> s_current = new();

    /// <summary>The cmdlet that is calling; null where none is, as in work that goes on in the background.</summary>
    internal static CmdletPipeline? Current => s_current.Value;

    /// <summary>Says one line to whoever is calling, if anybody is.</summary>
    internal static void Trace(string line) => Current?.Verbose(line);

    /// <summary>From here on, in this flow, <paramref name="pipeline"/> is the caller.</summary>
    internal static void Enter(CmdletPipeline pipeline) => s_current.Value = pipeline;
}
