using System.Collections.Concurrent;

namespace Homelab.Providers.Proxmox;

/// <summary>The guests of the cluster, and the way from a name to the one guest that is meant.</summary>
internal sealed class VmDirectory(ProxmoxWire wire)
{
    // Where a guest was last seen, and its pool, which only the list tells. Only saves the list: what is done with a guest is always preceded by a look at it there.
    private readonly ConcurrentDictionary<int, (VmPlace Place, string? Pool)> _seen = new();

    /// <summary>All guests, in one call.</summary>
    /// <remarks><c>GET /cluster/resources?type=vm</c>.</remarks>
    internal async Task<IReadOnlyList<Vm>> ListAsync(CancellationToken cancellationToken)
    {
        var resources = await wire.GetAsync($"/cluster/resources", new ProxmoxForm { { "type", "vm" } }, ProxmoxJson.Default.ResourceWireArray, cancellationToken).ConfigureAwait(false);
        var vms = new List<Vm>(resources.Length);
        foreach (var resource in resources)
        {
            if (VmReader.Read(resource) is not { } vm) continue;
            _seen[vm.Id] = (VmPlace.Of(vm), vm.Pool);
            vms.Add(vm);
        }

        return vms;
    }

    /// <summary>Finds the guest that is meant, and what it does now.</summary>
    /// <exception cref="HomelabException">
    /// <c>VmNotFound</c> (NotFound), with the nearest names; <c>VmAmbiguous</c> (Conflict), with all candidates; <c>VmRenamed</c> (Conflict): the VMID has
    /// another name than the one given with it; and what every call throws.
    /// </exception>
    internal async Task<VmDetail> FindAsync(VmRef vm, CancellationToken cancellationToken)
    {
        if (vm.Id is { } id && _seen.TryGetValue(id, out var seen) && (vm.Node is null || vm.Node == seen.Place.Node))
        {
            try
            {
                return Checked(vm, await LookAsync(seen.Place, cancellationToken).ConfigureAwait(false)) with { Pool = seen.Pool };
            }
            catch (HomelabException e) when (e.Id == "ProxmoxNotFound")
            {
                // Migrated or removed since.
                _seen.TryRemove(id, out _);
            }
        }

        var all = await ListAsync(cancellationToken).ConfigureAwait(false);
        var found = Choose(vm, all);
        return Checked(vm, await LookAsync(VmPlace.Of(found), cancellationToken).ConfigureAwait(false)) with { Pool = found.Pool };
    }

    /// <summary>Asks a guest's own node what it does now.</summary>
    /// <remarks><c>GET /nodes/{node}/{qemu|lxc}/{vmid}/status/current</c>.</remarks>
    internal async Task<VmDetail> LookAsync(VmPlace place, CancellationToken cancellationToken) =>
        VmReader.Read(place, await wire.GetAsync($"/nodes/{place.Node}/{place.Word}/{place.Id}/status/current", ProxmoxJson.Default.VmStatusWire, cancellationToken).ConfigureAwait(false));

    /// <summary>True when a guest is what a reference means.</summary>
    internal static bool IsMeant(VmRef reference, Vm vm) =>
        (reference.Id is { } id ? id == vm.Id : string.Equals(reference.Name, vm.Name, StringComparison.OrdinalIgnoreCase))
        && (reference.Node is null || string.Equals(reference.Node, vm.Node, StringComparison.Ordinal));

    /// <summary>A guest is not among those that can be seen.</summary>
    internal static HomelabException NotFound(VmRef reference, IReadOnlyList<Vm> all) =>
        new(ErrorKind.NotFound, "VmNotFound", $"There is no guest '{reference}'. {Hint(reference, all)}", reference.ToString()) { NothingHappened = true };

    private static Vm Choose(VmRef reference, IReadOnlyList<Vm> all)
    {
        var candidates = all.Where(v => IsMeant(reference, v)).OrderBy(static v => v.Id).ToArray();
        if (candidates is [var only]) return only;
        if (candidates.Length > 1)
        {
            throw new HomelabException(
                ErrorKind.Conflict,
                "VmAmbiguous",
                $"There is more than one guest '{reference}': {string.Join(", ", candidates.Select(static c => c.ToString()))}. Say which, by its VMID.",
                reference.ToString())
            { NothingHappened = true };
        }

        throw NotFound(reference, all);
    }

    private static string Hint(VmRef reference, IReadOnlyList<Vm> all)
    {
        // Without VM.Audit the list is empty, not refused.
        if (all.Count == 0) return "The list is empty, as it also is where the token may see no guest: run Test-HlProxmoxToken.";
        if (reference.Node is not null && all.FirstOrDefault(v => IsMeant(new VmRef(reference.Label), v)) is { } elsewhere) return $"It is on {elsewhere.Node}: {elsewhere}.";
        return NearestName.Hint(reference.Label, [.. all.Select(static v => v.Name).Distinct(StringComparer.Ordinal)]);
    }

    // An approval was given for a guest by name and VMID together; a VMID that was reused is another guest.
    private static VmDetail Checked(VmRef reference, VmDetail seen)
    {
        if (reference.Id is null || reference.Name is null || string.Equals(reference.Name, seen.Name, StringComparison.OrdinalIgnoreCase)) return seen;
        throw new HomelabException(
            ErrorKind.Conflict,
            "VmRenamed",
            $"'{reference}' was meant, but the guest with VMID {reference.Id} is now '{seen.Name}'. Look whether it is the same guest, then ask anew.",
            reference.ToString())
        { NothingHappened = true };
    }
}
