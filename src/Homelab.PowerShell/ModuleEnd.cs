using System.Management.Automation;
using Homelab.PowerShell.Labs;

namespace Homelab.PowerShell;

/// <summary>What is done when the module is removed: the labs that no other session has chosen are closed, and no process, socket or file of theirs is left behind.</summary>
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
            AppDomain.CurrentDomain.ProcessExit += static (_, _) => Task.Run(LabConnections.CloseAllAsync).Wait(s_ending);
        }
    }

    /// <inheritdoc/>
    public void OnRemove(PSModuleInfo psModuleInfo)
    {
        LabChoice.Current = LabChoice.None;
        // Away from the pipeline thread, which waits for it.
        Task.Run(LabConnections.CloseUnchosenAsync).GetAwaiter().GetResult();
    }
}
