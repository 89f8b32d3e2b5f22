using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;
using static Homelab.Lab.Proxmox.SimulatedParameter;

namespace Homelab.Lab.Proxmox;

/// <summary>Disks, ZFS pools, certificates and what QEMU can do on a node.</summary>
internal static class NodeHardwareRoutes
{
    private static readonly SimulatedRights s_rootAudit = SimulatedRights.On("/", "Sys.Audit");
    private static readonly string[] s_models = ["kvm64", "qemu64", "host", "max", "x86-64-v2-AES", "x86-64-v3", "x86-64-v4"];

    private static readonly string[] s_versions = ["10.0+pve1", "10.0"];
    private static readonly string[] s_chipsets = ["i440fx", "q35"];

    internal static IReadOnlyList<SimulatedRoute> All { get; } =
    [
        SimulatedRoute.Of(
            "GET", "/nodes/{node}/disks/list", SimulatedRights.Or(s_rootAudit, SimulatedRights.On("/nodes/{node}", "Sys.Audit")), "array", static call => Disks(call),
            Flag("include-partitions", "0"), Flag("skipsmart", "0"), Choice("type", "unused", "journal_disks")),
        SimulatedRoute.Of("GET", "/nodes/{node}/disks/smart", s_rootAudit, "object", static call => Smart(call), Text("disk").Must() with { Pattern = @"^/dev/[a-zA-Z0-9\/]+$" }, Flag("healthonly")),
        SimulatedRoute.Of("GET", "/nodes/{node}/disks/zfs", s_rootAudit, "array", static call => Json.List(call.Node.Zpools.Select(static p => new JsonObject
        {
            ["name"] = p.Name, ["health"] = p.Health, ["size"] = p.Size, ["alloc"] = p.Allocated, ["free"] = p.Size - p.Allocated, ["frag"] = p.Fragmentation, ["dedup"] = 1,
        }))),
        SimulatedRoute.Of("GET", "/nodes/{node}/disks/zfs/{name}", s_rootAudit, "object", static call => Zpool(call), Text("name", "pve-storage-id").Must()),
        SimulatedRoute.Of("GET", "/nodes/{node}/certificates/info", SimulatedRights.Everybody, "array", static call => Certificates(call)),
        SimulatedRoute.Of(
            "GET", "/nodes/{node}/hardware/pci", SimulatedRights.OnAny("/", "Sys.Audit", "Sys.Modify"), "array", static call => Pci(call), Text("pci-class-blacklist", "string-list", @default: "05;06;0b"), Flag("verbose", "1")),
        SimulatedRoute.Of("GET", "/nodes/{node}/capabilities/qemu/machines", SimulatedRights.Everybody, "array", static _ => Machines(), Choice("arch", "x86_64", "aarch64")),
        SimulatedRoute.Of(
            "GET", "/nodes/{node}/capabilities/qemu/cpu", SimulatedRights.Everybody, "array",
            static _ => Json.List(s_models.Select(static m => new JsonObject { ["name"] = m, ["vendor"] = "default", ["custom"] = 0 })), Choice("arch", "x86_64", "aarch64")),
    ];

