using System.Text;
using System.Text.Json.Nodes;
using static Homelab.Lab.Proxmox.SimulatedParameter;

namespace Homelab.Lab.Proxmox;

/// <summary>What reaches into VMs from outside: keys, the monitor, and cloud-init.</summary>
internal static class QemuConsoleRoutes
{
    private const SimulatedGuestKind Vm = SimulatedGuestKind.Qemu;
    private const string Guest = "/nodes/{node}/qemu/{vmid}/";

    private static readonly SimulatedRights s_audit = SimulatedRights.On("/vms/{vmid}", "VM.Audit");
    private static readonly string[] s_freeCommands = ["?", "help", "info"];

    // What the drive is made from; a change of it counts when the drive is made anew.
    private static readonly string[] s_cloudKeys = ["cicustom", "cipassword", "citype", "ciuser", "ciupgrade", "nameserver", "searchdomain", "sshkeys"];

    internal static IEnumerable<SimulatedRoute> All =>
    [
        SimulatedRoute.Of("PUT", Guest + "sendkey", SimulatedRights.On("/vms/{vmid}", "VM.Console"), "null", SendKey, Text("key").Must(), Flag("skiplock")),
        SimulatedRoute.Of("POST", Guest + "monitor", SimulatedRights.OnAny("/vms/{vmid}", "Sys.Audit", "Sys.Modify"), "string", Monitor, Text("command").Must()),
        SimulatedRoute.Of("GET", Guest + "cloudinit", s_audit, "array", CloudInit),
        SimulatedRoute.Of("PUT", Guest + "cloudinit", SimulatedRights.On("/vms/{vmid}", "VM.Config.Cloudinit"), "null", Regenerate),
        SimulatedRoute.Of("GET", Guest + "cloudinit/dump", s_audit, "string", Dump, Choice("type", "user", "network", "meta").Must()),
    ];

    private static ProxmoxAnswer SendKey(ProxmoxCall call)
    {
        call.DemandRootFor("skiplock");
        if (call.Guest(Vm).Pid is null) throw ProxmoxRefusedException.Failed($"VM {call.Vmid} not running");
        return ProxmoxAnswer.Nothing;
    }

    private static ProxmoxAnswer Monitor(ProxmoxCall call)
    {
        var guest = call.Guest(Vm);
        var command = call.Required("command").Split(' ')[0];
        if (!s_freeCommands.Contains(command, StringComparer.Ordinal) && !call.IsRoot) call.Demand("/", "Sys.Modify");
        // What goes wrong in the monitor is part of what it says.
        if (guest.Pid is null) return $"ERROR: VM {guest.Vmid} not running\n";
        return call.Required("command").Trim() switch
        {
            "info version" => $"{call.Cluster.QemuVersion}pve-qemu-kvm_{call.Cluster.QemuVersion}-1\n",
            "info status" => $"VM status: {guest.QmpStatus}\n",
            "info name" => guest.Name + "\n",
            var other => $"unknown command: '{other}'\n",
        };
    }

    private static ProxmoxAnswer CloudInit(ProxmoxCall call)
    {
        var guest = call.Guest(Vm);
        var keys = guest.Config.Keys.Where(static k => s_cloudKeys.Contains(k, StringComparer.Ordinal)).ToList();
        return Json.List(keys.Select(k => new JsonObject { ["key"] = k, ["value"] = GuestJson.Value(Vm, k, guest.Text(k)!) }
            .With("pending", guest.Pending.TryGetValue(k, out var pending) && pending is not null ? GuestJson.Value(Vm, k, pending) : null)));
    }

    private static ProxmoxAnswer Regenerate(ProxmoxCall call)
    {
        var guest = call.Guest(Vm);
        guest.DemandUnlocked();
        if (!guest.Config.Values.Any(static v => v.Contains("-cloudinit", StringComparison.Ordinal))) throw ProxmoxRefusedException.Failed("no cloudinit drive found");
        return ProxmoxAnswer.Nothing;
    }

    private static ProxmoxAnswer Dump(ProxmoxCall call)
    {
        var guest = call.Guest(Vm);
        return call.Required("type") switch
        {
            "user" => User(guest),
            "network" => Network(guest),
            _ => $"instance-id: {guest.Digest}\n",
        };
    }

    private static string User(SimulatedGuest guest)
    {
        var text = new StringBuilder("#cloud-config\n");
        text.Append($"hostname: {guest.Name}\nmanage_etc_hosts: true\nfqdn: {guest.Name}\n");
        if (guest.Text("ciuser") is { } user) text.Append($"user: {user}\n");
        else text.Append("disable_root: False\n");
        // The hash of nothing that anybody chose.
        if (guest.Text("cipassword") is not null) text.Append("password: $5$simulate$0000000000000000000000000000000000000000000\n");
        if (guest.Text("sshkeys") is { } keys)
        {
            text.Append("ssh_authorized_keys:\n");
            foreach (var key in Uri.UnescapeDataString(keys).Split('\n', StringSplitOptions.RemoveEmptyEntries)) text.Append($"  - {key}\n");
        }

        text.Append("chpasswd:\n  expire: False\n");
        if (guest.Text("ciuser") is not "root") text.Append("users:\n  - default\n");
        if (guest.Text("ciupgrade") is not "0") text.Append("package_upgrade: true\n");
        return text.ToString();
    }

    private static string Network(SimulatedGuest guest)
    {
        var text = new StringBuilder("version: 1\nconfig:\n");
        foreach (var card in GuestAddresses.Of(guest).Skip(1))
        {
            var ip = guest.Text("ipconfig" + card.Name[^1]) is { } set ? PropertyString.Parse(set, defaultKey: null)["ip"] ?? "dhcp" : "dhcp";
            text.Append($"    - type: physical\n      name: {card.Name}\n      mac_address: '{card.Mac}'\n      subnets:\n");
            text.Append(ip == "dhcp" ? "      - type: dhcp4\n" : $"      - type: static\n        address: '{ip.Split('/')[0]}'\n");
        }

        return text.ToString();
    }
}
