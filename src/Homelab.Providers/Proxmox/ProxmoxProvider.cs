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
            new BackupVm(_cluster),
            new CloneVm(_cluster),
            new CreateSnapshot(_cluster),
            new CreateVm(_cluster),
            new DeleteSnapshot(_cluster),
            new DeleteVm(_cluster),
            new ListBackups(_cluster),
            new ListSnapshots(_cluster),
            new MigrateVm(_cluster),
            new RestoreBackup(_cluster),
            new RollbackSnapshot(_cluster),
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
