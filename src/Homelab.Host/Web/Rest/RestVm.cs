using System.Text.Json.Serialization;

namespace Homelab.Host.Web.Rest;

/// <summary>A guest as the old clients expect it.</summary>
internal sealed record RestVm
{
    public required int Vmid { get; init; }

    public required string Name { get; init; }

    public required string Node { get; init; }

    /// <summary><c>qemu</c> or <c>lxc</c>.</summary>
    public required VmKind Type { get; init; }

    /// <summary><c>running</c>, <c>stopped</c>, <c>paused</c> or <c>unknown</c>.</summary>
    public required VmState Status { get; init; }

    /// <summary>Processor time used, as a fraction of <see cref="Cpus"/>: 0 to 1.</summary>
    public required double Cpu { get; init; }

    public required double Cpus { get; init; }

    /// <summary>Memory in use, bytes.</summary>
    public required long Memory { get; init; }

    [JsonPropertyName("maxmem")]
    public required long MaxMem { get; init; }

    public required long Disk { get; init; }

    [JsonPropertyName("maxdisk")]
    public required long MaxDisk { get; init; }

    /// <summary>Seconds.</summary>
    public required long Uptime { get; init; }

    public required IReadOnlyList<string> Tags { get; init; }

    public required string? Pool { get; init; }

    public required string? Lock { get; init; }

    public required bool Template { get; init; }

    /// <summary>True when its node does not answer: the figures are the last that are known, and what it does is not.</summary>
    public required bool Stale { get; init; }

    internal static RestVm Of(Vm vm) => new()
    {
        Vmid = vm.Id,
        Name = vm.Name,
        Node = vm.Node,
        Type = vm.Kind,
        Status = vm.State,
        // Proxmox measures over a moment, and may find a little more used than there is.
        Cpu = Math.Clamp(vm.Cpu, 0, 1),
        Cpus = vm.MaxCpu,
        Memory = vm.Memory,
        MaxMem = vm.MaxMemory,
        Disk = vm.Disk,
        MaxDisk = vm.MaxDisk,
        Uptime = (long)vm.Uptime.TotalSeconds,
        Tags = vm.Tags,
        Pool = vm.Pool,
        Lock = vm.Lock,
        Template = vm.Template,
        Stale = vm.State == VmState.Unknown,
    };

    /// <summary>The same when nobody answers any more.</summary>
    internal RestVm Aged() => this with { Status = VmState.Unknown, Stale = true };

    /// <summary>True when it is what a reference means.</summary>
    internal bool IsMeantBy(VmRef reference) =>
        (reference.Id is { } id ? id == Vmid : string.Equals(reference.Name, Name, StringComparison.OrdinalIgnoreCase))
        && (reference.Node is null || string.Equals(reference.Node, Node, StringComparison.Ordinal));
}
