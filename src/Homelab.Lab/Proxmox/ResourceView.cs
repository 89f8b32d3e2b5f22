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
            var (guests, nodes) = (cluster.Guests, cluster.Nodes);
            // Once for all nodes: with thousands of guests a look at all of them for each node takes longer than the rest.
            var used = new Dictionary<SimulatedNode, long>();
            foreach (var guest in guests.Where(static g => g.Pid is not null)) used[guest.Node] = used.GetValueOrDefault(guest.Node) + guest.MemoryUsed;
            return new ResourceView(
                [.. guests.Select(g => Line(g, now))],
                [.. nodes.Select(n => Line(n, MemoryUsed(n, used.GetValueOrDefault(n)), now))],
                [.. cluster.Storages.SelectMany(s => nodes.Where(n => s.IsOn(n.Name)).Select(n => Line(s, n)))]);
        }
    }

    /// <summary>The memory that a node's guests and the node itself seem to use.</summary>
    internal static long MemoryUsed(SimulatedProxmox cluster, SimulatedNode node) =>
        MemoryUsed(node, cluster.Guests.Where(g => g.Node == node && g.Pid is not null).Sum(static g => g.MemoryUsed));

    private static long MemoryUsed(SimulatedNode node, long ofGuests) => Math.Min(node.Memory, (node.Memory / 20) + ofGuests);

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

    private static NodeLine Line(SimulatedNode node, long used, DateTimeOffset now) => new(
        node.Name, node.Online ? "online" : "offline", node.Cores, node.CpuUsed, node.Memory, used, node.RootSize, node.RootUsed, (long)(now - node.StartedAt).TotalSeconds);

    private static StorageLine Line(SimulatedStorage storage, SimulatedNode node) => new(
        storage.Name, node.Name, storage.Type, string.Join(',', storage.Content), !node.Online ? "unknown" : storage is { Enabled: true, Active: true } ? "available" : "unknown",
        storage.Shared, storage.Total, storage.Used);
}
