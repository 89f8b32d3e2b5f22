namespace Homelab.Providers.Proxmox;

/// <summary>Why a guest cannot take a change in the state it is in.</summary>
internal static class VmErrors
{
    internal static HomelabException IsTemplate(Vm vm, string deed) =>
        Conflict("VmIsTemplate", $"Guest {vm} is a template, and cannot be {deed}. Clone it: Copy-HlVm {vm.Id} -Name new-name.", vm);

    internal static HomelabException IsPaused(Vm vm) =>
        Conflict("VmPaused", $"Guest {vm} is paused. Resume-HlVm {vm.Id} lets it go on.", vm);

    internal static HomelabException NotRunning(Vm vm, string wayOut) =>
        Conflict("VmNotRunning", $"Guest {vm} is {HomelabNames.Of(vm.State)}, not running. {wayOut}", vm);

    internal static HomelabException OnlyForQemu(Vm vm, string deed) =>
        new(ErrorKind.Invalid, "VmIsContainer", $"Guest {vm} is a container, which cannot be {deed}: Proxmox offers that for virtual machines only.", vm.ToString()) { NothingHappened = true };

    internal static HomelabException NoSuspension(Vm vm) =>
        new(ErrorKind.Invalid, "VmIsContainer", $"Guest {vm} is a container. Proxmox has no more than an experiment for suspending those, and it is not offered here. Stop-HlVm {vm.Id} shuts it down.", vm.ToString()) { NothingHappened = true };

    private static HomelabException Conflict(string id, string message, Vm vm) => new(ErrorKind.Conflict, id, message, vm.ToString()) { NothingHappened = true };
}
