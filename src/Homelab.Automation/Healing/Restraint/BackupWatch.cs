using System.Text.Json;

namespace Homelab.Automation.Healing;

/// <summary>Sees whether the guest that a service runs in is being backed up: what is restarted then is saved half done, and a guest that is frozen for its backup is not down.</summary>
/// <remarks>Proxmox VE: tasks of type <c>vzdump</c> that run; <c>proxmox_list_tasks</c>.</remarks>
internal sealed class BackupWatch(OperationGate gate, ServiceMap services)
{
    /// <summary>The backup under way, one line; null when there is none, when the service runs in no guest that the lab file names, and when Proxmox is not to be asked.</summary>
    /// <exception cref="HomelabException">Proxmox cannot be asked: nobody knows.</exception>
    internal async Task<string?> FindAsync(ServiceDefinition service, Caller caller, CancellationToken cancellationToken)
    {
        if (services.GuestOf(service) is not { } guest || !gate.Catalog.TryFind("proxmox_list_tasks", out _)) return null;
        var request = new GateRequest { Operation = "proxmox_list_tasks", Json = JsonSerializer.SerializeToElement(new { vm = guest.ToString(), running = true }), Caller = caller };
        await foreach (var item in gate.QueryAsync(request, cancellationToken).ConfigureAwait(false))
        {
            if (item is ProxmoxTask { State: TaskState.Running, Type: "vzdump" } task) return $"Proxmox backs up {guest} since {task.StartedAt:HH:mm:ss} UTC";
        }

        return null;
    }
}
