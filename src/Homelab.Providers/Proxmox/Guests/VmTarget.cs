using System.Globalization;

namespace Homelab.Providers.Proxmox;

/// <summary>Guests as the gate's targets.</summary>
internal static class VmTarget
{
    private const string Kind = "vm";

    internal static Target Of(VmRef vm) => new(Kind, vm.Label, vm.Node);

    /// <summary>Which guest it is, where, and in what state; not in which process, which a guest changes without anybody's doing.</summary>
    internal static string World(VmDetail vm) => string.Create(CultureInfo.InvariantCulture, $"guest {vm.Id} on {vm.Node}, {HomelabNames.Of(vm.State)}");

    /// <summary>A change of a guest with its name made canonical, its mark, and its VMID as other names.</summary>
    internal static Prepared<TInput> Prepare<TInput>(VmDetail vm, TInput canonical) => new(canonical, VmMark.Of(vm).ToString())
    {
        World = World(vm),
        Aliases = [vm.Id.ToString(CultureInfo.InvariantCulture), string.Create(CultureInfo.InvariantCulture, $"{vm.Node}/{vm.Id}"), $"{vm.Node}/{vm.Name}"],
    };
}
