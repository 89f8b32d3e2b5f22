using System.Globalization;

namespace Homelab.Providers.Proxmox;

/// <summary>Guests, from what the API says to what we know.</summary>
internal static class VmReader
{
    /// <summary>An entry of the cluster's list. Null when it is no guest.</summary>
    internal static Vm? Read(ResourceWire wire) =>
        wire is { VmId: { } id, Node: { } node } && KindOf(wire.Type) is { } kind
            ? new Vm
            {
                Id = (int)id,
                Name = NameOf(wire.Name, kind, id),
                Node = node,
                Kind = kind,
                State = StateOf(wire.Status, qmp: null),
                Cpu = wire.Cpu ?? 0,
                MaxCpu = wire.MaxCpu ?? 0,
                Memory = wire.Memory ?? 0,
                MaxMemory = wire.MaxMemory ?? 0,
                Disk = wire.Disk ?? 0,
                MaxDisk = wire.MaxDisk ?? 0,
                Uptime = TimeSpan.FromSeconds(wire.Uptime ?? 0),
                Tags = TagsOf(wire.Tags),
                Pool = NotEmpty(wire.Pool),
                Lock = NotEmpty(wire.Lock),
                HaState = NotEmpty(wire.HaState),
                Template = wire.Template ?? false,
            }
            : null;

    /// <summary>What a guest's own node says of it.</summary>
    internal static VmDetail Read(VmPlace place, VmStatusWire wire) => new()
    {
        Id = place.Id,
        Name = NameOf(wire.Name, place.Kind, place.Id),
        Node = place.Node,
        Kind = place.Kind,
        State = StateOf(wire.Status, wire.QmpStatus),
        QmpStatus = wire.QmpStatus ?? "",
        Pid = wire.Pid is > 0 ? wire.Pid : null,
        Cpu = wire.Cpu ?? 0,
        MaxCpu = wire.Cpus ?? 0,
        Memory = wire.Memory ?? 0,
        MaxMemory = wire.MaxMemory ?? 0,
        Disk = wire.Disk ?? 0,
        MaxDisk = wire.MaxDisk ?? 0,
        Uptime = TimeSpan.FromSeconds(wire.Uptime ?? 0),
        Tags = TagsOf(wire.Tags),
        Lock = NotEmpty(wire.Lock),
        HaManaged = wire.Ha?.Managed ?? false,
        HaState = NotEmpty(wire.Ha?.State),
        Template = wire.Template ?? false,
        AgentEnabled = wire.Agent ?? false,
        NetworkIn = wire.NetworkIn ?? 0,
        NetworkOut = wire.NetworkOut ?? 0,
        DiskRead = wire.DiskRead ?? 0,
        DiskWrite = wire.DiskWrite ?? 0,
    };

    /// <summary>The API's word for a kind, in paths.</summary>
    internal static string Word(VmKind kind) => kind == VmKind.Qemu ? "qemu" : "lxc";

    private static VmKind? KindOf(string? type) => type switch
    {
        "qemu" => VmKind.Qemu,
        "lxc" => VmKind.Lxc,
        _ => null,
    };

    // Only a node that knows the guest knows whether its processors stand still; a word we do not know is never taken for running.
    private static VmState StateOf(string? status, string? qmp) => (status, qmp) switch
    {
        ("running", null or "" or "running") => VmState.Running,
        ("running", "paused" or "suspended" or "prelaunch" or "io-error" or "internal-error" or "watchdog" or "guest-panicked") => VmState.Paused,
        ("stopped", _) => VmState.Stopped,
        _ => VmState.Unknown,
    };

    private static string NameOf(string? name, VmKind kind, long id) =>
        NotEmpty(name) ?? string.Create(CultureInfo.InvariantCulture, $"{(kind == VmKind.Qemu ? "VM" : "CT")} {id}");

    // The API separates by semicolons, and takes commas and spaces too.
    internal static string[] TagsOf(string? tags) =>
        string.IsNullOrEmpty(tags) ? [] : tags.Split([';', ',', ' '], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    private static string? NotEmpty(string? text) => string.IsNullOrEmpty(text) ? null : text;
}
