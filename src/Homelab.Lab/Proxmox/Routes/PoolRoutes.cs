using System.Text.Json.Nodes;
using static Homelab.Lab.Proxmox.SimulatedParameter;

namespace Homelab.Lab.Proxmox;

/// <summary>Pools and their members.</summary>
internal static class PoolRoutes
{
    private static readonly SimulatedRights s_allocate = SimulatedRights.On("/pool/{poolid}", "Pool.Allocate");

    internal static IReadOnlyList<SimulatedRoute> All { get; } =
    [
        SimulatedRoute.Of("GET", "/pools", SimulatedRights.Everybody, "array", static call => List(call), Text("poolid", "pve-poolid"), Choice("type", "qemu", "lxc", "storage") with { Requires = "poolid" }),
        SimulatedRoute.Of("POST", "/pools", s_allocate, "null", static call => Create(call), Text("comment"), Text("poolid", "pve-poolid").Must()),
        SimulatedRoute.Of("PUT", "/pools", s_allocate, "null", static call => Change(call), [Text("poolid", "pve-poolid").Must(), .. Changes()]),
        SimulatedRoute.Of("DELETE", "/pools", s_allocate, "null", static call => Delete(call), Text("poolid", "pve-poolid").Must()),
        SimulatedRoute.Of("GET", "/pools/{poolid}", SimulatedRights.On("/pool/{poolid}", "Pool.Audit"), "object", static call => Detail(call), Choice("type", "qemu", "lxc", "storage")),
        SimulatedRoute.Of("PUT", "/pools/{poolid}", s_allocate, "null", static call => Change(call), [.. Changes()]),
        SimulatedRoute.Of("DELETE", "/pools/{poolid}", s_allocate, "null", static call => Delete(call)),
    ];

    private static IEnumerable<SimulatedParameter> Changes() => [Flag("allow-move", "0"), Text("comment"), Flag("delete", "0"), Text("storage", "pve-storage-id-list"), Text("vms", "pve-vmid-list")];

    private static ProxmoxAnswer List(ProxmoxCall call)
    {
        if (call.Has("poolid"))
        {
            call.Demand("/pool/" + call.Required("poolid"), "Pool.Audit");
            return new JsonArray(Detail(call).With("poolid", call.Required("poolid")));
        }

        return Json.List(call.Cluster.Pools.Where(p => call.May("/pool/" + p.Key, "Pool.Audit")).Select(static p => new JsonObject { ["poolid"] = p.Key }.With("comment", p.Value)));
    }

    private static string Existing(ProxmoxCall call)
    {
        var name = call.Required("poolid");
        return call.Cluster.Pools.ContainsKey(name) ? name : throw ProxmoxRefusedException.Failed($"pool '{name}' does not exist");
    }

    private static JsonObject Detail(ProxmoxCall call)
    {
        var name = Existing(call);
        var type = call.Text("type");
        var view = ResourceView.Take(call.Cluster);
        var guests = view.Guests.Where(g => g.Pool == name && (type is null || type == g.Kind)).Select(static g => new JsonObject
        {
            ["id"] = $"{g.Kind}/{g.Vmid}", ["type"] = g.Kind, ["vmid"] = g.Vmid, ["name"] = g.Name, ["node"] = g.Node, ["status"] = g.Status, ["template"] = Json.Bit(g.Template), ["maxcpu"] = g.Cores, ["cpu"] = g.Cpu,
            ["maxmem"] = g.Memory, ["mem"] = g.MemoryUsed, ["maxdisk"] = g.Disk, ["disk"] = g.DiskUsed, ["uptime"] = g.Uptime,
        });
        var storages = view.Storages.Where(s => type is null or "storage" && call.Cluster.StoragePools.GetValueOrDefault(s.Name) == name).Select(static s => new JsonObject
        {
            ["id"] = $"storage/{s.Node}/{s.Name}", ["type"] = "storage", ["storage"] = s.Name, ["node"] = s.Node, ["status"] = s.Status, ["plugintype"] = s.Type, ["content"] = s.Content, ["shared"] = Json.Bit(s.Shared),
            ["maxdisk"] = s.Total, ["disk"] = s.Used,
        });
        return new JsonObject { ["members"] = Json.List(guests.Concat(storages)) }.With("comment", call.Cluster.Pools[name]);
    }

    private static ProxmoxAnswer Create(ProxmoxCall call)
    {
        var name = call.Required("poolid");
        if (!call.Cluster.Pools.TryAdd(name, call.Text("comment"))) throw ProxmoxRefusedException.Failed($"create pool failed: pool '{name}' already exists");
        return ProxmoxAnswer.Nothing;
    }

    private static ProxmoxAnswer Change(ProxmoxCall call)
    {
        var cluster = call.Cluster;
        var name = Existing(call);
        var leave = call.Flag("delete");
        if (call.Has("comment")) cluster.Pools[name] = call.Text("comment");
        foreach (var vmid in call.List("vms"))
        {
            call.Demand("/vms/" + vmid, "VM.Allocate");
            var guest = cluster.Find(int.Parse(vmid, System.Globalization.CultureInfo.InvariantCulture));
            if (leave && guest?.Pool != name) throw ProxmoxRefusedException.Failed($"update pools failed: VM {vmid} is not a pool member");
            if (!leave && guest?.Pool is { } other && other != name && !call.Flag("allow-move")) throw ProxmoxRefusedException.Failed($"update pools failed: VM {vmid} is already a pool member");
            if (guest is not null) guest.Pool = leave ? null : name;
        }

        foreach (var storage in call.List("storage"))
        {
            call.Demand("/storage/" + storage, "Datastore.Allocate");
            if (leave) cluster.StoragePools.Remove(storage);
            else cluster.StoragePools[storage] = name;
        }

        cluster.Access.Changed();
        return ProxmoxAnswer.Nothing;
    }

    private static ProxmoxAnswer Delete(ProxmoxCall call)
    {
        var name = call.Required("poolid");
        if (!call.Cluster.Pools.ContainsKey(name)) throw ProxmoxRefusedException.Failed($"delete pool failed: pool '{name}' does not exist");
        if (call.Cluster.Guests.Any(g => g.Pool == name) || call.Cluster.StoragePools.ContainsValue(name)) throw ProxmoxRefusedException.Failed($"delete pool failed: pool '{name}' is not empty (contains VMs or storages)");
        call.Cluster.Pools.Remove(name);
        return ProxmoxAnswer.Nothing;
    }
}
