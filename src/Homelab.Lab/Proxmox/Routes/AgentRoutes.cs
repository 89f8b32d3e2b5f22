using System.Text;
using System.Text.Json.Nodes;
using static Homelab.Lab.Proxmox.SimulatedParameter;

namespace Homelab.Lab.Proxmox;

/// <summary>What the guest agent inside a VM does and tells.</summary>
internal static class AgentRoutes
{
    private const SimulatedGuestKind Vm = SimulatedGuestKind.Qemu;
    private const string Agent = "/nodes/{node}/qemu/{vmid}/agent";
    private const long Nanoseconds = 1_000_000_000;

    private static readonly string[] s_reads = ["get-fsinfo", "get-host-name", "get-memory-block-info", "get-memory-blocks", "get-osinfo", "get-time", "get-timezone", "get-users", "get-vcpus", "info", "network-get-interfaces"];
    private static readonly string[] s_fileSystems = ["fsfreeze-freeze", "fsfreeze-status", "fsfreeze-thaw", "fstrim"];
    private static readonly string[] s_power = ["shutdown", "suspend-disk", "suspend-hybrid", "suspend-ram"];
    private static readonly SimulatedRights s_unrestricted = SimulatedRights.On("/vms/{vmid}", "VM.GuestAgent.Unrestricted");

    internal static IEnumerable<SimulatedRoute> All =>
    [
        SimulatedRoute.Of("GET", Agent, SimulatedRights.Everybody, "array", static _ => Json.Index("name", [.. s_fileSystems, .. s_reads, "ping", .. s_power, "exec", "exec-status", "file-read", "file-write", "set-user-password"])),
        SimulatedRoute.Of("POST", Agent, SimulatedRights.OnAny("/vms/{vmid}", "VM.GuestAgent.Unrestricted"), "object", static call => Command(call, call.Required("command")), Choice("command", [.. s_fileSystems, .. s_reads, "ping", .. s_power]).Must()),
        .. s_reads.Select(static c => SimulatedRoute.Of("GET", $"{Agent}/{c}", SimulatedRights.OnAny("/vms/{vmid}", "VM.GuestAgent.Audit", "VM.GuestAgent.Unrestricted"), "object", call => Command(call, c))),
        SimulatedRoute.Of("POST", Agent + "/ping", SimulatedRights.OnAny("/vms/{vmid}", "VM.GuestAgent.Audit", "VM.GuestAgent.Unrestricted"), "object", static call => Command(call, "ping")),
        .. s_fileSystems.Select(static c => SimulatedRoute.Of("POST", $"{Agent}/{c}", FileSystemRights(c), "object", call => Command(call, c))),
        .. s_power.Select(static c => SimulatedRoute.Of("POST", $"{Agent}/{c}", SimulatedRights.OnAny("/vms/{vmid}", "VM.PowerMgmt", "VM.GuestAgent.Unrestricted"), "object", call => Command(call, c))),
        SimulatedRoute.Of("POST", Agent + "/exec", s_unrestricted, "object", Exec, SimulatedParameter.Array("command").Must(), Text("input-data") with { MaxLength = 65536 }),
        SimulatedRoute.Of("GET", Agent + "/exec-status", s_unrestricted, "object", static call => call.Cluster.Processes.Reap(Answering(call), call.Whole("pid")!.Value), Whole("pid").Must()),
        SimulatedRoute.Of(
            "GET",
            Agent + "/file-read",
            SimulatedRights.OnAny("/vms/{vmid}", "VM.GuestAgent.FileRead", "VM.GuestAgent.Unrestricted"),
            "object",
            ReadFile,
            Whole("count", 1, 16777216, @default: "16777216"),
            Flag("decode", "1"),
            Text("file").Must(),
            Whole("offset", 0, @default: "0")),
        SimulatedRoute.Of(
            "POST",
            Agent + "/file-write",
            SimulatedRights.OnAny("/vms/{vmid}", "VM.GuestAgent.FileWrite", "VM.GuestAgent.Unrestricted"),
            "null",
            WriteFile,
            Text("content").Must() with { MaxLength = 61440 },
            Flag("encode", "1"),
            Text("file").Must()),
        SimulatedRoute.Of(
            "POST",
            Agent + "/set-user-password",
            s_unrestricted,
            "object",
            static call => Command(call, "set-user-password"),
            Flag("crypted", "0"),
            Text("password").Must() with { MinLength = 5, MaxLength = 1024 },
            Text("username").Must()),
    ];

    // To look whether it is frozen is no more than to look.
    private static SimulatedRights FileSystemRights(string command) => command == "fsfreeze-status"
        ? SimulatedRights.OnAny("/vms/{vmid}", "VM.GuestAgent.Audit", "VM.GuestAgent.FileSystemMgmt", "VM.GuestAgent.Unrestricted")
        : SimulatedRights.OnAny("/vms/{vmid}", "VM.GuestAgent.FileSystemMgmt", "VM.GuestAgent.Unrestricted");

    private static SimulatedGuest Answering(ProxmoxCall call)
    {
        var guest = call.Guest(Vm);
        if (!GuestStatus.HasAgent(guest)) throw ProxmoxRefusedException.Failed("No QEMU guest agent configured");
        if (guest.Pid is null) throw ProxmoxRefusedException.Failed($"VM {guest.Vmid} is not running");
        return guest is { AgentAnswers: true, QmpStatus: "running" } ? guest : throw ProxmoxRefusedException.Failed("QEMU guest agent is not running");
    }

