using System.Globalization;

namespace Homelab.Providers.Proxmox;

/// <summary>VMIDs for guests that are to be.</summary>
internal sealed class VmIds(ProxmoxCluster cluster)
{
    /// <summary>The VMID that is asked for, if it is free; the next free one when none is.</summary>
    /// <remarks><c>GET /cluster/nextid</c>, which sees guests that the token may not.</remarks>
    /// <exception cref="HomelabException"><c>VmIdTaken</c> (Conflict).</exception>
    internal async Task<int> ChooseAsync(int? wanted, CancellationToken cancellationToken)
    {
        try
        {
            var free = await cluster.Wire.GetAsync($"/cluster/nextid", new ProxmoxForm { { "vmid", wanted } }, ProxmoxJson.Default.String, cancellationToken).ConfigureAwait(false);
            return wanted ?? int.Parse(free, NumberStyles.None, CultureInfo.InvariantCulture);
        }
        catch (HomelabException e) when (wanted is { } id && e.Kind is ErrorKind.Invalid or ErrorKind.Conflict)
        {
            var holder = (await cluster.Vms.ListAsync(cancellationToken).ConfigureAwait(false)).FirstOrDefault(v => v.Id == id);
            throw new HomelabException(
                ErrorKind.Conflict,
                "VmIdTaken",
                $"VMID {id} is taken{(holder is null ? "" : $" by {holder}")}. Give another, or none: then the next free one is taken.",
                id.ToString(CultureInfo.InvariantCulture),
                e)
            { NothingHappened = true };
        }
    }

    /// <summary>A guest that was made: as its node sees it, or what is known of it while its task runs.</summary>
    internal async Task<VmDetail> ReadMadeAsync(VmPlace place, string? name, ProxmoxTask? task, bool noWait, CancellationToken cancellationToken)
    {
        try
        {
            return await cluster.Vms.LookAsync(place, cancellationToken).ConfigureAwait(false) with { Task = task };
        }
        catch (HomelabException e) when (noWait && e.Id == "ProxmoxNotFound")
        {
            // The task writes its configuration, sooner or later.
            return new VmDetail { Id = place.Id, Name = name ?? $"{(place.Kind == VmKind.Qemu ? "VM" : "CT")} {place.Id.ToString(CultureInfo.InvariantCulture)}", Node = place.Node, Kind = place.Kind, State = VmState.Unknown, Task = task };
        }
    }

    /// <summary>After an unclear end: whether a guest is there under the VMID that was free before. One of another name may be somebody else's: null.</summary>
    internal async Task<bool?> IsMadeAsync(VmPlace place, string? name, CancellationToken cancellationToken)
    {
        try
        {
            var seen = await cluster.Vms.LookAsync(place, cancellationToken).ConfigureAwait(false);
            return seen.Lock is null && (name is null || string.Equals(seen.Name, name, StringComparison.OrdinalIgnoreCase)) ? true : null;
        }
        catch (HomelabException e) when (e.Id == "ProxmoxNotFound")
        {
            return false;
        }
    }
}
