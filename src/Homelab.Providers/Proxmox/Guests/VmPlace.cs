namespace Homelab.Providers.Proxmox;

/// <summary>Where a guest is: what every path of the API to it begins with.</summary>
internal sealed record VmPlace(string Node, VmKind Kind, int Id)
{
    internal static VmPlace Of(Vm vm) => new(vm.Node, vm.Kind, vm.Id);

    /// <summary><c>qemu</c> or <c>lxc</c>.</summary>
    internal string Word => VmReader.Word(Kind);
}