    private static ProxmoxAnswer Disks(ProxmoxCall call) => Json.List(call.Node.Disks.Where(d => call.Text("type") is not "unused" || d.Used is null).Select(static d => new JsonObject
    {
        ["devpath"] = d.Device, ["model"] = d.Model, ["serial"] = d.Serial, ["size"] = d.Size, ["type"] = d.Type, ["health"] = d.Health, ["wearout"] = d.Wearout is { } left ? left : "N/A", ["gpt"] = 1, ["mounted"] = 0,
        ["osdid"] = -1, ["osdid-list"] = null, ["rpm"] = d.Type is "hdd" ? 7200 : 0, ["vendor"] = "ATA", ["wwn"] = "0x" + Convert.ToHexStringLower(SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(d.Serial)))[..16],
    }.With("used", d.Used)));

    private static ProxmoxAnswer Smart(ProxmoxCall call)
    {
        var device = call.Required("disk");
        var disk = call.Node.Disks.FirstOrDefault(d => d.Device == device) ?? throw ProxmoxRefusedException.Failed($"disk {device} does not exist");
        var answer = new JsonObject { ["health"] = disk.Health };
        if (call.Flag("healthonly")) return answer;
        answer["type"] = disk.Type is "nvme" ? "text" : "ata";
        if (disk.Type is "nvme") answer["text"] = $"\nSMART/Health Information (NVMe Log 0x02)\nCritical Warning: {(disk.Health is "PASSED" ? "0x00" : "0x04")}\nPercentage Used: {100 - (disk.Wearout ?? 100)}%\n";
        else answer["attributes"] = new JsonArray(new JsonObject { ["id"] = "  5", ["name"] = "Reallocated_Sector_Ct", ["value"] = 100, ["worst"] = 100, ["threshold"] = 10, ["raw"] = disk.Health is "PASSED" ? "0" : "2104", ["flags"] = "-O--CK", ["fail"] = "-", ["normalized"] = 100 });
        return answer;
    }

    private static ProxmoxAnswer Zpool(ProxmoxCall call)
    {
        var name = call.Required("name");
        var pool = call.Node.Zpools.FirstOrDefault(p => p.Name == name) ?? throw ProxmoxRefusedException.Failed($"command 'zpool status -P {name}' failed: exit code 1");
        var members = Json.List(pool.Members.Select(static m => Vdev(m.Device, m.State).With("leaf", 1)));
        var mirror = Vdev("mirror-0", pool.Health).With("leaf", 0).With("children", members);
        return new JsonObject
        {
            ["name"] = pool.Name, ["state"] = pool.Health, ["scan"] = pool.Scan, ["errors"] = pool.Errors,
            ["children"] = new JsonArray(Vdev(pool.Name, pool.Health).With("leaf", 0).With("children", new JsonArray(mirror))),
        }.With("status", pool.Health is "ONLINE" ? null : "One or more devices could not be used because the label is missing or invalid.").With("action", pool.Health is "ONLINE" ? null : "Replace the device using 'zpool replace'.");
    }

    private static JsonObject Vdev(string name, string state) => new() { ["name"] = name, ["state"] = state, ["read"] = 0, ["write"] = 0, ["cksum"] = 0, ["msg"] = "" };

    private static ProxmoxAnswer Certificates(ProxmoxCall call)
    {
        using var root = X509Certificate2.CreateFromPem(call.Cluster.AuthorityPem);
        return new JsonArray(Entry(root, "pve-root-ca.pem", []), Entry(call.Node.Certificate, "pve-ssl.pem", ["127.0.0.1", "0000:0000:0000:0000:0000:0000:0000:0001", "localhost", call.Node.Address, call.Node.Name, call.Node.Name + ".home.arpa"]));
    }

    private static JsonObject Entry(X509Certificate2 certificate, string file, string[] names) => new()
    {
        ["filename"] = file,
        ["fingerprint"] = string.Join(':', SHA256.HashData(certificate.RawData).Select(static b => b.ToString("X2"))),
        ["subject"] = "/" + certificate.Subject.Replace(", ", "/", StringComparison.Ordinal),
        ["issuer"] = "/" + certificate.Issuer.Replace(", ", "/", StringComparison.Ordinal),
        ["san"] = Json.Texts(names),
        ["notbefore"] = new DateTimeOffset(certificate.NotBefore).ToUnixTimeSeconds(),
        ["notafter"] = new DateTimeOffset(certificate.NotAfter).ToUnixTimeSeconds(),
        ["pem"] = certificate.ExportCertificatePem() + "\n",
        ["public-key-type"] = "id-ecPublicKey",
        ["public-key-bits"] = 256,
    };

    private static ProxmoxAnswer Pci(ProxmoxCall call)
    {
        var device = new JsonObject { ["id"] = "0000:00:02.0", ["class"] = "0x018000", ["vendor"] = "0x1af4", ["device"] = "0x1042", ["iommugroup"] = -1 };
        if (call.Flag("verbose", otherwise: true))
        {
            device.With("vendor_name", "Red Hat, Inc.").With("device_name", "Virtio 1.0 block device").With("subsystem_vendor", "0x1af4").With("subsystem_device", "0x1042").With("subsystem_vendor_name", "Red Hat, Inc.");
        }

        return new JsonArray(device);
    }

    private static ProxmoxAnswer Machines() => Json.List(
        from version in s_versions
        from type in s_chipsets
        select new JsonObject { ["id"] = $"pc-{type}-{version}", ["type"] = type, ["version"] = version }
            .With("changes", version.EndsWith("+pve1", StringComparison.Ordinal) ? "Set host_mtu vNIC option even with default value for migration compat." : null));
}
