namespace Homelab.Providers.Proxmox;

/// <summary>The configurations of guests.</summary>
internal sealed class VmConfigs(ProxmoxCluster cluster)
{
    /// <summary>What is configured, what holds now and what will.</summary>
    /// <remarks><c>GET /nodes/{node}/{qemu|lxc}/{vmid}/pending</c>, which says in one call what <c>/config</c> says in two.</remarks>
    internal async Task<VmSettings> ReadAsync(VmPlace place, CancellationToken cancellationToken) =>
        new(await cluster.Wire.GetAsync($"/nodes/{place.Node}/{place.Word}/{place.Id}/pending", ProxmoxJson.Default.PendingWireArray, cancellationToken).ConfigureAwait(false));

    /// <summary>The same, as people read it.</summary>
    internal async Task<VmConfig> ReadAsync(Vm vm, CancellationToken cancellationToken) =>
        VmConfigReader.Read(new VmRef(vm), vm.Kind, await ReadAsync(VmPlace.Of(vm), cancellationToken).ConfigureAwait(false));
}
