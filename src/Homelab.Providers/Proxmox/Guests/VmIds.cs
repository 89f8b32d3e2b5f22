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
        if (wanted is not { } id) return int.Parse(await AskAsync(null, cancellationToken).ConfigureAwait(false), NumberStyles.None, CultureInfo.InvariantCulture);
        if (await IsFreeAsync(id, cancellationToken).ConfigureAwait(false)) return id;
        var holder = (await cluster.Vms.ListAsync(cancellationToken).ConfigureAwait(false)).FirstOrDefault(v => v.Id == id);
        throw new HomelabException(
            ErrorKind.Conflict,
            "VmIdTaken",
            $"VMID {id} is taken{(holder is null ? "" : $" by {holder}")}. Give another, or none: then the next free one is taken.",
            id.ToString(CultureInfo.InvariantCulture))
        { NothingHappened = true };
    }

    /// <summary>True when no guest of the cluster has this VMID. Known without any privilege, where a guest's own path would answer that it may not be seen.</summary>
    internal async Task<bool> IsFreeAsync(int id, CancellationToken cancellationToken)
    {
        try
        {
            await AskAsync(id, cancellationToken).ConfigureAwait(false);
            return true;
        }
        catch (ProxmoxRefusal e) when (e.Fields.ContainsKey("vmid") || e.Said.Contains("already exists", StringComparison.Ordinal))
        {
            return false;
        }
    }

    /// <summary>Looks whether a name is free: two guests of one name could be told apart by their VMIDs alone.</summary>
    /// <exception cref="HomelabException"><c>VmNameTaken</c> (Conflict).</exception>
    internal async Task CheckNameAsync(string? name, CancellationToken cancellationToken)
    {
        if (name is null || (await cluster.Vms.ListAsync(cancellationToken).ConfigureAwait(false)).FirstOrDefault(v => string.Equals(v.Name, name, StringComparison.OrdinalIgnoreCase)) is not { } holder) return;
        throw new HomelabException(ErrorKind.Conflict, "VmNameTaken", $"There is a guest '{name}' already: {holder}. Give another name.", name) { NothingHappened = true };
    }

    /// <summary>The node, where there is one alone.</summary>
    /// <exception cref="HomelabException"><c>NodeAmbiguous</c> (Conflict).</exception>
    internal async Task<string> OnlyNodeAsync(CancellationToken cancellationToken)
    {
        var nodes = await cluster.Wire.GetAsync($"/cluster/resources", new ProxmoxForm { { "type", "node" } }, ProxmoxJson.Default.ResourceWireArray, cancellationToken).ConfigureAwait(false);
        var names = nodes.Select(static n => n.Node).OfType<string>().Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToArray();
        return names is [var only]
            ? only
            : throw new HomelabException(ErrorKind.Conflict, "NodeAmbiguous", $"{(names.Length == 0 ? "The token sees no node" : $"There are several nodes: {string.Join(", ", names)}")}. Say which with 'node'.") { NothingHappened = true };
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
        if (await IsFreeAsync(place.Id, cancellationToken).ConfigureAwait(false)) return false;
        var seen = await cluster.Vms.LookAsync(place, cancellationToken).ConfigureAwait(false);
        return seen.Lock is null && (name is null || string.Equals(seen.Name, name, StringComparison.OrdinalIgnoreCase)) ? true : null;
    }

    private Task<string> AskAsync(int? id, CancellationToken cancellationToken) =>
        cluster.Wire.GetAsync($"/cluster/nextid", new ProxmoxForm { { "vmid", id } }, ProxmoxJson.Default.String, cancellationToken);
}
