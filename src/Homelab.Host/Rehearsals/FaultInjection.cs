using Homelab.Lab.Docker;
using Homelab.Lab.Hosts;
using Homelab.Lab.Proxmox;

namespace Homelab.Host.Rehearsals;

/// <summary>Lets go wrong what a rehearsal wants.</summary>
internal static class FaultInjection
{
    private const string Changes = "/containers/*/*";
    private static readonly TimeSpan s_late = TimeSpan.FromMilliseconds(250);

    internal static async Task ApplyAsync(RehearsalStage stage, RehearsalScenario scenario, RehearsalFault fault)
    {
        switch (fault)
        {
            case RehearsalFault.FailsAgain:
                scenario.Relapse(stage);
                break;
            case RehearsalFault.MonitorGone:
                await stage.EndMonitoringAsync();
                break;
            case RehearsalFault.Unseen when scenario.Runbook == "tailscale-connectivity":
                stage.Tailscale.Hangs = true;
                break;
            case RehearsalFault.Refuses or RehearsalFault.Hangs or RehearsalFault.Slow or RehearsalFault.Unseen when scenario.OnHypervisor:
                foreach (var node in stage.Homelab.Proxmox.Nodes) node.Fail(OfHypervisor(fault));
                break;
            case RehearsalFault.Refuses or RehearsalFault.Hangs or RehearsalFault.Slow or RehearsalFault.Lies or RehearsalFault.Unseen or RehearsalFault.Killed:
                foreach (var engine in stage.Homelab.Engines.Values) engine.Fail(OfEngine(fault, scenario.OnHost ? "*" : Changes));
                if (scenario.OnHost) foreach (var host in stage.Homelab.Hosts.Values) (host.Fault, host.Delay) = (OfHost(fault), s_late);
                break;
        }
    }

    private static EngineFault OfEngine(RehearsalFault fault, string path) => fault switch
    {
        RehearsalFault.Refuses => new EngineFault { Kind = EngineFaultKind.InternalError, Method = "POST", Path = path, Times = int.MaxValue },
        RehearsalFault.Hangs => new EngineFault { Kind = EngineFaultKind.Hang, Method = "POST", Path = path, Times = int.MaxValue },
        RehearsalFault.Lies => new EngineFault { Kind = EngineFaultKind.Lie, Method = "POST", Path = path, Times = int.MaxValue },
        RehearsalFault.Unseen => new EngineFault { Kind = EngineFaultKind.InternalError, Method = "GET", Path = path, Times = int.MaxValue },
        RehearsalFault.Killed => new EngineFault { Kind = EngineFaultKind.Slow, Method = "POST", Path = path, Delay = s_late * 2 },
        _ => new EngineFault { Kind = EngineFaultKind.Slow, Delay = s_late, Times = int.MaxValue },
    };

    private static HostFault OfHost(RehearsalFault fault) => fault switch
    {
        RehearsalFault.Refuses => HostFault.Deny,
        RehearsalFault.Hangs => HostFault.Hang,
        RehearsalFault.Slow => HostFault.Slow,
        RehearsalFault.Lies => HostFault.Lie,
        RehearsalFault.Unseen => HostFault.Silent,
        _ => HostFault.None,
    };

    private static ProxmoxFault OfHypervisor(RehearsalFault fault) => fault switch
    {
        RehearsalFault.Refuses => new ProxmoxFault { Kind = ProxmoxFaultKind.Answer, Method = "POST", Path = "/nodes/*/status/*", Times = int.MaxValue },
        RehearsalFault.Hangs => new ProxmoxFault { Kind = ProxmoxFaultKind.Hang, Method = "POST", Path = "/nodes/*/status/*", Times = int.MaxValue },
        RehearsalFault.Unseen => new ProxmoxFault { Kind = ProxmoxFaultKind.Answer, Method = "GET", Times = int.MaxValue },
        _ => new ProxmoxFault { Kind = ProxmoxFaultKind.Slow, Delay = s_late, Times = int.MaxValue },
    };
}
