using System.Text.Json.Nodes;

namespace Homelab.Lab.Proxmox;

public sealed partial class SimulatedGuest
{
    /// <summary>What its status says of high availability.</summary>
    internal JsonObject Ha => HaManaged ? new JsonObject { ["managed"] = 1, ["state"] = HaState } : new JsonObject { ["managed"] = 0 };

    /// <summary>A snapshot by name.</summary>
    /// <exception cref="ProxmoxRefusedException">There is none.</exception>
    internal SimulatedSnapshot Snapshot(string name) => Snapshots.FirstOrDefault(s => s.Name == name) ?? throw ProxmoxRefusedException.Failed($"snapshot '{name}' does not exist");

    /// <summary>The volumes of its own that it uses.</summary>
    internal IEnumerable<string> Volumes() => Config
        .Where(static l => GuestVolumes.IsDisk(l.Key, l.Value) || GuestVolumes.IsMount(l.Key))
        .Select(static l => GuestVolumes.VolumeOf(l.Key, l.Value))
        .OfType<string>();

    // What the file says: what holds, what is to come, and the snapshots.
    private IEnumerable<string> Lines() =>
    [
        .. Config.OrderBy(static c => c.Key, StringComparer.Ordinal).Select(static c => $"{c.Key}: {c.Value}"),
        .. Pending.Select(static p => $"[PENDING] {p.Key}: {p.Value}"),
        .. Snapshots.Select(static s => $"[{s.Name}] {s.Description} {s.Parent} {s.Taken}"),
        $"parent: {ParentSnapshot}",
    ];

    /// <summary>The name that the next volume to be detached gets.</summary>
    internal string FreeUnused()
    {
        for (var i = 0; ; i++)
        {
            if (!Config.ContainsKey($"unused{i}")) return $"unused{i}";
        }
    }
}
