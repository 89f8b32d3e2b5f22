namespace Homelab.Providers.UptimeKuma;

/// <summary>Uptime Kuma: its alerts come in, its monitors are read, paused and resumed, and it is told that we live.</summary>
public sealed class UptimeKumaProvider : Provider
{
    private readonly ProviderContext _context;
    private readonly HttpPeer? _http;
    private readonly KumaLink? _link;
    private readonly SharedReading? _monitors;
    private readonly IReadOnlyList<Operation> _operations;
    private readonly IReadOnlyList<IAlertSource> _alertSources = [new KumaAlertSource()];
    private readonly IReadOnlyList<IHeartbeatSink> _heartbeatSinks = [];

    /// <param name="context">The lab. Without settings alerts are still read; only what asks Uptime Kuma says that it is not configured.</param>
    public UptimeKumaProvider(ProviderContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        _context = context;
        if (context.Settings<UptimeKumaSettings>(KumaNames.Provider) is { } settings)
        {
            _http = new HttpPeer(new HttpPeerDefinition(KumaNames.Provider, KumaNames.Product, KumaNames.Prefix, settings.Url) { Tls = settings.Tls }, context);
            _monitors = new SharedReading(new KumaClient(settings, _http, context).ReadMonitorsAsync, context.Time);
            if (settings is { User: not null, Password: not null }) _link = new KumaLink(settings, _http, context);
            if (settings.Push is { } push) _heartbeatSinks = [new KumaPush(push, _http, context)];
        }

        _operations = [new ListMonitors(_monitors), new PauseMonitor(_link), new ResumeMonitor(_link), new ReadMonitorBeats(_link), new CreateMaintenance(_link), new PublishIncident(_link)];
    }

    /// <inheritdoc/>
    public override string Name => KumaNames.Provider;

    /// <inheritdoc/>
    public override IEnumerable<Operation> Operations => _operations;

    /// <inheritdoc/>
    public override IEnumerable<IAlertSource> AlertSources => _alertSources;

    /// <inheritdoc/>
    public override IEnumerable<IHeartbeatSink> HeartbeatSinks => _heartbeatSinks;

    /// <inheritdoc/>
    public override IAsyncEnumerable<LabCheck> CheckAsync(CancellationToken cancellationToken) =>
        ConnectionLook.AllAsync(_monitors is null ? [] : [KumaLook.At(_monitors, _context.Lab, _context.Time), .. _link is null ? Array.Empty<ConnectionLook>() : [KumaLook.At(_link)]], _context.Time, cancellationToken);

    /// <inheritdoc/>
    public override async ValueTask DisposeAsync()
    {
        if (_link is not null) await _link.DisposeAsync().ConfigureAwait(false);
        _http?.Dispose();
        await base.DisposeAsync().ConfigureAwait(false);
    }
}
