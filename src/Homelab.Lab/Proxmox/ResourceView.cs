namespace Homelab.Lab.Proxmox;

/// <summary>What <c>/cluster/resources</c> knew when it was taken.</summary>
internal sealed record ResourceView(IReadOnlyList<ResourceView.GuestLine> Guests, IReadOnlyList<ResourceView.NodeLine> Nodes, IReadOnlyList<ResourceView.StorageLine> Storages)
{
    internal sealed record GuestLine(
        int Vmid, string Kind, string Name, string Node, string Status, string AccessPath, string? Lock, string? Tags, string? Pool, string? HaState, bool Template,
        int Cores, double Cpu, long Memory, long MemoryUsed, long Disk, long DiskUsed, long Uptime);

    internal sealed record NodeLine(string Name, string Status, int Cores, double Cpu, long Memory, long MemoryUsed, long Disk, long DiskUsed, long Uptime);

    internal sealed record StorageLine(string Name, string Node, string Type, string Content, string Status, bool Shared, long Total, long Used);

    internal static ResourceView Take(SimulatedProxmox cluster)
    {
        lock (cluster.Sync)
        {
            var now = cluster.Time.GetUtcNow();
            return new ResourceView(
                [.. cluster.Guests.Select(g => Line(g, now))],
                [.. cluster.Nodes.Select(n => Line(cluster, n, now))],
                [.. cluster.Storages.SelectMany(s => cluster.Nodes.Where(n => s.IsOn(n.Name)).Select(n => Line(s, n)))]);
        }
    }

    /// <summary>The memory that a node's guests and the node itself seem to use.</summary>
    internal static long MemoryUsed(SimulatedProxmox cluster, SimulatedNode node) =>
        Math.Min(node.Memory, (node.Memory / 20) + cluster.Guests.Where(g => g.Node == node && g.Pid is not null).Sum(static g => g.MemoryUsed));

    private static GuestLine Line(SimulatedGuest guest, DateTimeOffset now)
    {
        var up = guest.Node.Online;
        var runs = guest.Pid is not null && up;
        return new GuestLine(
            guest.Vmid, guest.ApiKind, guest.Name, guest.Node.Name, up ? guest.State : "unknown", guest.AccessPath, guest.Lock, guest.Text("tags"), guest.Pool,
            guest.HaManaged ? guest.HaState : null, guest.Template, guest.Cores,
            runs ? guest.CpuUsed : 0, guest.MemoryBytes, runs ? guest.MemoryUsed : 0,
            guest.MaxDisk, guest.Kind is SimulatedGuestKind.Lxc && runs ? guest.MaxDisk / 5 : 0, runs ? (long)(now - guest.StartedAt!.Value).TotalSeconds : 0);
    }

    private static NodeLine Line(SimulatedProxmox cluster, SimulatedNode node, DateTimeOffset now) => new(
        node.Name, node.Online ? "online" : "offline", node.Cores, node.CpuUsed, node.Memory, MemoryUsed(cluster, node), node.RootSize, node.RootUsed, (long)(now - node.StartedAt).TotalSeconds);

    private static StorageLine Line(SimulatedStorage storage, SimulatedNode node) => new(
        storage.Name, node.Name, storage.Type, string.Join(',', storage.Content), !node.Online ? "unknown" : storage is { Enabled: true, Active: true } ? "available" : "unknown",
        storage.Shared, storage.Total, storage.Used);
}
