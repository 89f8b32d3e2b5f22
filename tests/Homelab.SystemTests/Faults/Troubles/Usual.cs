using Homelab.Lab.Docker;
using Homelab.Lab.Proxmox;

namespace Homelab.SystemTests.Faults.Troubles;

/// <summary>What most troubles begin with.</summary>
internal static class Usual
{
    internal static readonly TimeSpan Late = TimeSpan.FromMilliseconds(300);

    /// <summary>Something is wrong from the beginning; then it breaks and is told of.</summary>
    internal static Trouble From(FaultWord word, string text, Action<FaultStage> before) => new(word, text, stage => TellAsync(stage, before));

    /// <summary>It breaks and is told of.</summary>
    internal static async Task TellAsync(FaultStage stage, Action<FaultStage>? before = null)
    {
        before?.Invoke(stage);
        await stage.StartAsync();
        stage.Break();
        await stage.TellAsync();
    }

    /// <summary>It breaks and is told of, and whoever changes it takes its time for that.</summary>
    internal static async Task TellAndBeAskedAsync(FaultStage stage)
    {
        await TellAsync(stage, SlowChanges);
        await stage.AskedToChangeAsync();
    }

    internal static void SlowChanges(FaultStage stage)
    {
        stage.FailEngines(Engine(EngineFaultKind.Slow) with { Delay = 2 * Late });
        foreach (var node in stage.Homelab.Proxmox.Nodes) node.Fail(Hypervisor(ProxmoxFaultKind.Slow) with { Delay = 2 * Late });
    }

    /// <summary>Whatever an engine is asked to change, it does wrong; and a person says no to what would be tried then.</summary>
    internal static void FailForGood(FaultStage stage, EngineFaultKind kind)
    {
        stage.FailEngines(Engine(kind));
        (stage.Answer, stage.Step) = (false, FaultHaste.Short);
    }

    /// <summary>A fault of every change that an engine is asked for.</summary>
    internal static EngineFault Engine(EngineFaultKind kind, int times = int.MaxValue) => new() { Kind = kind, Method = "POST", Path = "/containers/*/*", Times = times };

    /// <summary>A fault of every change that a hypervisor is asked for.</summary>
    internal static ProxmoxFault Hypervisor(ProxmoxFaultKind kind) => new() { Kind = kind, Method = "POST", Path = "/nodes/*/status/*", Times = int.MaxValue };

    /// <summary>Whatever a hypervisor is asked to change, it does wrong.</summary>
    internal static void FailNodesForGood(FaultStage stage, ProxmoxFaultKind kind)
    {
        FailNodes(stage, Hypervisor(kind));
        stage.Step = FaultHaste.Short;
    }

    internal static void FailNodes(FaultStage stage, ProxmoxFault fault)
    {
        foreach (var node in stage.Homelab.Proxmox.Nodes) node.Fail(fault);
    }
}
