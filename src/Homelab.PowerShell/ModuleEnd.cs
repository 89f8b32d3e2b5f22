using System.Management.Automation;
using Homelab.PowerShell.Labs;

namespace Homelab.PowerShell;

/// <summary>What is done when the module is removed: every lab is closed, and no process, socket or file is left behind.</summary>
public sealed class ModuleEnd : IModuleAssemblyInitializer, IModuleAssemblyCleanup
{
    // Called before the process ends, which does not wait long.
    private static readonly TimeSpan s_ending = TimeSpan.FromSeconds(2);

    private static readonly Lock s_lock = new();
    private static bool s_registered;

    /// <inheritdoc/>
    public void OnImport()
    {
        lock (s_lock)
        {
            if (s_registered) return;
            s_registered = true;
            AppDomain.CurrentDomain.ProcessExit += static (_, _) => CloseAll().Wait(s_ending);
        }
    }

    /// <inheritdoc/>
    public void OnRemove(PSModuleInfo psModuleInfo)
    {
        LabChoice.Current = LabChoice.None;
        CloseAll().GetAwaiter().GetResult();
    }

    // Away from the pipeline thread, which waits for it.
    private static Task CloseAll() => Task.Run(LabConnections.CloseAllAsync);
}
