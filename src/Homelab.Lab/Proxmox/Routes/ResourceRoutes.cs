using System.Text.Json;
using static Homelab.Lab.Proxmox.SimulatedParameter;

namespace Homelab.Lab.Proxmox;

/// <summary><c>/cluster/resources</c>: everything at a glance, and older than anything else says.</summary>
internal static class ResourceRoutes
{
    internal static IReadOnlyList<SimulatedRoute> All { get; } =
    [
        SimulatedRoute.Of("GET", "/cluster/resources", SimulatedRights.Everybody, "array", static call => Resources(call), Choice("type", "vm", "storage", "node", "sdn")),
    ];

    private static ProxmoxAnswer Resources(ProxmoxCall call)
    {
        var type = call.Text("type");
        var view = call.Cluster.Resources;
        // Who sees what is decided now, while the cluster stands still; it is written when it no longer does.
        var guests = type is null or "vm" ? view.Guests.Where(g => call.May(g.AccessPath, "VM.Audit")).ToArray() : [];
        var nodes = type is null or "node" ? view.Nodes : [];
        var detailed = nodes.Where(n => call.May("/nodes/" + n.Name, "Sys.Audit")).Select(static n => n.Name).ToHashSet(StringComparer.Ordinal);
        var storages = type is null or "storage" ? view.Storages.Where(s => call.May("/storage/" + s.Name, "Datastore.Audit")).ToArray() : [];
        // One zone is there without anybody's doing; asked for alone, it is not shown.
        var zones = type is null && call.May("/sdn/zones/localnetwork", "SDN.Audit") ? view.Nodes.Where(static n => n.Status is "online").ToArray() : [];
        return new ProxmoxAnswer
        {
            Write = writer =>
            {
                writer.WriteStartArray();
                foreach (var guest in guests) Write(writer, guest);
                foreach (var node in nodes) Write(writer, node, detailed.Contains(node.Name));
                foreach (var storage in storages) Write(writer, storage);
                foreach (var node in zones) WriteZone(writer, node.Name);
                writer.WriteEndArray();
            },
        };
    }

    private static void Write(Utf8JsonWriter writer, ResourceView.GuestLine guest)
    {
        writer.WriteStartObject();
        writer.WriteString("id", guest.Kind + "/" + guest.Vmid.ToString(System.Globalization.CultureInfo.InvariantCulture));
        writer.WriteString("type", guest.Kind);
        writer.WriteNumber("vmid", guest.Vmid);
        writer.WriteString("name", guest.Name);
        writer.WriteString("node", guest.Node);
        writer.WriteString("status", guest.Status);
        if (guest.Lock is { } held) writer.WriteString("lock", held);
        if (guest.Tags is { } tags) writer.WriteString("tags", tags);
        if (guest.Pool is { } pool) writer.WriteString("pool", pool);
        if (guest.HaState is { } ha) writer.WriteString("hastate", ha);
        writer.WriteNumber("template", Json.Bit(guest.Template));
        // Of a node that is down the cluster knows names only.
        if (guest.Status is not "unknown")
        {
            writer.WriteNumber("maxcpu", guest.Cores);
            writer.WriteNumber("cpu", guest.Cpu);
            writer.WriteNumber("maxmem", guest.Memory);
            writer.WriteNumber("mem", guest.MemoryUsed);
            writer.WriteNumber("memhost", guest.Kind is "qemu" ? guest.MemoryUsed : 0);
            writer.WriteNumber("maxdisk", guest.Disk);
            writer.WriteNumber("disk", guest.DiskUsed);
            writer.WriteNumber("uptime", guest.Uptime);
            writer.WriteNumber("netin", guest.Uptime * 640);
            writer.WriteNumber("netout", guest.Uptime * 410);
            writer.WriteNumber("diskread", guest.Uptime * 4096);
            writer.WriteNumber("diskwrite", guest.Uptime * 1024);
        }

        writer.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter writer, ResourceView.NodeLine node, bool detailed)
    {
        writer.WriteStartObject();
        writer.WriteString("id", "node/" + node.Name);
        writer.WriteString("type", "node");
        writer.WriteString("node", node.Name);
        writer.WriteString("status", node.Status);
        if (node.Status is "online")
        {
            writer.WriteString("level", "");
            writer.WriteNumber("cgroup-mode", 2);
            if (detailed)
            {
                writer.WriteNumber("maxcpu", node.Cores);
                writer.WriteNumber("cpu", node.Cpu);
                writer.WriteNumber("maxmem", node.Memory);
                writer.WriteNumber("mem", node.MemoryUsed);
                writer.WriteNumber("maxdisk", node.Disk);
                writer.WriteNumber("disk", node.DiskUsed);
                writer.WriteNumber("uptime", node.Uptime);
            }
        }

        writer.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter writer, ResourceView.StorageLine storage)
    {
        writer.WriteStartObject();
        writer.WriteString("id", $"storage/{storage.Node}/{storage.Name}");
        writer.WriteString("type", "storage");
        writer.WriteString("storage", storage.Name);
        writer.WriteString("node", storage.Node);
        writer.WriteString("status", storage.Status);
        writer.WriteString("plugintype", storage.Type);
        writer.WriteString("content", storage.Content);
        writer.WriteNumber("shared", Json.Bit(storage.Shared));
        if (storage.Status is "available")
        {
            writer.WriteNumber("maxdisk", storage.Total);
            writer.WriteNumber("disk", storage.Used);
        }

        writer.WriteEndObject();
    }

    private static void WriteZone(Utf8JsonWriter writer, string node)
    {
        writer.WriteStartObject();
        writer.WriteString("id", $"network/{node}/zone/localnetwork");
        writer.WriteString("type", "network");
        writer.WriteString("network", "localnetwork");
        writer.WriteString("network-type", "zone");
        writer.WriteString("node", node);
        writer.WriteString("status", "ok");
        writer.WriteEndObject();
    }
}
