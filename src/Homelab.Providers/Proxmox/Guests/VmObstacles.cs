namespace Homelab.Providers.Proxmox;

/// <summary>What stands in the way of a change of a guest, looked at before it is decided.</summary>
internal sealed class VmObstacles(ProxmoxWire wire)
{
    /// <summary>Looks whether a virtual machine can be moved to a node. Of containers Proxmox VE 8 tells nothing; there the task does.</summary>
    /// <remarks><c>GET /nodes/{node}/qemu/{vmid}/migrate?target=</c>.</remarks>
    /// <exception cref="HomelabException"><c>VmCannotMove</c> (Conflict), with everything that is in the way.</exception>
    internal async Task CheckAsync(VmDetail vm, string target, bool withLocalDisks, CancellationToken cancellationToken)
    {
        if (vm.Kind != VmKind.Qemu) return;
        var form = new ProxmoxForm { { "target", target } };
        var found = await wire.GetAsync($"/nodes/{vm.Node}/qemu/{vm.Id}/migrate", form, ProxmoxJson.Default.MigrationWire, cancellationToken).ConfigureAwait(false);
        var obstacles = Tell(vm, found, target, withLocalDisks).ToArray();
        if (obstacles.Length > 0) throw Conflict("VmCannotMove", $"Guest {vm} cannot be moved to {target}: {string.Join(" ", obstacles)}", vm);
    }

    /// <summary>Looks whether a guest is protected from removal.</summary>
    /// <remarks><c>GET /nodes/{node}/{qemu|lxc}/{vmid}/config</c>.</remarks>
    /// <exception cref="HomelabException"><c>VmProtected</c> (Conflict).</exception>
    internal async Task CheckProtectionAsync(VmDetail vm, string deed, CancellationToken cancellationToken)
    {
        var place = VmPlace.Of(vm);
        var config = await wire.GetAsync($"/nodes/{place.Node}/{place.Word}/{place.Id}/config", ProxmoxJson.Default.VmConfigHead, cancellationToken).ConfigureAwait(false);
        if (config.Protection is true) throw Conflict("VmProtected", $"Guest {vm} is protected in Proxmox, and cannot be {deed}. If it is meant, take the protection away first: Set-HlVm {vm.Id} -Protection:$false.", vm);
    }

    private static IEnumerable<string> Tell(VmDetail vm, MigrationWire found, string target, bool withLocalDisks)
    {
        if (found.NotAllowedNodes?.GetValueOrDefault(target) is { } why)
        {
            yield return why.UnavailableStorages is { Length: > 0 } storages ? $"{target} does not have its storage {Names(storages)}." : $"{target} may not take it.";
        }

        if (found.LocalResources is { Length: > 0 } resources) yield return $"It uses devices of its node: {Names(resources)}; take them out of its configuration.";
        var disks = (found.LocalDisks ?? []).Where(static d => d.Shared is not true).ToArray();
        if (disks.Where(static d => d.IsCdRom is true && d.IsCloudInit is not true).Select(NameOf).ToArray() is { Length: > 0 } discs)
        {
            yield return $"It has a disc in its drive that only {vm.Node} has: {Names(discs)}; eject it.";
        }

        if (!withLocalDisks && disks.Where(static d => d.IsCdRom is not true).Select(NameOf).ToArray() is { Length: > 0 } local)
        {
            yield return $"It has disks that lie on {vm.Node} alone: {Names(local)}; -WithLocalDisk takes them along.";
        }
    }

    private static string NameOf(MigrationDiskWire disk) => disk.Drive ?? disk.VolumeId ?? "unknown";

    private static string Names(IEnumerable<string> names) => ForeignText.Clean(string.Join(", ", names), 200);

    private static HomelabException Conflict(string id, string message, Vm vm) => new(ErrorKind.Conflict, id, message, vm.ToString()) { NothingHappened = true };
}
