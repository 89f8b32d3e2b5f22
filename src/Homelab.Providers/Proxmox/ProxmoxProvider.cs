namespace Homelab.Providers.Proxmox;

/// <summary>Proxmox VE: a cluster, or one node.</summary>
public sealed class ProxmoxProvider : Provider
{
    /// <summary>Its key under <c>providers:</c>.</summary>
    internal const string Key = "proxmox";

    private readonly ProxmoxCluster _cluster;
    private readonly ProviderContext _context;

    /// <summary>Reads where it is; connects to nothing.</summary>
    public ProxmoxProvider(ProviderContext context)
    {
        _cluster = new ProxmoxCluster(context);
        _context = context;
        Operations =
        [
            new ListVms(_cluster),
            new ReadVmStatus(_cluster),
            new StartVm(_cluster),
            new ShutdownVm(_cluster),
            new StopVm(_cluster),
            new RebootVm(_cluster),
            new ListTasks(_cluster),
            new PingGuest(_cluster),
            new ReadConsole(_cluster),
            new ReadGuestNetwork(_cluster),
            new ReadTask(_cluster),
            new ReadVmConfig(_cluster),
            new ReadVmMetrics(_cluster),
            new ResetVm(_cluster),
            new ResizeDisk(_cluster),
            new ResumeVm(_cluster),
            new RunInGuest(_cluster, context.Commands, context.Turns),
            new SetVm(_cluster),
            new StopTask(_cluster),
            new SuspendVm(_cluster),
            new WaitTask(_cluster),
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
            new SetFirewallRule(_cluster),
            new CheckToken(_cluster),
            new WriteTokenScript(),
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
    public override IAsyncEnumerable<LabCheck> CheckAsync(CancellationToken cancellationToken) =>
        _context.Settings<ProxmoxSettings>(Key) is { } settings ? ConnectionLook.AllAsync(ProxmoxLook.Of(settings, _context), _context.Time, cancellationToken) : base.CheckAsync(cancellationToken);

    /// <inheritdoc/>
    public override ValueTask DisposeAsync()
    {
        _cluster.Dispose();
        return base.DisposeAsync();
    }
}
