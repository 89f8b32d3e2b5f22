using System.Globalization;

namespace Homelab.Providers.Proxmox;

/// <summary>What a guest was like before a change: where it was, what it did, and in which process. Written down with the change, so that a read can tell later whether it happened.</summary>
internal sealed record VmMark(VmPlace Place, VmState State, long? Pid)
{
    internal static VmMark Of(VmDetail vm) => new(VmPlace.Of(vm), vm.State, vm.Pid);

    /// <summary>Null when the text is no mark.</summary>
    internal static VmMark? Read(string? text) =>
        text?.Split(' ') is [var node, var kind, var id, var state, var pid]
        && Enum.TryParse<VmKind>(kind, out var knownKind)
        && int.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out var vmid)
        && Enum.TryParse<VmState>(state, out var knownState)
        && long.TryParse(pid, NumberStyles.None, CultureInfo.InvariantCulture, out var process)
            ? new VmMark(new VmPlace(node, knownKind, vmid), knownState, process == 0 ? null : process)
            : null;

    /// <summary>True when it is still as it was.</summary>
    internal bool Fits(VmDetail vm) => vm.State == State && vm.Pid == Pid;

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Place.Node} {Place.Kind} {Place.Id} {State} {Pid ?? 0}");
}