    private static ProxmoxAnswer Command(ProxmoxCall call, string command)
    {
        var guest = Answering(call);
        if (command is "shutdown" or "suspend-disk") guest.Halt();
        else if (command is "suspend-ram" or "suspend-hybrid") guest.QmpStatus = "paused";
        JsonNode result = command switch
        {
            "get-host-name" => new JsonObject { ["host-name"] = guest.Name },
            "get-time" => call.Cluster.Time.GetUtcNow().ToUnixTimeSeconds() * Nanoseconds,
            "get-timezone" => new JsonObject { ["zone"] = "UTC", ["offset"] = 0 },
            "get-osinfo" => new JsonObject
            {
                ["id"] = "debian", ["name"] = "Debian GNU/Linux", ["pretty-name"] = "Debian GNU/Linux 13 (trixie)", ["version"] = "13 (trixie)", ["version-id"] = "13",
                ["kernel-release"] = "6.12.48+deb13-amd64", ["kernel-version"] = "#1 SMP PREEMPT_DYNAMIC Debian 6.12.48-1 (2025-09-20)", ["machine"] = "x86_64",
            },
            "get-users" or "get-memory-blocks" => new JsonArray(),
            "get-memory-block-info" => new JsonObject { ["size"] = 134_217_728 },
            "get-vcpus" => Json.List(Enumerable.Range(0, guest.Cores).Select(static i => new JsonObject { ["logical-id"] = i, ["online"] = true, ["can-offline"] = i > 0 })),
            "get-fsinfo" => FileSystems(guest),
            "network-get-interfaces" => Interfaces(guest),
            "info" => new JsonObject { ["version"] = "9.2.4", ["supported_commands"] = Json.List(s_reads.Select(static c => new JsonObject { ["name"] = "guest-" + c, ["enabled"] = true, ["success-response"] = true })) },
            "fsfreeze-status" => "thawed",
            "fsfreeze-freeze" or "fsfreeze-thaw" => GuestStatus.Disks(guest).Count(),
            "fstrim" => new JsonObject { ["paths"] = new JsonArray(new JsonObject { ["path"] = "/", ["trimmed"] = 1_048_576, ["minimum"] = 0 }) },
            _ => new JsonObject(),
        };
        return new JsonObject { ["result"] = result };
    }

    private static JsonArray FileSystems(SimulatedGuest guest) => Json.List(GuestStatus.Disks(guest).Take(1).Select(_ => new JsonObject
    {
        ["name"] = "sda1", ["mountpoint"] = "/", ["type"] = "ext4", ["total-bytes"] = GuestStatus.MaxDisk(guest), ["used-bytes"] = GuestStatus.MaxDisk(guest) / 4, ["disk"] = new JsonArray(),
    }));

    private static JsonArray Interfaces(SimulatedGuest guest) => Json.List(GuestAddresses.Of(guest).Select(static card => new JsonObject
    {
        ["name"] = card.Name,
        ["hardware-address"] = card.Mac,
        ["ip-addresses"] = new JsonArray(
            new JsonObject { ["ip-address"] = card.Address, ["ip-address-type"] = "ipv4", ["prefix"] = card.Prefix },
            new JsonObject { ["ip-address"] = card.Address6, ["ip-address-type"] = "ipv6", ["prefix"] = card.Prefix6 }),
        ["statistics"] = new JsonObject { ["rx-bytes"] = 18_000, ["rx-packets"] = 120, ["rx-errs"] = 0, ["rx-dropped"] = 0, ["tx-bytes"] = 9_000, ["tx-packets"] = 80, ["tx-errs"] = 0, ["tx-dropped"] = 0 },
    }));

    private static ProxmoxAnswer Exec(ProxmoxCall call) => new JsonObject { ["pid"] = call.Cluster.Processes.Run(Answering(call), call.Values["command"], call.Text("input-data") ?? "") };

    private static ProxmoxAnswer ReadFile(ProxmoxCall call)
    {
        var file = call.Required("file");
        var content = call.Cluster.Processes.Read(Answering(call), file) ?? throw ProxmoxRefusedException.Failed($"Agent error: failed to open file '{file}' (mode: 'r'): No such file or directory");
        var from = (int)Math.Min(call.Whole("offset") ?? 0, content.Length);
        var part = content[from..Math.Min(content.Length, from + (int)(call.Whole("count") ?? 16_777_216))];
        return new JsonObject { ["content"] = call.Flag("decode", otherwise: true) ? part : Convert.ToBase64String(Encoding.UTF8.GetBytes(part)), ["bytes-read"] = Encoding.UTF8.GetByteCount(part) };
    }

    private static ProxmoxAnswer WriteFile(ProxmoxCall call)
    {
        var content = call.Required("content");
        if (!call.Flag("encode", otherwise: true))
        {
            try
            {
                content = Encoding.UTF8.GetString(Convert.FromBase64String(content));
            }
            catch (FormatException)
            {
                throw ProxmoxRefusedException.Failed("Agent error: Invalid parameter 'buf-b64'");
            }
        }

        call.Cluster.Processes.Write(Answering(call), call.Required("file"), content);
        return ProxmoxAnswer.Nothing;
    }
}
