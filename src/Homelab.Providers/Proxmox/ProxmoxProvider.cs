namespace Homelab.Providers.Proxmox;

/// <summary>Proxmox VE: a cluster, or one node.</summary>
public sealed class ProxmoxProvider : Provider
{
    /// <summary>Its key under <c>providers:</c>.</summary>
    internal const string Key = "proxmox";

    private readonly ProxmoxCluster _cluster;

    /// <summary>Reads where it is; connects to nothing.</summary>
    public ProxmoxProvider(ProviderContext context)
    {
        _cluster = new ProxmoxCluster(context);
        Operations =
        [
            new ListVms(_cluster),
            new ReadVmStatus(_cluster),
            new StartVm(_cluster),
            new ShutdownVm(_cluster),
            new StopVm(_cluster),
            new RebootVm(_cluster),
            new ReadClusterStatus(_cluster),
            new ListNodes(_cluster),
            new ListStorage(_cluster),
            new ListStorageContent(_cluster),
            new ListDisks(_cluster),
            new ListZfs(_cluster),
            new ListPools(_cluster),
            new ReadHaStatus(_cluster),
            new ListNodeUpdates(_cluster),
            new ListFirewallRules(_cluster),
        ];
    }

    /// <inheritdoc/>
    public override string Name => Key;

    /// <inheritdoc/>
    public override IEnumerable<Operation> Operations { get; }

    /// <inheritdoc/>
    public override ValueTask DisposeAsync()
    {
        _cluster.Dispose();
        return base.DisposeAsync();
    }
}
