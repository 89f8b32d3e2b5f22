using System.Globalization;

namespace Homelab.Providers.Prometheus;

/// <summary>Prometheus: its metrics are asked, its alerts come in, by Alertmanager's webhook or by asking for them.</summary>
public sealed class PrometheusProvider : Provider
{
    private readonly PrometheusClient? _client;
    private readonly ProviderContext _context;
    private readonly IReadOnlyList<Operation> _operations;
    private readonly IReadOnlyList<IAlertFeed> _feeds;
    private readonly IReadOnlyList<IAlertSource> _sources = [new AlertmanagerAlertSource()];

    /// <param name="context">The lab. Without settings Alertmanager's alerts are still read; only what asks Prometheus says that it is not configured.</param>
    public PrometheusProvider(ProviderContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        _context = context;
        var settings = context.Settings<PrometheusSettings>(PrometheusNames.Provider);
        _client = settings is null ? null : new PrometheusClient(settings, context);
        _operations = [new QueryMetrics(_client, context.Time), new ListAlerts(_client)];
        _feeds = settings?.Poll is { } poll ? [new PrometheusAlertFeed(_client!.ListAlertsAsync, poll, context.Time, context.Trace)] : [];
    }

    /// <inheritdoc/>
    public override string Name => PrometheusNames.Provider;

    /// <inheritdoc/>
    public override IEnumerable<Operation> Operations => _operations;

    /// <inheritdoc/>
    public override IEnumerable<IAlertSource> AlertSources => _sources;

    /// <inheritdoc/>
    public override IEnumerable<IAlertFeed> AlertFeeds => _feeds;

    /// <inheritdoc/>
    public override IAsyncEnumerable<LabCheck> CheckAsync(CancellationToken cancellationToken) =>
        ConnectionLook.AllAsync(_client is null ? [] : [new ConnectionLook(Name, "Look at providers.prometheus in the lab file.", LookAsync)], _context.Time, cancellationToken);

    /// <inheritdoc/>
    public override ValueTask DisposeAsync()
    {
        _client?.Dispose();
        return base.DisposeAsync();
    }

    private async Task<IReadOnlyList<LabCheck>> LookAsync(CancellationToken cancellationToken)
    {
        var alerts = await _client!.ListAlertsAsync(cancellationToken).ConfigureAwait(false);
        var firing = alerts.Count(static a => a.State == PrometheusAlertState.Firing);
        return [LabCheck.Ok(ConnectionLook.Connection, Name, string.Create(CultureInfo.InvariantCulture, $"it answers; {firing} alerts fire and {alerts.Count - firing} are pending"))];
    }
}
