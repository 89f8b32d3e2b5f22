using Homelab.Composition;
using Homelab.PowerShell.Labs;

namespace Homelab.PowerShell.Commands;

/// <summary>What is said of a lab that is open.</summary>
internal static class LabSummary
{
    internal static LabInfo Of(LabConnection connection, Caller caller)
    {
        var lab = connection.Runtime.File.Lab;
        return new LabInfo
        {
            Name = lab.Name,
            Source = connection.Place.Origin == LabOrigin.Environment ? "environment variables" : connection.Place.Path!,
            Caller = caller.ToString(),
            Level = lab.Access.Identities.TryGetValue(caller.ToString(), out var own) ? own : lab.Access.Of(caller.Face),
            Hosts = [.. lab.Hosts.Keys],
            Services = [.. lab.Services.Keys],
            State = connection.Runtime.StatePath,
            Simulated = connection.Simulator is not null,
        };
    }
}
