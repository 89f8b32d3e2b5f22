namespace Homelab.Providers.UptimeKuma;

/// <summary>Uptime Kuma: its alerts come in, its monitors are read.</summary>
public sealed class UptimeKumaProvider : Provider
{
    private readonly KumaClient? _client;
    private readonly ProviderContext _context;
    private readonly SharedReading? _monitors;
    private readonly IReadOnlyList<Operation> _operations;
    private readonly IReadOnlyList<IAlertSource> _alertSources = [new KumaAlertSource()];

    /// <param name="context">The lab. Without settings alerts are still read; only what asks Uptime Kuma says that it is not configured.</param>
    public UptimeKumaProvider(ProviderContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        _context = context;
        _client = context.Settings<UptimeKumaSettings>(KumaNames.Provider) is { } settings ? new KumaClient(settings, context) : null;
        _monitors = _client is null ? null : new SharedReading(_client.ReadMonitorsAsync, context.Time);
        _operations = [new ListMonitors(_monitors)];
    }

    /// <inheritdoc/>
    public override string Name => KumaNames.Provider;

    /// <inheritdoc/>
    public override IEnumerable<Operation> Operations => _operations;

    /// <inheritdoc/>
    public override IEnumerable<IAlertSource> AlertSources => _alertSources;

    /// <inheritdoc/>
    public override IAsyncEnumerable<LabCheck> CheckAsync(CancellationToken cancellationToken) =>
        ConnectionLook.AllAsync(_monitors is null ? [] : [KumaLook.At(_monitors, _context.Lab, _context.Time)], _context.Time, cancellationToken);

    /// <inheritdoc/>
    public override ValueTask DisposeAsync()
    {
        _client?.Dispose();
        return base.DisposeAsync();
    }
}
